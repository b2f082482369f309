"""Every page of renting, looked at as a visitor, empty and full, right and wrong."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from billing.models import Order
from billing.quotes.accepting import Evidence
from bookings.models import Booking, Occupancy, RentalQuote, RentalRequest
from bookings.period import Period
from bookings.services.rentals.answering import accept_quote, refuse_quote
from cantine.demo import quotes, rentals
from tests.browser import steps
from tests.browser.sweep import TWO, look, swept
from tests.browser.world import House, make_house
from tests.factories.members import make_user
from tests.factories.rentals import make_rental_request, make_sent, make_won

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("letters", "swept_how")]
LONG = "Coopérative des anticonstitutionnellement-intergouvernementaux nuages bas"


@pytest.fixture
def house() -> House:
    house = make_house()
    rentals.build_spaces(house.site, since=date(2020, 1, 1))
    return house


def test_what_is_rented(page: Page, house: House) -> None:
    month = house.tomorrow + timedelta(days=62)
    asked = f"?espace=quai&jour={house.tomorrow}"
    swept(
        page,
        [
            f"/rouen/louer/{asked}",
            "/rouen/louer/verger/",
            f"/rouen/louer/quai/?mois={month:%Y-%m}",
            "/caen/louer/",
            "/louer/recue/",
        ],
    )


def test_a_form_that_is_refused(page: Page, house: House, console: list[str]) -> None:
    page.goto("/rouen/louer/")
    page.get_by_label("Prénom et nom").fill("Maud Essai")
    steps.button(page, "Demander un devis").click()
    page.locator(".form-errors").wait_for()
    assert "422" in console.pop()  # the browser notes it
    assert look(page, ways=TWO) == []


def test_a_request_in_every_state(page: Page, house: House) -> None:
    quai, now = house.room("quai"), timezone.now()
    found = [
        make_rental_request(
            house.site,
            space=quai,
            state=state,
            organisation_name=LONG,
            purpose=f"{LONG} " * 3,
            period=house.hours(14, 18),
            received_at=now,
        )
        for state in RentalRequest.State.values
    ]
    pages = [each.get_absolute_url() for each in found]
    names = ("bookings:rent_withdraw", "bookings:rent_change")
    swept(page, [*pages, *[reverse(name, args=[found[0].key]) for name in names]])


def test_a_quote_in_every_state(page: Page, house: House) -> None:
    now, hours = timezone.now(), house.hours(14, 18)
    fields: dict[str, Any] = {"organisation_name": LONG, "buyer": "consumer", "now": now, "period": hours}
    sent = make_sent(house.site, **fields)
    accepted = make_sent(house.site, **{**fields, "period": house.hours(9, 11)})
    accept_quote(rental=accepted, evidence=Evidence(LONG, LONG, None, ""), now=now)
    refused = make_sent(house.site, **{**fields, "period": house.hours(19, 20)})
    refuse_quote(rental=refused, reason="Trop cher", now=now)
    pages = [each.request.get_absolute_url() for each in (sent, accepted, refused)]
    refuse = reverse("bookings:rent_refuse", args=[sent.request.key, 1])
    order = Order.objects.get()
    swept(page, [*pages, refuse, reverse("billing:pay", args=[order.public_id])])


def test_how_a_rental_ends(page: Page, house: House) -> None:
    quotes.build_discounts(house.site, since=date(2020, 1, 1))
    rental = make_won(house.site, now=timezone.now(), period=house.hours(14, 18))
    swept(page, [reverse("bookings:rent_cancel", args=[rental.request.key])])
    steps.sign_in(page, make_user(role="manager"))
    pages = [reverse(f"admin:{name}", args=[rental.request_id]) for name in ("balance", "cancel_rental")]
    swept(page, pages, ways=TWO)


def test_the_day_of_a_rental(page: Page, house: House) -> None:
    def sure(**fields: Any) -> RentalQuote:
        rental = make_won(house.site, organisation_name=LONG, now=timezone.now(), **fields)
        Booking.objects.filter(rental_option__rental=rental).update(
            state="confirmed", confirmed_at=timezone.now(), held_until=None
        )
        return rental

    rental, over = sure(period=house.hours(14, 18)), sure(period=house.hours(9, 11))
    past = Period(timezone.now() - timedelta(hours=4), timezone.now() - timedelta(hours=1))
    Booking.objects.filter(rental_option__rental=over).update(during=past.range)
    Occupancy.objects.filter(booking__rental_option__rental=over).update(during=past.range)
    pages = [
        ("rent_followed", rental),
        ("rent_sheet", rental),
        ("rent_followed", over),
        ("rent_feedback", over),
    ]
    swept(page, [reverse(f"bookings:{name}", args=[each.request.key]) for name, each in pages])
    steps.sign_in(page, make_user(role="manager"))
    swept(page, [reverse("admin:rental_day", args=[rental.request_id])], ways=TWO)


def test_a_link_that_no_longer_opens(page: Page, house: House, console: list[str]) -> None:
    over = make_rental_request(house.site, period=house.hours(9, 10), link_until=timezone.now())
    answer = page.goto(over.get_absolute_url())
    assert answer is not None
    assert answer.status == 410
    assert "410" in console.pop()  # the browser notes it
