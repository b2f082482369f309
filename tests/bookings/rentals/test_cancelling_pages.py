"""Cancelling a rental as who asked and the manager do it: what is read before, and the right to withdraw."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from billing.models import Order
from bookings.models import (
    RentalCancellation,
    RentalQuote,
    Site,
)
from bookings.quote_words import cost_facts
from bookings.services.rentals.cancelling import cancel_rental, cost_now
from tests.bookings.rentals.steps import (
    SCALE,
    days_before,
    make_accepted,
    make_scale,
    pay_advance,
    state,
)
from tests.factories.bookings import NOW
from tests.factories.members import make_user
from tests.factories.rentals import make_rented_house

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture(scope="module")
def scale() -> Sequence[tuple[int, int]]:
    return SCALE


def test_the_manager_says_why_the_house_cancels(paid: RentalQuote) -> None:
    desk = Client()
    at = reverse("admin:cancel_rental", args=[paid.request_id])
    with time_machine.travel(days_before(2), tick=False):
        desk.force_login(make_user(role="manager"))
        page = desk.get(at)
        assertContains(page, "l’avoir part avec le remboursement", count=1)  # the scale keeps it all
        assertContains(page, "Rien n’est à rembourser", count=1)
        assert desk.post(at, {"do": "house", "reason": " "}).status_code == 422
        assert state(paid) == "won"
        assert desk.post(at, {"do": "house", "reason": "Dégât des eaux."}).status_code == 302
        assert RentalCancellation.objects.get().cost.given_back == D(432)
        followed = Client().get(paid.request.get_absolute_url())
        assertContains(followed, "Dégât des eaux. Tout ce que vous avez payé vous est rendu")
        record = desk.get(reverse("admin:bookings_rentalrequest_change", args=[paid.request_id]))
        assertContains(record, "Le lieu annule\u00a0: Dégât des eaux.")


def test_who_asked_reads_the_amount_then_cancels(paid: RentalQuote) -> None:
    at = reverse("bookings:rent_cancel", args=[paid.request.key])
    with time_machine.travel(days_before(12), tick=False):
        assertContains(Client().get(paid.request.get_absolute_url()), at)
        page = Client().get(at)
        for said in ("Jusqu’à 10\u00a0jours avant", "288,00", "144,00"):
            assertContains(page, said)
        assertContains(Client().post(at, {"kept": "0.00"}), "a changé", status_code=409)
        assert Client().post(at).status_code == 409
        assert state(paid) == "won"
        assert Client().post(at, {"kept": "288.00"}).status_code == 302
        assert state(paid) == "cancelled"
        assertContains(Client().get(paid.request.get_absolute_url()), "annulée")
        assertNotContains(Client().get(paid.request.get_absolute_url()), at)
        assert Client().get(at).status_code == 302


def test_the_manager_cancels_from_the_request(paid: RentalQuote) -> None:
    at = reverse("admin:cancel_rental", args=[paid.request_id])
    record = reverse("admin:bookings_rentalrequest_change", args=[paid.request_id])
    manager = make_user(role="manager")
    with time_machine.travel(days_before(9), tick=False):
        client = Client()
        client.force_login(manager)
        assertContains(client.get(record), at)
        assertContains(client.get(at), "288,00")
        assert client.post(at, {"kept": "1.00"}).status_code == 409
        assert client.post(at, {"kept": "720.00"}).status_code == 302
        assert RentalCancellation.objects.get().by == manager
        assertContains(client.get(record), "288,00")
        assert client.get(at).status_code == 302
        other = Client()
        other.force_login(make_user(role="treasurer"))
        assert other.post(at, {"kept": "720.00"}).status_code == 403


@pytest.fixture(scope="module")
def consumers_once(house: int, scale: Sequence[tuple[int, int]]) -> int:
    with time_machine.travel(NOW, tick=False):
        site = make_rented_house()
        make_scale(site, scale)
        rental = make_accepted(site, buyer="consumer")
        pay_advance(rental)
    return rental.pk


@pytest.fixture
def rental(consumers_once: int) -> RentalQuote:
    """A consumer’s, its advance paid."""
    return RentalQuote.objects.told().get(pk=consumers_once)


def test_a_consumer_who_may_still_withdraw_loses_nothing(rental: RentalQuote) -> None:
    assert cost_now(rental, now=days_before(3)).percent == 100
    told_last_day = days_before(4)  # 8 December, the fourteenth day after 24 November
    page = cost_facts(rental, cost_now(rental, now=told_last_day), "fr")
    assert any(label == "Droit de rétractation" for label, _value in page)
    cost = cancel_rental(rental=rental, by=None, now=told_last_day, kept_shown=D(0)).cost
    assert (cost.percent, cost.given_back) == (0, D("432.00"))


def test_one_who_asked_for_it_to_begin_is_held_to_the_scale(rental: RentalQuote) -> None:
    Order.objects.update(start_requested_at=NOW)
    assert cost_now(RentalQuote.objects.told().get(pk=rental.pk), now=days_before(9)).percent == 50


@pytest.mark.parametrize("kept", ["sNaN", "NaN", "Infinity", "x"])
def test_what_is_no_sum_was_not_read(owed: RentalQuote, kept: str) -> None:
    with time_machine.travel(NOW, tick=False):
        answer = Client().post(reverse("bookings:rent_cancel", args=[owed.request.key]), {"kept": kept})
    assert (answer.status_code, state(owed)) == (409, "won")


def test_a_rental_is_not_given_up_by_its_advance_past_the_scale(site: Site) -> None:
    rental = make_accepted(site, confirmation="on_acceptance")
    order = Order.objects.get(quote=rental.quote_id)
    with time_machine.travel(NOW, tick=False):
        answer = Client().post(reverse("billing:cancel", args=[order.public_id]))
    assert answer["Location"] == reverse("bookings:rent_cancel", args=[rental.request.key])
    order.refresh_from_db()
    assert (order.state, state(rental)) == ("open", "won")
