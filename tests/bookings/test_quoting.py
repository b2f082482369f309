"""Quotes of rentals: what a draft says, sending and options, answers, the advance, what runs out."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import InternalError, transaction

from billing.chain import digest
from billing.documents.discounting import Discount
from billing.errors import DiscountBeyondInvoice
from billing.models import Document, Order, Quote
from billing.quotes import services as quotes
from billing.quotes.services import Evidence
from billing.settlement.expiry import expire_due as expire_orders
from billing.settlement.services import cancel_order, take_at_desk
from bookings.errors import HeldByRental
from bookings.errors_quote import (
    DateGone,
    DateTaken,
    NoLongerADraft,
    NotStanding,
    OptionInTheWay,
    QuoteOver,
    QuoteSuperseded,
    QuoteWithdrawn,
    RequestDecided,
    ValidTooShort,
)
from bookings.models import Booking, Occupancy, RentalQuote, Site
from bookings.services.expiring import expire_options
from bookings.services.freeing import cancel_booking
from bookings.services.rentals.answering import accept_quote, refuse_quote
from bookings.services.rentals.ending import expire_due
from bookings.services.rentals.options import competing, in_the_way
from bookings.services.rentals.quoting import What, discard_draft, draft_quote, save_draft
from bookings.services.rentals.requesting import withdraw_request
from bookings.services.rentals.sending import close_request, send_quote, withdraw_quote
from bookings.services.reserving import reserve
from members.legal_pages import seed
from members.models import Membership, Message, Page
from tests.factories.bookings import NOW, PARIS, on
from tests.factories.members import make_user
from tests.factories.rentals import (
    DAY,
    make_discount,
    make_draft,
    make_extra,
    make_rental_request,
    make_rented_house,
    make_sent,
)

pytestmark = pytest.mark.django_db
WHO = Evidence(name="Maud Essai", function="présidente", ip="192.0.2.7", agent="Navigateur d’essai")
D = Decimal


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def site() -> Site:
    seed(Page, date(2020, 1, 1))
    return make_rented_house()


def states(rental: RentalQuote) -> tuple[str, str, list[str]]:
    """Quote, request, bookings."""
    rental = RentalQuote.objects.select_related("quote", "request").get(pk=rental.pk)
    found = Booking.objects.filter(rental_option__rental=rental).order_by("pk")
    return rental.quote.state, rental.request.state, [each.state for each in found]


def accept(rental: RentalQuote, now: datetime = NOW) -> RentalQuote:
    return accept_quote(rental=rental, evidence=WHO, now=now)


def told(rental: RentalQuote) -> set[str]:
    rows = Message.objects.filter(ids__rental=rental.pk)
    return {f"{row.template.removeprefix('rentals/')}:{row.ids['news']}" for row in rows}


def pay(order: Order | None, now: datetime = NOW) -> Document:
    assert order is not None
    take_at_desk(order=order, method="transfer", by=make_user(role="manager"), now=now)
    return Document.objects.get(order=order)


# What a draft says.


def test_a_draft_is_filled_in_from_the_request(site: Site) -> None:
    coffee = make_extra(site, per="person", amount="4.00", vat_rate=D("10.00"), name="Café")
    make_discount(site, "association", 10, label="Remise aux associations")
    make_discount(site, "school", 50)
    request = make_rental_request(site, space=site.spaces.get(code="quai"), buyer="association")
    request.extras.add(coffee)
    rental = draft_quote(request=request, by=None, now=NOW)
    quote = rental.quote
    assert [(line.label, line.quantity, line.unit, line.vat_rate) for line in quote.lines.all()] == [
        ("Le Quai", D(4), "hour", D(20)),
        ("Café", D(10), "person", D(10)),
    ]
    assert (quote.discount_excl, quote.discount_label) == (D("19.00"), "Remise aux associations")
    assert [(row.rate, row.amounts.excl, row.amounts.vat) for row in quote.vat_rows()] == [
        (D(20), D("135.00"), D("27.00")),
        (D(10), D("36.00"), D("3.60")),
    ]
    assert (quote.total_excl, quote.total_vat, quote.total_incl) == (D("171.00"), D("30.60"), D("201.60"))
    assert quote.valid_until == datetime(2026, 12, 2, tzinfo=PARIS)
    assert (quote.advance_percent, quote.confirmation, quote.state) == (30, "on_advance", "draft")
    assert quote.terms is not None
    assert quote.terms.slug == "cgv"
    assert (quote.customer.email, quote.customer.buyer) == (request.email, "association")
    assert (rental.setup_minutes, rental.clearing_minutes) == (30, 30)
    assert [option.space.code for option in rental.options.all()] == ["quai"]
    assert states(rental) == ("draft", "received", [])


def test_a_members_address_is_a_members_discount(site: Site) -> None:
    make_discount(site, "member", 20)
    member = make_user()
    Membership.objects.create(user=member, valid_from=date(2020, 1, 1))
    rental = draft_quote(
        request=make_rental_request(site, space=site.spaces.get(code="quai"), email=member.email),
        by=None,
        now=NOW,
    )
    assert rental.quote.discount_excl == D("30.00")


def test_a_request_has_one_draft_at_a_time(site: Site) -> None:
    first = make_draft(site)
    assert draft_quote(request=first.request, by=None, now=NOW) == first
    assert Quote.objects.count() == 1
    discard_draft(rental=first)
    assert not Quote.objects.exists()


def test_what_the_manager_makes_of_a_draft_is_written_in_its_place(site: Site) -> None:
    rental = make_draft(site)
    offer = quotes.offer_of(rental.quote)
    free = quotes.OfferedLine("Ménage", D(1), D("40.00"), "ht", D("20.00"))
    what = What([site.spaces.get(code="ab")], rental.period, 60, 0)
    discount = Discount(D("20.00"), "Geste")
    save_draft(rental=rental, what=what, offer=replace(offer, lines=[*offer.lines, free], discount=discount))
    rental.refresh_from_db()
    quote = Quote.objects.get()
    assert (quote.total_excl, quote.total_incl) == (D("170.00"), D("204.00"))
    assert [option.space.code for option in rental.options.all()] == ["ab"]
    assert rental.taken_period == on(DAY, time(13), time(18))
    with pytest.raises(DiscountBeyondInvoice):
        save_draft(rental=rental, what=what, offer=replace(offer, discount=Discount(D(500), "Trop")))
    assert Quote.objects.get().total_excl == D("170.00")


# Sending, and the options.


def test_sending_holds_the_spaces_and_owes_the_quote(site: Site) -> None:
    manager = make_user(role="manager")
    rental = make_sent(site)
    assert states(rental) == ("sent", "quoted", ["held"])
    booking = Booking.objects.get()
    assert (booking.purpose, booking.period) == ("rental", rental.taken_period)
    assert booking.held_until == rental.quote.valid_until
    message = Message.objects.get()
    assert (message.template, message.to) == ("rentals/quote", rental.request.email)
    assert message.attachments == [f"quote:{rental.quote_id}"]
    assert rental.quote.words["subject"][0] == ["Espace", f"Le Quai, {site.name}"]
    with pytest.raises(HeldByRental):
        cancel_booking(booking=booking, by=manager, now=NOW)


def test_what_was_sent_never_changes(site: Site) -> None:
    rental = make_sent(site)
    with pytest.raises(NoLongerADraft):
        save_draft(rental=rental, what=What([], rental.period), offer=quotes.offer_of(rental.quote))
    for change in (
        lambda: Quote.objects.update(total_excl=D(1), total_incl=D(1)),
        lambda: Quote.objects.update(message="autre"),
        lambda: rental.quote.lines.update(label="autre"),
        lambda: rental.quote.lines.all().delete(),
        lambda: RentalQuote.objects.update(setup_minutes=0),
        lambda: Quote.objects.all().delete(),
    ):
        with pytest.raises(InternalError), transaction.atomic():
            change()


def test_a_space_that_is_taken_refuses_the_quote_and_nothing_is_sent(site: Site) -> None:
    rental = make_draft(site)
    with transaction.atomic():
        reserve(
            space=site.spaces.get(code="quai"),
            period=on(DAY, time(17), time(19)),
            purpose="event",
            held_until=NOW + timedelta(days=30),
            now=NOW,
        )
    with pytest.raises(DateTaken) as refused:
        send_quote(rental=rental, now=NOW, behind_options=True)
    assert not isinstance(refused.value, OptionInTheWay)
    assert states(rental) == ("draft", "received", [])
    assert not Message.objects.exists()


def test_option_against_option_needs_the_managers_say(site: Site) -> None:
    first, second = make_sent(site), make_draft(site)
    assert [each.request for each in in_the_way(second, now=NOW)] == [first.request]
    assert competing(second.request, [site.spaces.get(code="quai")], second.taken_period) == [first.request]
    with pytest.raises(OptionInTheWay):
        send_quote(rental=second, now=NOW)
    assert states(second) == ("draft", "received", [])
    second = send_quote(rental=second, now=NOW, behind_options=True)
    assert second.shares_date
    assert states(second) == ("sent", "quoted", [])
    with pytest.raises(DateGone):
        accept(second)
    assert states(second) == ("sent", "quoted", [])
    refuse_quote(rental=first, reason="Trop cher", now=NOW)
    accept(second)
    assert states(second) == ("accepted", "won", ["held"])


def test_a_validity_that_cannot_be_is_refused(site: Site) -> None:
    rental = make_draft(site)
    offer, what = quotes.offer_of(rental.quote), What([site.spaces.get(code="quai")], rental.period)
    for until in (NOW, rental.period.start + timedelta(minutes=1)):
        save_draft(rental=rental, what=what, offer=replace(offer, valid_until=until))
        with pytest.raises(ValidTooShort):
            send_quote(rental=rental, now=NOW)
    assert not Booking.objects.exists()


def test_the_next_version_stands_in_the_place_of_the_first(site: Site) -> None:
    first = make_sent(site)
    second = draft_quote(request=first.request, by=None, now=NOW)
    assert second.quote.number == f"{first.quote.reference}-2"
    assert states(first) == ("sent", "quoted", ["held"])
    send_quote(rental=second, now=NOW)
    assert states(first) == ("superseded", "quoted", ["cancelled"])
    assert states(second) == ("sent", "quoted", ["held"])
    with pytest.raises(QuoteSuperseded):
        accept(first)


def test_a_quote_is_withdrawn_and_said_so(site: Site) -> None:
    rental = make_sent(site)
    withdraw_quote(rental=rental, now=NOW)
    assert states(rental) == ("withdrawn", "quoted", ["cancelled"])
    assert "quote_news:withdrawn" in told(rental)
    for again in (withdraw_quote, refuse_quote_of):
        with pytest.raises(NotStanding):
            again(rental=rental, now=NOW)
    with pytest.raises(QuoteWithdrawn):
        accept(rental)


def refuse_quote_of(*, rental: RentalQuote, now: datetime) -> None:
    refuse_quote(rental=rental, reason="Non", now=now)


def test_a_request_taken_back_or_filed_ends_its_quote(site: Site) -> None:
    mine, theirs = make_sent(site), make_sent()
    withdraw_request(request=mine.request, now=NOW)
    assert states(mine) == ("refused", "lost", ["cancelled"])
    close_request(request=theirs.request, reason="silent", now=NOW)
    assert states(theirs) == ("withdrawn", "lost", ["cancelled"])
    for each in (mine, theirs):
        with pytest.raises(RequestDecided):
            draft_quote(request=each.request, by=None, now=NOW)


def test_a_quote_nobody_answers_ends_and_both_are_told(site: Site) -> None:
    rental = make_sent(site)
    end = rental.quote.valid_until
    assert expire_due(end - timedelta(seconds=1)) == 0
    assert expire_options(now=end) == 1
    assert expire_due(end) == 1
    assert expire_due(end) == 0
    assert states(rental) == ("expired", "quoted", ["expired"])
    assert not Occupancy.objects.exists()
    assert {"quote_news:expired", "quote_desk:expired"} <= told(rental)
    with pytest.raises(QuoteOver):
        accept(rental, end)
    send_quote(rental=draft_quote(request=rental.request, by=None, now=end), now=end)
    assert states(rental) == ("superseded", "quoted", ["expired"])


# Answers.


def test_acceptance_keeps_its_proof_and_orders_the_advance(site: Site) -> None:
    rental = make_sent(site)
    accept(rental)
    quote = Quote.objects.select_related("advance_order").get()
    assert (quote.accepted_name, quote.accepted_function) == (WHO.name, WHO.function)
    assert (quote.accepted_ip, quote.accepted_agent, quote.accepted_at) == (WHO.ip, WHO.agent, NOW)
    assert quote.accepted_sha256 == digest(quotes.content(quote))
    order = quote.advance_order
    assert order is not None
    assert (order.state, order.total, order.terms_of_sale) == ("open", D("54.00"), quote.terms)
    assert order.expires_at == datetime(2026, 11, 28, tzinfo=PARIS)  # Friday evening: three working days
    assert Booking.objects.get().held_until == order.expires_at
    assert states(rental) == ("accepted", "won", ["held"])
    assert {"quote_news:accepted", "quote_desk:accepted"} <= told(rental)
    with pytest.raises(InternalError), transaction.atomic():
        Quote.objects.update(accepted_name="Autre")


def test_an_acceptance_sent_twice_accepts_once(site: Site) -> None:
    rental = make_sent(site)
    assert accept(rental).quote == accept(rental).quote
    assert Order.objects.count() == 1


def test_the_advance_is_one_line_a_rate_and_its_invoice_an_advance_invoice(site: Site) -> None:
    coffee = make_extra(site, per="person", amount="4.00", vat_rate=D("10.00"))
    request = make_rental_request(site, space=site.spaces.get(code="quai"))
    request.extras.add(coffee)
    rental = send_quote(rental=draft_quote(request=request, by=None, now=NOW), now=NOW)
    order = accept(rental).quote.advance_order
    assert order is not None
    said = [(line.vat_rate, line.amount_excl, line.amount_vat) for line in order.lines.all()]
    assert said == [(D(20), D("45.00"), D("9.00")), (D(10), D("12.00"), D("1.20"))]
    invoice = pay(order)
    assert (invoice.kind, invoice.total_incl) == ("advance", D("67.20"))
    assert {line.product.revenue_account for line in invoice.lines.all()} == {"419100"}
    assert states(rental) == ("accepted", "won", ["confirmed"])
    confirmed = Message.objects.get(template="rentals/quote_news", ids__news="confirmed")
    assert confirmed.attachments == [f"document:{invoice.pk}"]


def test_without_an_advance_acceptance_confirms_at_once(site: Site) -> None:
    rental = make_draft(site)
    offer, what = quotes.offer_of(rental.quote), What([site.spaces.get(code="quai")], rental.period)
    save_draft(rental=rental, what=what, offer=replace(offer, advance_percent=0))
    accept(send_quote(rental=rental, now=NOW))
    assert states(rental) == ("accepted", "won", ["confirmed"])
    assert not Order.objects.exists()


def test_by_the_rule_acceptance_confirms_and_the_advance_is_still_asked(site: Site) -> None:
    rental = make_draft(site)
    offer, what = quotes.offer_of(rental.quote), What([site.spaces.get(code="quai")], rental.period)
    save_draft(rental=rental, what=what, offer=replace(offer, confirmation="on_acceptance"))
    order = accept(send_quote(rental=rental, now=NOW)).quote.advance_order
    assert states(rental) == ("accepted", "won", ["confirmed"])
    assert order is not None
    assert order.expires_at == rental.taken_period.start
    assert pay(order).kind == "advance"
    assert expire_orders(rental.period.start) == 0


def test_an_advance_that_does_not_come_frees_the_option_and_both_are_told(site: Site) -> None:
    rental = make_sent(site)
    order = accept(rental).quote.advance_order
    assert order is not None
    assert order.expires_at is not None
    late = order.expires_at
    assert expire_options(now=late) == 0, "the option lives with its order"
    assert expire_orders(late) == 1
    assert states(rental) == ("accepted", "won", ["expired"])
    assert {"quote_news:unpaid", "quote_desk:unpaid"} <= told(rental)
    pay(order, late + timedelta(hours=1))  # a transfer that came late, the date still free
    assert states(rental) == ("accepted", "won", ["confirmed"])


def test_who_stands_in_the_way_of_another_is_let_go_with_its_order(site: Site) -> None:
    rental = make_sent(site)
    order = accept(rental).quote.advance_order
    assert order is not None
    assert order.expires_at is not None
    other = make_sent(site, now=order.expires_at)
    order.refresh_from_db()
    assert order.state == "expired"
    assert states(rental)[2] == ["expired"]
    assert states(other) == ("sent", "quoted", ["held"])


def test_an_advance_given_up_lets_go_and_cancels(site: Site) -> None:
    rental = make_sent(site)
    order = accept(rental).quote.advance_order
    assert order is not None
    cancel_order(order=order, by=None, now=NOW)
    assert states(rental) == ("accepted", "cancelled", ["cancelled"])
    assert "quote_desk:given_up" in told(rental)


def test_a_refusal_says_why_and_leaves_the_request_to_the_manager(site: Site) -> None:
    rental = make_sent(site)
    refuse_quote(rental=rental, reason="Trop cher pour nous", now=NOW)
    assert states(rental) == ("refused", "quoted", ["cancelled"])
    assert Quote.objects.get().refusal_reason == "Trop cher pour nous"
    assert "quote_desk:refused" in told(rental)
    again = send_quote(rental=draft_quote(request=rental.request, by=None, now=NOW), now=NOW)
    assert again.quote.version == 2
