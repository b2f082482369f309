"""An hour of the manager's at the counter: sells, takes money, closes a room, calls a booking off."""

from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from billing.models import Document, Payment
from bookings.models import Booking, Closure
from tests.browser import steps
from tests.browser.world import House, make_house
from tests.factories.bookings import make_booking, make_confirmed
from tests.factories.members import make_user

pytestmark = pytest.mark.browser


def test_she_sells_takes_money_closes_and_calls_off(desktop: Page) -> None:
    house = make_house()
    steps.sign_in(desktop, make_user(role="manager", name="Maud Essai"))
    sell_at_the_counter(desktop, house)
    take_the_money(desktop, house)
    close_the_room(desktop, house)
    call_off(desktop, house)


def sell_at_the_counter(page: Page, house: House) -> None:
    """Someone she knows wants a desk tomorrow morning and pays in cash."""
    make_user(name="Odile Comptoir")
    page.goto("/gestion/")
    page.get_by_role("link", name="Vente au comptoir").first.click()
    page.get_by_label("Nom ou adresse électronique").fill("odile")
    page.get_by_role("button", name="Chercher", exact=True).last.click()
    page.get_by_role("button", name="Choisir Odile Comptoir").click()
    page.get_by_label("Jour").fill(f"{house.tomorrow}")
    page.get_by_label("Moment").select_option("morning")
    page.get_by_role("button", name="Voir ce qui est libre").click()
    page.get_by_role("radio", name="Poste 7").check()
    page.get_by_role("radio", name="espèces").check()
    page.get_by_role("button", name="Réserver pour Odile Comptoir").click()
    expect(page.get_by_text("Poste 7 est réservé pour Odile Comptoir")).to_be_visible()
    sold, payment = Booking.objects.get(), Payment.objects.get()
    assert (sold.state, sold.space.number) == ("confirmed", 7)
    assert (payment.method, payment.amount) == ("cash", Decimal(9))


def take_the_money(page: Page, house: House) -> None:
    """Someone who booked comes and pays with the terminal."""
    held = make_booking(
        space=house.desk(8), period=house.morning(), user=make_user(name="Yanis Attendu"), now=timezone.now()
    )
    page.goto(f"/gestion/?jour={house.tomorrow}")
    page.get_by_role("link", name="Encaisser : Yanis Attendu").click()
    page.get_by_role("button", name="Encaisser 9,00").click()
    expect(page.get_by_text("encaissés. La facture part par e-mail")).to_be_visible()
    held.refresh_from_db()
    assert held.state == "confirmed"


def close_the_room(page: Page, house: House) -> None:
    """A room is closed; she sees first who is hit, and where they would go."""
    room = house.room("pommier")
    hit = make_confirmed(
        space=room, period=house.hours(14, 16), user=make_user(name="Nour Touchée"), now=timezone.now()
    )
    page.goto("/gestion/fermer/")
    page.get_by_label("Espace").select_option(f"{room.pk}")
    page.get_by_label("Du").fill(f"{house.tomorrow}")
    page.get_by_label("Au", exact=True).fill(f"{house.tomorrow}")
    page.get_by_label("Raison").fill("Fuite d’eau")
    page.get_by_role("button", name="Voir qui est touché").click()
    expect(page.get_by_role("heading", name="1 réservation touchée")).to_be_visible()
    assert not Closure.objects.exists()
    page.get_by_role("button", name="Fermer").last.click()
    page.wait_for_load_state()
    hit.refresh_from_db()
    assert Closure.objects.get().space == room
    assert hit.space != room or hit.state == "cancelled"


def call_off(page: Page, house: House) -> None:
    """The desk sold for cash is given back, by a credit note."""
    sold = Booking.objects.get(space__number=7)
    page.goto(f"/gestion/reservations/{sold.pk}/annuler/")
    page.get_by_role("button", name="Annuler et rendre 9,00").click()
    page.wait_for_load_state()
    sold.refresh_from_db()
    assert sold.state == "cancelled"
    assert sold.line
    assert Document.objects.filter(kind=Document.Kind.CREDIT_NOTE, order=sold.line.order).count() == 1
