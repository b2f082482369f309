"""Sending a quote holds its spaces; versions, validity, taking back, and what nobody answers."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.db import InternalError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains

from billing.models import Quote
from billing.quotes.offers import offer_of
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
from bookings.models import Booking, Occupancy, RentalQuote, RentalRequest, Site
from bookings.models.rental_request import KEPT, LINK_LASTS
from bookings.period import Period
from bookings.services.expiring import expire_options
from bookings.services.freeing import cancel_booking
from bookings.services.rentals.answering import refuse_quote
from bookings.services.rentals.ending import expire_due
from bookings.services.rentals.options import competing, in_the_way
from bookings.services.rentals.quoting import What, draft_quote, save_draft
from bookings.services.rentals.requesting import withdraw_request
from bookings.services.rentals.sending import close_request, send_quote, withdraw_quote
from bookings.services.reserving import reserve
from members.models import Message
from tests.bookings.rentals.steps import D, accept, booking_of, offer_until, states, told
from tests.factories.bookings import NOW, on
from tests.factories.members import make_user
from tests.factories.rentals import (
    DAY,
    make_draft,
    make_sent,
)

pytestmark = pytest.mark.django_db


def refuse_quote_of(*, rental: RentalQuote, now: datetime) -> None:
    refuse_quote(rental=rental, reason="Non", now=now)


def test_sending_holds_the_spaces_and_owes_the_quote(site: Site) -> None:
    manager = make_user(role="manager")
    rental = make_sent(site)
    assert states(rental) == ("sent", "quoted", ["held"])
    booking = booking_of(rental)
    assert (booking.purpose, booking.period) == ("rental", rental.taken_period)
    assert booking.held_until == rental.quote.valid_until
    message = Message.objects.get(ids__rental=rental.pk)
    assert (message.template, message.to) == ("rentals/quote", rental.request.email)
    assert message.attachments == [f"quote:{rental.quote_id}"]
    assert rental.quote.words["subject"][0] == ["Espace", f"Le Quai, {site.name}"]
    with pytest.raises(HeldByRental):
        cancel_booking(booking=booking, by=manager, now=NOW)


def test_what_was_sent_never_changes(sent: RentalQuote) -> None:
    with pytest.raises(NoLongerADraft):
        save_draft(rental=sent, what=What([], sent.period), offer=offer_of(sent.quote))
    for change in (
        lambda: Quote.objects.update(total_excl=D(1), total_incl=D(1)),
        lambda: Quote.objects.update(message="autre"),
        lambda: sent.quote.lines.update(label="autre"),
        lambda: sent.quote.lines.all().delete(),
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
    assert not told(rental)


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
    offer, what = offer_of(rental.quote), What([site.spaces.get(code="quai")], rental.period)
    for until in (NOW, rental.period.start + timedelta(minutes=1)):
        save_draft(rental=rental, what=what, offer=replace(offer, valid_until=until))
        with pytest.raises(ValidTooShort):
            send_quote(rental=rental, now=NOW)
    assert not Booking.objects.filter(rental_option__rental=rental).exists()


def test_the_next_version_stands_in_the_place_of_the_first(sent: RentalQuote) -> None:
    first = sent
    second = draft_quote(request=first.request, by=None, now=NOW)
    assert second.quote.number == f"{first.quote.reference}-2"
    assert states(first) == ("sent", "quoted", ["held"])
    send_quote(rental=second, now=NOW)
    assert states(first) == ("superseded", "quoted", ["cancelled"])
    assert states(second) == ("sent", "quoted", ["held"])
    with pytest.raises(QuoteSuperseded):
        accept(first)


def test_a_quote_is_withdrawn_and_said_so(sent: RentalQuote) -> None:
    withdraw_quote(rental=sent, now=NOW)
    assert states(sent) == ("withdrawn", "quoted", ["cancelled"])
    assert "quote_news:withdrawn" in told(sent)
    for again in (withdraw_quote, refuse_quote_of):
        with pytest.raises(NotStanding):
            again(rental=sent, now=NOW)
    with pytest.raises(QuoteWithdrawn):
        accept(sent)


def test_a_request_taken_back_or_filed_ends_its_quote(sent: RentalQuote, site: Site) -> None:
    mine, theirs = sent, make_sent(site)
    withdraw_request(request=mine.request, now=NOW)
    assert states(mine) == ("refused", "lost", ["cancelled"])
    close_request(request=theirs.request, reason="silent", now=NOW)
    assert states(theirs) == ("withdrawn", "lost", ["cancelled"])
    for each in (mine, theirs):
        with pytest.raises(RequestDecided):
            draft_quote(request=each.request, by=None, now=NOW)


def test_a_quote_nobody_answers_ends_and_both_are_told(sent: RentalQuote) -> None:
    end = sent.quote.valid_until
    assert expire_due(end - timedelta(seconds=1)) == 0
    assert expire_options(now=end) == 1
    assert expire_due(end) == 1
    assert expire_due(end) == 0
    assert states(sent) == ("expired", "quoted", ["expired"])
    assert not Occupancy.objects.exists()
    assert {"quote_news:expired", "quote_desk:expired"} <= told(sent)
    with pytest.raises(QuoteOver):
        accept(sent, end)
    send_quote(rental=draft_quote(request=sent.request, by=None, now=end), now=end)
    assert states(sent) == ("superseded", "quoted", ["expired"])


def test_the_private_link_opens_until_long_after_the_day_that_is_offered(site: Site) -> None:
    rental = make_draft(site)
    asked, moved = rental.request, timedelta(days=120)
    later = Period(rental.period.start + moved, rental.period.end + moved)
    offer_until(rental, NOW + timedelta(days=5), What([site.spaces.get(code="quai")], later))
    accept(send_quote(rental=rental, now=NOW))
    asked.refresh_from_db()
    assert asked.link_until == later.end + LINK_LASTS
    mine = RentalRequest.objects.filter(pk=asked.pk)
    assert not mine.to_forget(asked.period.end + KEPT).exists()
    assert mine.to_forget(later.end + KEPT).get() == asked
    manager = Client()
    with time_machine.travel(asked.period.end + timedelta(days=1), tick=False):
        manager.force_login(make_user(role="manager"))
        record = manager.get(reverse("admin:bookings_rentalrequest_change", args=[asked.pk]))
    assertContains(record, reverse("admin:cancel_rental", args=[asked.pk]))
