"""Joining an organisation by its invitation, with no account before; saying that something is wrong."""

import re

import pytest
from playwright.sync_api import Page, expect

from billing.models import Customer
from bookings.models import Problem
from members.models import Organisation, User
from tests.browser import steps
from tests.browser.fixtures import NewPage
from tests.browser.hands import work
from tests.browser.world import House
from tests.factories.bookings import make_confirmed
from tests.factories.members import make_user

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("letters")]
GUEST = "nora-essai@cantine.example"


def test_an_organisation_is_founded_and_joined_by_invitation(
    phone: Page, phone_without_script: Page, house: House
) -> None:
    owner = make_user(name="Odile Essai")
    steps.sign_in(phone, owner)
    phone.goto("/moi/organisations/")
    steps.link(phone, "Créer une organisation").click()
    for label, said in {
        "Nom de l’organisation": "Coopérative des essais",
        "Adresse": "1, rue de l’Exemple",
        "Code postal": "76140",
        "Ville": "Le Petit-Quevilly",
        "SIREN": "732 829 320",
    }.items():
        phone.get_by_label(label, exact=label != "SIREN").fill(said)
    phone.get_by_label("C’est").select_option("business")
    steps.button(phone, "Créer l’organisation").click()
    expect(phone.get_by_role("main")).to_contain_text("est créée")
    phone.get_by_label("Adresse électronique").fill(GUEST)
    phone.get_by_label("réserve aussi au nom").check()
    steps.button(phone, "Envoyer l’invitation").click()
    expect(phone.get_by_role("main")).to_contain_text(f"L’invitation est partie à {GUEST}")
    work()
    guest = phone_without_script
    found = re.search(r"/rejoindre/\S+", steps.letter_to(GUEST, "Invitation").text)
    assert found, "the e-mail carries no link"
    guest.goto(found[0])
    steps.sign_up(guest, GUEST, "Nora Essai")
    expect(guest.get_by_role("main")).to_contain_text("Odile Essai vous invite")
    steps.button(guest, "Rejoindre").click()
    expect(guest.get_by_role("main")).to_contain_text("Vous faites maintenant partie")
    joined = User.objects.get(email=GUEST)
    organisation = Organisation.objects.get()
    assert Customer.objects.payable_by(joined).filter(organisation=organisation).exists()
    guest.goto(house.desks(7))
    guest.get_by_label("Au nom de").select_option(label="Coopérative des essais")


def test_a_problem_is_said_from_a_booking_and_solved_by_the_manager(
    phone: Page, new_page: NewPage, house: House
) -> None:
    user, manager = make_user(name="Inès Essai"), make_user(role="manager")
    booking = make_confirmed(space=house.desk(7), period=house.morning(), user=user)
    steps.sign_in(phone, user)
    phone.goto(f"/moi/reservations/{booking.reference}/")
    steps.link(phone, "Signaler un problème").click()
    expect(phone.get_by_label("Où")).to_have_value(house.desk(7).code)
    phone.get_by_label("Cassé ou en panne").check()
    phone.get_by_label("Ce qui ne va pas").fill("La chaise penche.")
    steps.button(phone, "Signaler").click()
    expect(phone.get_by_role("main")).to_contain_text("signalé")
    desk = new_page(viewport={"width": 1280, "height": 900})
    steps.sign_in(desk, manager)
    desk.goto("/gestion/")
    expect(desk.get_by_role("main")).to_contain_text("1 problème signalé")
    desk.goto("/gestion/bookings/problem/?state__exact=open")
    desk.get_by_role("link", name="Poste 7").first.click()
    steps.button(desk, "Prendre en charge").click()
    desk.get_by_role("link", name="C’est résolu…").click()
    desk.get_by_label("Un mot à la personne").fill("Chaise changée.")
    steps.button(desk, "C’est résolu, prévenir la personne").click()
    expect(desk.locator("#content")).to_contain_text("Chaise changée.")
    assert Problem.objects.get().state == "solved"
    phone.reload()
    expect(phone.get_by_role("main")).to_contain_text("Chaise changée.")
