"""Someone takes their data and leaves; and comes back, having changed their mind."""

import json
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from members.models import Closing, User
from members.services.copying import make_due
from tests.browser import steps
from tests.browser.hands import work
from tests.browser.world import House
from tests.factories.bookings import make_confirmed
from tests.factories.members import PASSWORD, make_user

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("letters")]


def test_someone_takes_their_data_closes_their_account_and_comes_back(phone: Page, house: House) -> None:
    user = make_user(name="Odile Partante", email="odile-partante@cantine.example")
    steps.sign_in(phone, user)
    take_ones_data(phone, user)
    settle_and_close(phone, house, user)
    come_back(phone, user)


def take_ones_data(page: Page, user: User) -> None:
    """From « Mon compte », confirming first; the e-mail leads to the file."""
    page.goto("/moi/")
    steps.link(page, "Mes données").click()
    page.get_by_label("Mot de passe").fill(PASSWORD)
    steps.button(page, "Confirmer").click()
    page.wait_for_url("**/moi/donnees/")
    steps.button(page, "Demander mes données").click()
    expect(page.get_by_role("main")).to_contain_text("Nous la préparons")
    expect(steps.button(page, "Demander mes données")).to_have_count(0)
    make_due(timezone.now())
    work()
    at = reverse("members:copy", args=[user.data_requests.get().key])
    assert at in steps.letter_to(user.email, "Vos données sont prêtes").text
    with ZipFile(BytesIO(steps.download(page, at))) as archive:
        assert json.loads(archive.read("data.json"))["account"][0]["email"] == user.email
    page.goto("/moi/donnees/")
    expect(steps.link(page, "Télécharger mes données")).to_be_visible()


def settle_and_close(page: Page, house: House, user: User) -> None:
    """What is booked is cancelled first; then the name is typed, and nobody is signed in any more."""
    booking = make_confirmed(space=house.desk(7), period=house.morning(), user=user, now=timezone.now())
    page.goto("/moi/fermer/")
    expect(page.get_by_label("Votre nom")).to_have_count(0)
    steps.link(page, "Voir ou annuler").click()
    page.goto(f"/moi/reservations/{booking.reference}/annuler/")
    page.get_by_role("main").locator("form button").click()
    page.goto("/moi/fermer/")
    page.get_by_label("Votre nom").fill(user.name)
    steps.button(page, "Fermer mon compte").click()
    page.wait_for_url(f"**{reverse('account_inactive')}")
    page.goto("/moi/")
    page.wait_for_url(f"**{reverse('account_login')}**")


def come_back(page: Page, user: User) -> None:
    """The link of the e-mail, then a code."""
    work()
    at = reverse("members:take_back", args=[Closing.objects.get().key])
    assert at in steps.letter_to(user.email, "Votre compte est fermé").text
    page.goto(at)
    steps.button(page, "Rouvrir mon compte").click()
    page.get_by_label("Adresse électronique").fill(user.email)
    page.get_by_role("main").locator("form button").first.click()
    steps.type_code(page, user.email)
    page.goto("/moi/")
    expect(page.get_by_label("Prénom et nom")).to_have_value(user.name)
