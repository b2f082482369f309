"""The manager issues the quarter, the treasurer exports the year, the funder reads by link on a phone."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cantine.models import FrozenReport, ReportDraft
from cantine.report.issuing import make_due
from cantine.report.metropole.term import usual
from tests.browser import steps
from tests.browser.fixtures import DESKTOP, PHONE, NewPage
from tests.browser.world import House
from tests.cantine.pilotage.world import sold
from tests.factories.members import make_user

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("letters")]


def test_a_quarter_is_issued_exported_and_read(new_page: NewPage, house: House) -> None:
    now, manager = timezone.now(), make_user(role="manager")
    term = usual(timezone.localdate(now))
    past = now.replace(year=term.first.year, month=term.first.month, day=15)
    sold(house.site, "postes", "360.00", now=past, by=manager)
    desk = new_page(**DESKTOP)
    steps.sign_in(desk, manager)
    desk.goto("/gestion/rapports/")
    steps.button(desk, "Voir l’aperçu").click()
    expect(desk.get_by_role("cell", name="300,00").first).to_be_visible()
    desk.get_by_label("Ce qu’il faut en retenir").fill("Le trimestre tient ses promesses.")
    steps.button(desk, "Garder le brouillon").click()
    assert ReportDraft.objects.get().words == {"general": "Le trimestre tient ses promesses."}
    steps.button(desk, "Continuer vers l’émission").click()
    steps.button(desk, "Émettre le rapport").click()
    expect(desk.get_by_text("Le rapport est émis")).to_be_visible()
    assert make_due(now) == 1
    desk.goto("/gestion/rapport/")
    desk.get_by_label("Pour qui").fill("Métropole")
    steps.button(desk, "Faire le lien").click()
    address = desk.locator(".report-url").get_attribute("href") or ""

    treasurer = new_page(**DESKTOP)
    steps.sign_in(treasurer, make_user(role="treasurer"))
    treasurer.goto("/gestion/comptes/fec/")
    year = f"?vendeur={house.site.seller.code}&du={past.year}-01-01&au={past.year}-12-31&fichier=1"
    content = steps.download(treasurer, f"/gestion/comptes/fec/{year}")
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert len(names) == 2

    phone = new_page(**PHONE, java_script_enabled=False)
    phone.goto(address[address.index("/rapport/") :])
    phone.get_by_role("link", name="Rapport trimestriel").first.click()
    expect(phone.get_by_text("Le trimestre tient ses promesses.")).to_be_visible()
    expect(phone.get_by_role("cell", name="300,00").first).to_be_visible()
    report = FrozenReport.objects.get()
    here = steps.link(phone, "Télécharger le PDF").get_attribute("href") or ""
    assert steps.download(phone, here).startswith(b"%PDF")
    assert report.issued_at - now < timedelta(minutes=10)
