"""The answer to a quote: acceptance with its proof, the advance, refusal."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import InternalError, transaction

from billing.chain import digest
from billing.models import Order, Quote
from billing.quotes import services as quotes
from billing.quotes.offers import offer_of
from billing.settlement.expiry import expire_due as expire_orders
from billing.settlement.services import cancel_order
from bookings.models import Booking, RentalQuote, Site
from bookings.services.expiring import expire_options
from bookings.services.rentals.answering import refuse_quote
from bookings.services.rentals.quoting import What, draft_quote, save_draft
from bookings.services.rentals.sending import send_quote
from members.models import Message
from tests.bookings.rentals.steps import WHO, D, accept, offer_until, pay, states, told
from tests.factories.bookings import NOW, PARIS
from tests.factories.rentals import (
    make_draft,
    make_extra,
    make_rental_request,
    make_sent,
)

pytestmark = pytest.mark.django_db


def test_acceptance_keeps_its_proof_and_orders_the_advance(sent: RentalQuote) -> None:
    accept(sent)
    quote = Quote.objects.select_related("advance_order").get()
    assert (quote.accepted_name, quote.accepted_function) == (WHO.name, WHO.function)
    assert (quote.accepted_ip, quote.accepted_agent, quote.accepted_at) == (WHO.ip, WHO.agent, NOW)
    assert quote.accepted_sha256 == digest(quotes.content(quote))
    order = quote.advance_order
    assert order is not None
    assert (order.state, order.total, order.terms_of_sale) == ("open", D("54.00"), quote.terms)
    assert order.expires_at == datetime(2026, 11, 28, tzinfo=PARIS)  # Friday evening: three working days
    assert Booking.objects.get().held_until == order.expires_at
    assert states(sent) == ("accepted", "won", ["held"])
    assert {"quote_news:accepted", "quote_desk:accepted"} <= told(sent)
    with pytest.raises(InternalError), transaction.atomic():
        Quote.objects.update(accepted_name="Autre")


def test_an_acceptance_sent_twice_accepts_once(sent: RentalQuote) -> None:
    assert accept(sent).quote == accept(sent).quote
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
    offer, what = offer_of(rental.quote), What([site.spaces.get(code="quai")], rental.period)
    save_draft(rental=rental, what=what, offer=replace(offer, advance_percent=0))
    accept(send_quote(rental=rental, now=NOW))
    assert states(rental) == ("accepted", "won", ["confirmed"])
    assert not Order.objects.exists()


def test_by_the_rule_acceptance_confirms_and_the_advance_is_still_asked(site: Site) -> None:
    rental = make_draft(site)
    offer, what = offer_of(rental.quote), What([site.spaces.get(code="quai")], rental.period)
    save_draft(rental=rental, what=what, offer=replace(offer, confirmation="on_acceptance"))
    order = accept(send_quote(rental=rental, now=NOW)).quote.advance_order
    assert states(rental) == ("accepted", "won", ["confirmed"])
    assert order is not None
    assert order.expires_at == rental.taken_period.start
    assert pay(order).kind == "advance"
    assert expire_orders(rental.period.start) == 0


def test_an_advance_that_does_not_come_frees_the_option_and_both_are_told(sent: RentalQuote) -> None:
    order = accept(sent).quote.advance_order
    assert order is not None
    assert order.expires_at is not None
    late = order.expires_at
    assert expire_options(now=late) == 0, "the option lives with its order"
    assert expire_orders(late) == 1
    assert states(sent) == ("accepted", "won", ["expired"])
    assert {"quote_news:unpaid", "quote_desk:unpaid"} <= told(sent)
    pay(order, late + timedelta(hours=1))  # a transfer that came late, the date still free
    assert states(sent) == ("accepted", "won", ["confirmed"])


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


def test_an_advance_given_up_lets_go_and_cancels(sent: RentalQuote) -> None:
    order = accept(sent).quote.advance_order
    assert order is not None
    cancel_order(order=order, by=None, now=NOW)
    assert states(sent) == ("accepted", "cancelled", ["cancelled"])
    assert "quote_desk:given_up" in told(sent)


def test_a_refusal_says_why_and_leaves_the_request_to_the_manager(sent: RentalQuote) -> None:
    refuse_quote(rental=sent, reason="Trop cher pour nous", now=NOW)
    assert states(sent) == ("refused", "quoted", ["cancelled"])
    assert Quote.objects.get().refusal_reason == "Trop cher pour nous"
    assert "quote_desk:refused" in told(sent)
    again = send_quote(rental=draft_quote(request=sent.request, by=None, now=NOW), now=NOW)
    assert again.quote.version == 2


def test_an_acceptance_while_one_would_set_up_leaves_until_the_beginning_to_pay(site: Site) -> None:
    rental = make_draft(site)
    what = What([site.spaces.get(code="quai")], rental.period, 600, 30)
    offer_until(rental, rental.period.start, what)
    accepted = accept(send_quote(rental=rental, now=NOW), now=rental.period.start - timedelta(hours=5))
    order = Order.objects.get(quote=accepted.quote_id)
    assert order.expires_at == rental.period.start
