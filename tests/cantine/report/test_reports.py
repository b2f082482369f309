"""A report is issued once and for all, in versions, and read by whom it is for."""

import json
from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader
from pytest_django.asserts import assertContains, assertNotContains

from cantine.audit.report import CHECKS
from cantine.models import Commitment, FrozenReport, ReportDraft
from cantine.report.errors import IssuedMeanwhile, NotOver
from cantine.report.issuing import make_due
from cantine.report.links import make_link
from cantine.report.metropole.term import Term
from cantine.report.told import digest
from members.errors import NotAllowed
from members.models import User
from tests.cantine.pilotage.world import World, sold
from tests.cantine.report.steps import AFTER, BRIEF, SAID, TERM, address, issue, told_of
from tests.factories.bookings import NOW
from tests.factories.members import make_superuser, make_user

pytestmark = pytest.mark.django_db


def test_the_manager_writes_keeps_confirms_and_issues_it_once_and_for_all(
    world: World, desk: Client, manager: User
) -> None:
    preview, confirm = address("report_preview", world.site), address("report_issue", world.site)
    assertContains(desk.get(preview), "410,00")
    desk.post(preview, {**SAID, "garder": "1"})
    assertContains(desk.get(preview), SAID["income"])
    assertContains(desk.get(reverse("admin:reports")), "4e trimestre 2026")
    assert desk.post(preview, {**SAID, "emettre": "1"}).headers["Location"] == confirm
    assertContains(desk.get(confirm), SAID["general"])
    desk.post(confirm, {"remplace": ""})
    report = FrozenReport.objects.get()
    assert (report.site, report.version, report.issued_by) == (world.site, 1, manager)
    assert not ReportDraft.objects.exists()
    assert make_due(AFTER) == 1
    at_ = [reverse(f"admin:report_{form}", args=[report.pk]) for form in ("pdf", "csv")]
    before = [b"".join(desk.get(each)) for each in at_]
    report.refresh_from_db()
    assert sha256(before[0]).hexdigest() == report.made.sha256
    assert b"Recettes propres (\xe2\x82\xac);410,00" in before[1]
    with time_machine.travel(AFTER, tick=False):
        sold(world.site, "postes", "600.00", now=NOW, by=make_superuser())
    assert [b"".join(desk.get(each)) for each in at_] == before
    page = desk.get(reverse("admin:report_issued", args=[report.pk]))
    assertContains(page, SAID["income"])
    assertContains(page, report.made.sha256)
    assertContains(desk.get(preview), "550,00")
    assert list(dict(CHECKS)["4 every report issued is as it was"](AFTER)) == []


def test_its_pdf_says_the_figures_and_the_commentary(world: World, manager: User) -> None:
    issue(world.site, manager)
    make_due(AFTER)
    with FrozenReport.objects.get().made.file.open("rb") as file:
        content = file.read()
    pages = PdfReader(BytesIO(content)).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    for said in (
        "Rapport trimestriel",
        "410,00",
        "Le lieu tient sa trajectoire.",
        "Un trimestre de démarrage.",
    ):
        assert said in text, said


def test_a_correction_is_a_version_that_names_the_one_it_replaces(world: World, manager: User) -> None:
    first = issue(world.site, manager, data=BRIEF)
    with pytest.raises(IssuedMeanwhile):
        issue(world.site, manager, data=BRIEF)
    second = issue(world.site, manager, data=BRIEF, replaces=first.pk)
    assert (second.version, second.replaces) == (2, first)
    assert [each.file_name[-3:] for each in (first, second)] == ["-v1", "-v2"]
    assert second.file_name == f"rapport-2026-T4-{world.site.code}-v2"
    with pytest.raises(IssuedMeanwhile):
        issue(world.site, manager, data=BRIEF, replaces=first.pk)
    assert FrozenReport.objects.count() == 2
    audited = dict(CHECKS)["4 every report issued is as it was"]
    assert list(audited(AFTER)) == []
    strange = {"site": world.other, "version": 3, "replaces": second, "first": TERM.first, "last": TERM.last}
    data: dict[str, Any] = {}
    FrozenReport.objects.create(
        kind="quarter", data=data, sha256=digest(data), issued_at=AFTER, issued_by=manager, **strange
    )
    assert [said for said in audited(AFTER) if "something else" in said]
    with pytest.raises(IntegrityError, match="version_of_a_report_is_issued_once"), transaction.atomic():
        FrozenReport.objects.create(
            kind="quarter",
            site=world.site,
            first=TERM.first,
            last=TERM.last,
            data={},
            issued_at=AFTER,
            issued_by=manager,
        )


def test_a_comment_that_was_not_written_anew_says_so_to_who_issues_and_not_to_who_reads(
    world: World, desk: Client, manager: User
) -> None:
    first = issue(world.site, manager)
    preview, again = address("report_preview", world.site), "Repris de la version 1"
    assertContains(desk.get(preview), again, count=2)  # of the whole, and of the income
    desk.post(preview, {**SAID, "general": "Corrigé depuis.", "garder": "1"})
    for page in (preview, address("report_issue", world.site)):
        assertContains(desk.get(page), again, count=1)
    second = issue(world.site, manager, data=BRIEF, replaces=first.pk, commentary="Corrigé depuis.")
    for report in (first, second):
        read_page = desk.get(reverse("admin:report_issued", args=[report.pk]))
        assertNotContains(read_page, "repris de la version")
        assertContains(read_page, "Actualiser")  # its PDF is not drawn yet


def test_a_funder_reads_what_was_promised_to_them_and_to_nobody_else(world: World) -> None:
    due_on = AFTER.date() + timedelta(days=20)
    for whom, what in (("métropole essai", "Bilan d’étape"), ("Région Essai", "Justificatifs")):
        Commitment.objects.create(site=world.site, to_whom=whom, what=what, due_on=due_on)
    said = json.dumps(told_of(world.site), ensure_ascii=False)
    assert "Bilan d’étape" in said
    assert "Justificatifs" not in said


def test_a_period_that_is_not_over_is_provisional_and_refused(
    world: World, manager: User, desk: Client
) -> None:
    running = Term("quarter", date(2027, 1, 1))
    assertContains(desk.get(address("report_preview", world.site, running.code)), "Provisoire")
    answer = desk.post(address("report_issue", world.site, running.code), {"remplace": ""}, follow=True)
    assertContains(answer, "n’est pas finie")
    with pytest.raises(NotOver):
        issue(world.site, manager, data=BRIEF, first=running.first, last=running.last)
    assert not FrozenReport.objects.exists()


def test_nobody_reports_on_what_is_not_theirs(world: World, manager: User, desk: Client) -> None:
    for site in (world.other, None):
        with pytest.raises(NotAllowed):
            issue(site, manager, data=BRIEF)
    assert desk.get(address("report_preview", world.other)).status_code == 404
    assert desk.get(f"{reverse('admin:report_preview')}?periode={TERM.code}").status_code == 404
    theirs = issue(world.other, make_superuser(), data=BRIEF)
    assert desk.get(reverse("admin:report_issued", args=[theirs.pk])).status_code == 404
    assertNotContains(desk.get(reverse("admin:reports")), world.other.name)
    treasurer = Client()
    treasurer.force_login(make_user(role="treasurer"))
    assertContains(treasurer.get(reverse("admin:reports")), world.other.name)
    assert treasurer.get(address("report_preview", world.site)).status_code == 403


def test_a_link_opens_what_was_issued_about_its_site_and_nothing_else(world: World, manager: User) -> None:
    link = make_link(label="Métropole", site=world.site, days=30, by=manager, now=AFTER)
    hers, funder = issue(world.site, manager), Client()
    theirs = issue(world.other, make_superuser(), data=BRIEF)
    make_due(AFTER)
    page = funder.get(reverse("report", args=[link.key]))
    assertContains(page, reverse("funder_report", args=[link.key, hers.pk]))
    assertNotContains(page, reverse("funder_report", args=[link.key, theirs.pk]))
    read_page = funder.get(reverse("funder_report", args=[link.key, hers.pk]))
    assertContains(read_page, "410,00")
    assert (read_page.headers["X-Robots-Tag"], read_page.headers["Referrer-Policy"]) == (
        "noindex, nofollow",
        "no-referrer",
    )
    pdf = b"".join(funder.get(reverse("funder_report_pdf", args=[link.key, hers.pk])))
    assert sha256(pdf).hexdigest() == FrozenReport.objects.get(pk=hers.pk).made.sha256
    assert funder.get(reverse("funder_report_csv", args=[link.key, hers.pk])).status_code == 200
    for form in ("", "_pdf", "_csv"):
        assert funder.get(reverse(f"funder_report{form}", args=[link.key, theirs.pk])).status_code == 404
        assert funder.get(reverse(f"funder_report{form}", args=["faux", hers.pk])).status_code == 404


def test_more_sales_and_more_reports_ask_no_more_of_the_database(
    world: World, manager: User, desk: Client
) -> None:
    pages = [address("report_preview", world.site), reverse("admin:reports")]
    last = issue(world.site, manager, data=BRIEF)

    def asked() -> list[int]:
        counts = []
        for page in pages:
            with CaptureQueriesContext(connection) as queries:
                assert desk.get(page).status_code == 200
            counts.append(len(queries))
        return counts

    asked()  # what a process keeps is read once
    few = asked()
    for number in range(2):
        sold(world.site, "postes", "60.00", now=NOW + timedelta(days=number), by=make_superuser())
        last = issue(world.site, manager, data=BRIEF, replaces=last.pk)
    assert asked() == few
