"""Rentals that come to nothing, on the phone of who asked: no answer, a refusal, a rental cancelled."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from billing.models import Document, Quote, Refund
from bookings.models import Booking, RentalCancellation, ScaleStep
from bookings.services.rentals.ending import expire_due
from members.models import Message
from tests.browser import renting, steps
from tests.browser.fixtures import PHONE, NewPage
from tests.browser.hands import work
from tests.browser.world import House
from tests.factories.members import make_user
from tests.factories.rentals import make_sent
from tests.fixtures_standin import Standin

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("letters")]


def test_a_quote_that_nobody_answers_frees_the_hall_and_leads_on(
    new_page: NewPage, rented_house: House
) -> None:
    manager, now = make_user(role="manager"), timezone.now()
    period = rented_house.hours(14, 18)
    rental = make_sent(rented_house.site, now=now, period=period, email=renting.ASKER, people=45)
    asked = rental.request
    work()
    page = new_page(**PHONE)
    page.goto(asked.get_absolute_url())
    expect(page.get_by_role("button", name="Accepter le devis")).to_be_visible()
    with time_machine.travel(rental.quote.valid_until + timedelta(minutes=1), tick=True):
        assert expire_due(timezone.now()) == 1
        work()
        assert Booking.objects.get().state == "expired"
        for to in (renting.ASKER, manager.email):
            assert Message.objects.filter(to=to, ids__news="expired", state="sent").exists()
        steps.letter_to(renting.ASKER, "Notre devis n’est plus valable")
        page.goto(asked.get_absolute_url())
        expect(page.get_by_text("Ce devis n’est plus valable.")).to_be_visible()
        expect(page.get_by_role("button", name="Accepter le devis")).to_have_count(0)
        steps.link(page, "Demander à nouveau").click()
    expect(page.get_by_label("Espace")).to_have_value("quai")
    expect(page.get_by_label("Date", exact=True)).to_have_value(rented_house.tomorrow.isoformat())
    expect(page.get_by_label("De", exact=True)).to_have_value("14:00")
    expect(page.get_by_label("Personnes")).to_have_value("45")
    again = make_sent(rented_house.site, now=now, period=period)
    assert Booking.objects.get(rental_option__rental=again).state == "held"


def test_what_is_missing_is_said_and_the_quote_refused_without_script(
    phone_without_script: Page, rented_house: House, console: list[str]
) -> None:
    rental = make_sent(rented_house.site, now=timezone.now(), period=rented_house.hours(14, 18))
    page = phone_without_script
    page.goto(rental.request.get_absolute_url())
    steps.button(page, "Accepter le devis").click()
    expect(page.locator(".form-errors")).to_be_visible()
    assert "422" in console.pop()  # the browser notes it
    assert Quote.objects.get().state == "sent"
    steps.link(page, "Refuser ce devis").click()
    page.get_by_label("Le prix ne nous convient pas").check()
    steps.button(page, "Refuser ce devis").click()
    expect(page.get_by_text("Vous avez refusé ce devis.")).to_be_visible()


def test_a_rental_is_cancelled_and_the_cost_is_read_before(
    new_page: NewPage, rented_house: House, standin: Standin
) -> None:
    site, manager = rented_house.site, make_user(role="manager")
    ScaleStep.objects.all().delete()
    ScaleStep.objects.create(site=site, days_before=0, percent_kept=20, valid_from=date(2020, 1, 1))
    rental = make_sent(
        site, now=timezone.now(), period=rented_house.hours(14, 18), email=renting.ASKER, name="Maud Essai"
    )
    page = new_page(**PHONE)
    page.goto(rental.request.get_absolute_url())
    renting.accept(page)
    renting.pay_advance(page, rental.request, "54,00")
    steps.link(page, "Annuler ma location").click()
    expect(page.get_by_text("36,00")).to_be_visible()
    assert Booking.objects.get().state == "confirmed"
    steps.button(page, "Annuler ma location").click()
    expect(page.get_by_text("Cette location est annulée.")).to_be_visible()
    note = Document.objects.get(kind="credit_note")
    assert (note.total_incl, RentalCancellation.objects.get().kept) == (Decimal(18), Decimal(36))
    expect(page.get_by_role("link", name=note.number)).to_be_visible()
    work()
    assert Refund.objects.get().state == "succeeded"
    assert "18,00" in steps.letter_to(renting.ASKER, "Votre location est annulée").text
    assert Message.objects.filter(to=manager.email, ids__news="cancelled", state="sent").exists()
