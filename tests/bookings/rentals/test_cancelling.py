"""Cancelling a rental by the scale its quote promised: each step, what goes back, what is left to ask."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from billing.errors import OrderNotOpen
from billing.models import Customer, Document, Order, Refund, Seller
from billing.payments.keeping import credits_left
from billing.settlement.expiry import expire_due
from billing.settlement.services import accept_on_terms, take_at_desk
from bookings.errors_ending import AlreadyBegun, CostChanged, NotUnderWay
from bookings.models import (
    Occupancy,
    RentalCancellation,
    RentalQuote,
    RentalRequest,
    ScaleStep,
    Site,
)
from bookings.quote_messages import load_desk, load_news
from bookings.services.rentals.balancing import make_balance
from bookings.services.rentals.cancelling import cancel_rental, cost_now
from bookings.services.rentals.pipeline import staged
from cantine.audit.rentals import rentals_that_ended_otherwise
from members.models import Message
from tests.billing.collecting.steps import enter
from tests.billing.collecting.test_parts_of_orders import transferred
from tests.bookings.rentals.steps import (
    AFTER,
    HALL,
    SCALE,
    advance_of,
    booking_of,
    days_before,
    make_accepted,
    state,
)
from tests.factories.bookings import NOW
from tests.factories.members import make_user
from tests.factories.rentals import make_sent

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture(scope="module")
def scale() -> Sequence[tuple[int, int]]:
    return SCALE


def test_each_step_begins_and_ends_on_its_day(paid: RentalQuote) -> None:
    costs = {days: cost_now(paid, now=days_before(days)) for days in (15, 14, 10, 9, 5, 4, 0)}
    assert {days: (cost.percent, cost.kept, cost.given_back, cost.rest) for days, cost in costs.items()} == {
        15: (0, D("0.00"), D("432.00"), D("0.00")),
        14: (20, D("288.00"), D("144.00"), D("0.00")),
        10: (20, D("288.00"), D("144.00"), D("0.00")),
        9: (50, D("720.00"), D("0.00"), D("288.00")),
        5: (50, D("720.00"), D("0.00"), D("288.00")),
        4: (100, D("1440.00"), D("0.00"), D("1008.00")),
        0: (100, D("1440.00"), D("0.00"), D("1008.00")),
    }


@pytest.mark.parametrize(
    ("days", "percent", "kept", "back", "rest"),
    [
        (15, 0, "0.00", "432.00", "0.00"),
        (10, 20, "288.00", "144.00", "0.00"),
        (4, 100, "1440.00", "0.00", "1008.00"),
    ],
)
def test_each_step_keeps_its_share_and_gives_the_rest_of_the_advance_back(
    paid: RentalQuote, days: int, percent: int, kept: str, back: str, rest: str
) -> None:
    advance = advance_of(paid)
    now = days_before(days)
    assert cost_now(paid, now=now).kept == D(kept)
    cost = cancel_rental(rental=paid, by=None, now=now, kept_shown=D(kept)).cost
    assert (cost.percent, cost.kept, cost.given_back, cost.rest) == (percent, D(kept), D(back), D(rest))
    assert (state(paid), booking_of(paid).state) == ("cancelled", "cancelled")
    assert not Occupancy.objects.filter(booking__rental_option__rental=paid).exists()
    notes = Document.objects.filter(kind="credit_note", corrects=advance)
    refunds = Refund.objects.filter(credit_note__in=notes)
    if D(back):
        assert (notes.get().total_incl, refunds.get().amount) == (D(back), D(back))
        assert notes.get().vat_rows.get().rate == D(20)
    else:
        assert not notes.exists()
        assert not Refund.objects.exists()
    assert {row.template for row in Message.objects.filter(ids__news="cancelled")} == {
        "rentals/quote_news",
        "rentals/quote_desk",
    }


@pytest.mark.parametrize("came", [True, False])
def test_the_house_cancels_at_its_own_cost_whatever_the_scale_says(
    paid: RentalQuote, site: Site, came: bool
) -> None:
    rental = paid if came else make_accepted(site, percent=0)
    advance = advance_of(rental) if came else None
    manager, now = make_user(role="manager"), days_before(0)
    made = cancel_rental(rental=rental, by=manager, now=now, house_reason="Dégât des eaux.")
    assert (made.by_house, made.percent, made.kept, made.cost.rest) == (True, 0, D(0), D(0))
    assert (state(rental), booking_of(rental).state) == ("cancelled", "cancelled")
    if advance is not None:
        note = Document.objects.get(kind="credit_note", corrects=advance)
        refund = Refund.objects.get(credit_note=note)
        assert (note.total_incl, refund.amount, made.cost.given_back) == (D(432), D(432), D(432))
        assert refund.payment.method == "transfer"
    assert not Document.objects.unpaid().exists()
    ids = {"rental": rental.pk, "news": "cancelled"}
    theirs, ours = load_news(ids), load_desk({**ids, "news": "cancelled"})
    assert theirs is not None
    assert ours is not None
    assert "Dégât des eaux." in theirs["text"]
    assert ("432,00" in theirs["text"]) == came
    assert "barème" not in theirs["text"] + ours["text"]
    assert not list(rentals_that_ended_otherwise())


def test_both_are_told_what_it_came_to(paid: RentalQuote) -> None:
    cancel_rental(rental=paid, by=None, now=days_before(9))
    theirs, ours = (
        load_news({"rental": paid.pk, "news": "cancelled"}),
        load_desk({"rental": paid.pk, "news": "cancelled"}),
    )
    assert theirs is not None
    assert ours is not None
    assert "432,00" in theirs["text"]
    assert "288,00" in ours["text"]


def test_done_twice_it_is_done_once(paid: RentalQuote) -> None:
    first = cancel_rental(rental=paid, by=None, now=days_before(12))
    assert cancel_rental(rental=paid, by=make_user(role="manager"), now=days_before(11)) == first
    assert Document.objects.filter(kind="credit_note").count() == 1


def test_what_is_not_won_has_begun_or_costs_more_than_was_read_is_refused(
    paid: RentalQuote, site: Site
) -> None:
    with pytest.raises(CostChanged):
        cancel_rental(rental=paid, by=None, now=days_before(9), kept_shown=D("288.00"))
    with pytest.raises(AlreadyBegun):
        cancel_rental(rental=paid, by=None, now=paid.period.start)
    assert (state(paid), booking_of(paid).state) == ("won", "confirmed")
    make_balance(rental=paid, lines=[HALL], by=None, now=NOW, before_end=True)
    with pytest.raises(AlreadyBegun):
        cancel_rental(rental=paid, by=None, now=paid.period.start)
    with pytest.raises(NotUnderWay):
        cancel_rental(rental=make_sent(site), by=None, now=NOW)
    assert not RentalCancellation.objects.exists()


@pytest.mark.parametrize(
    ("days", "settled", "back", "left"),
    [
        (15, False, "432.00", "0.00"),
        (12, False, "144.00", "288.00"),
        (9, False, "0.00", "432.00"),
        (9, True, "720.00", "720.00"),
    ],
)
def test_a_balance_made_before_the_day_is_credited_when_the_rental_is_cancelled(
    paid: RentalQuote, days: int, settled: bool, back: str, left: str
) -> None:
    made = make_balance(rental=paid, lines=[HALL], by=None, now=NOW, before_end=True)
    if settled:
        take_at_desk(order=made.order, method="cash", by=make_user(role="manager"), now=NOW)
    rental = RentalQuote.objects.told().get(pk=paid.pk)
    cost = cancel_rental(rental=rental, by=None, now=days_before(days)).cost
    assert (cost.given_back, cost.held) == (D(back), D(left))
    assert (state(rental), booking_of(rental).state) == ("cancelled", "cancelled")
    final, note = Document.objects.get(kind="final"), Document.objects.get(kind="credit_note")
    assert (note.corrects, final.total_incl - note.total_incl) == (final, D(left))
    assert sum(refund.amount for refund in Refund.objects.all()) == D(back)
    assert not Document.objects.unpaid().exists()
    assert list(rentals_that_ended_otherwise()) == []


def test_an_advance_that_is_not_paid_is_given_up(owed: RentalQuote) -> None:
    cost = cancel_rental(rental=owed, by=None, now=days_before(17)).cost
    order = Order.objects.get(quote=owed.quote_id)
    assert (order.state, state(owed), cost.paid, cost.given_back) == ("cancelled", "cancelled", D(0), D(0))
    assert not Message.objects.filter(ids__news="given_up").exists()
    with pytest.raises(OrderNotOpen):
        take_at_desk(order=order, method="cash", by=make_user(role="manager"), now=NOW)


@pytest.mark.parametrize(
    ("days", "received", "back", "lifted", "due", "said"),
    [
        (15, "0.00", "0.00", "432.00", "0.00", "432,00\u00a0€ qui étaient facturés ne sont plus à payer"),
        (12, "0.00", "0.00", "144.00", "288.00", "288,00\u00a0€ restent à payer"),
        (12, "200.00", "0.00", "144.00", "88.00", "88,00\u00a0€ restent à payer"),
        (15, "200.00", "200.00", "232.00", "0.00", "rendu\u00a0: 200,00"),
    ],
)
def test_what_was_never_paid_is_not_said_to_go_back(
    owed: RentalQuote, days: int, received: str, back: str, lifted: str, due: str, said: str
) -> None:
    order = Order.objects.get(quote=owed.quote_id)
    Customer.objects.update(terms_days=30)
    accept_on_terms(order=order, by=None, now=NOW)
    advance = advance_of(owed)
    if D(received):
        enter(advance, received, now=NOW)
    cost = cancel_rental(rental=owed, by=None, now=days_before(days)).cost
    assert (cost.paid, cost.given_back, cost.lifted, cost.due) == (D(received), D(back), D(lifted), D(due))
    assert sum(refund.amount for refund in Refund.objects.all()) == D(back)
    assert sum(each.owed for each in Document.objects.unpaid()) == D(due)
    told = load_news({"rental": owed.pk, "news": "cancelled"})
    assert told is not None
    assert said in told["text"]
    assert ("rendu" in told["text"]) == bool(D(back))


@pytest.mark.parametrize("lapsed", [False, True])
def test_a_part_that_came_is_off_what_is_asked_and_goes_back_when_it_ends(
    owed: RentalQuote, lapsed: bool
) -> None:
    Seller.objects.update(iban="FR7630006000011234567890189")
    rental = owed
    order = Order.objects.get(quote=rental.quote_id)
    transferred(order, "200.00", NOW)
    followed = rental.request.get_absolute_url()
    with time_machine.travel(NOW, tick=False):
        page = Client().get(followed)
    assertContains(page, "232,00\u00a0€")
    assertNotContains(page, "acompte de 432,00")
    assert order.expires_at is not None
    if lapsed:
        expire_due(order.expires_at + timedelta(minutes=1))
        ids = {"rental": rental.pk, "news": "unpaid"}
        theirs, ours = load_news(ids), load_desk(ids)
        assert theirs is not None
        assert ours is not None
        assert "200,00\u00a0€ sont arrivés" in theirs["text"]
        assert "200,00\u00a0€ seulement" in ours["text"]
    rental = RentalQuote.objects.told().get(pk=rental.pk)
    cost = cancel_rental(rental=rental, by=None, now=days_before(12)).cost
    assert (cost.paid, cost.given_back, cost.rest) == (D("200.00"), D("200.00"), D("0.00"))
    assert [(row.amount, row.state) for row in Refund.objects.all()] == [(D("200.00"), "requested")]
    assert not credits_left().exists()
    told = load_news({"rental": rental.pk, "news": "cancelled"})
    assert told is not None
    assert "rendu\u00a0: 200,00" in told["text"]
    assert list(rentals_that_ended_otherwise()) == []


def test_what_lapsed_is_called_off_at_any_time_for_nothing(owed: RentalQuote) -> None:
    order = Order.objects.get(quote=owed.quote_id)
    assert order.expires_at is not None
    expire_due(order.expires_at + timedelta(minutes=1))
    assert not RentalRequest.objects.filter(pk=owed.request_id).to_invoice(AFTER).exists()
    assert [row.stage for row in staged(AFTER) if row.pk == owed.request_id] == ["gagnee"]
    at = reverse("bookings:rent_cancel", args=[owed.request.key])
    for moment in (days_before(5), AFTER):
        with time_machine.travel(moment, tick=False):
            assertContains(Client().get(owed.request.get_absolute_url()), at)
            assertContains(Client().get(at), "0,00\u00a0€, soit 0")
    with time_machine.travel(AFTER, tick=False):
        assert Client().post(at, {"kept": "0.00"}).status_code == 302
    assert state(owed) == "cancelled"
    assert RentalCancellation.objects.get().cost.rest == 0


def test_an_advance_that_comes_after_the_day_goes_back_with_the_truth(owed: RentalQuote) -> None:
    order = Order.objects.get(quote=owed.quote_id)
    assert order.expires_at is not None
    expire_due(order.expires_at + timedelta(minutes=1))
    transferred(order, "432.00", AFTER)
    assert Refund.objects.get().amount == D("432.00")
    assert Message.objects.filter(ids__news="late").exists()
    assert not Message.objects.filter(ids__news="gone").exists()
    told = load_news({"rental": owed.pk, "news": "late"})
    assert told is not None
    assert "pris" not in told["text"]


def test_a_quote_keeps_the_scale_it_was_sent_with(paid: RentalQuote) -> None:
    ScaleStep.objects.update(percent_kept=100)
    assert cost_now(RentalQuote.objects.get(pk=paid.pk), now=days_before(10)).percent == 20
    assert paid.quote.words["subject"][-1] == [
        "En cas d’annulation",
        "Jusqu’à 15\u00a0jours avant\u00a0: 0\u00a0% gardés. "
        "Jusqu’à 10\u00a0jours avant\u00a0: 20\u00a0% gardés. "
        "Jusqu’à 5\u00a0jours avant\u00a0: 50\u00a0% gardés. Ensuite\u00a0: 100\u00a0% gardés.",
    ]


def test_without_a_scale_nothing_is_kept(site: Site) -> None:
    ScaleStep.objects.all().delete()
    cost = cost_now(make_accepted(site, confirmation="on_acceptance"), now=days_before(1))
    assert (cost.percent, cost.kept, cost.rest) == (0, D(0), D(0))
