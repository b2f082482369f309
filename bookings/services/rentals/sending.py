"""Sending a quote, which holds its spaces, and taking it back."""

from datetime import datetime

from django.utils import translation

from billing.models import Quote
from billing.quotes import services as quotes
from bookings.errors_quote import (
    NoLongerADraft,
    NothingOffered,
    NotStanding,
    OptionInTheWay,
    RequestDecided,
    ValidTooShort,
)
from bookings.models import Booking, RentalQuote, RentalRequest, ScaleStep
from bookings.models.rental_request import LINK_LASTS
from bookings.quote_words import subject_of
from bookings.services.rentals import options, second_rank, telling
from bookings.services.rentals.quoting import lock_rental, lock_request
from members.errors import WrongState
from members.transactions import own_transaction, require_transaction

State = Quote.State


@own_transaction
def send_quote(*, rental: RentalQuote, now: datetime, behind_options: bool = False) -> RentalQuote:
    """Send a draft: its spaces are held until its last day is over, its message is owed with its PDF.

    The version before gives way, with what it held. With `behind_options`, the manager's say, it goes out
    without holding anything where another quote's option stands: when that falls, the next in line gets it.
    Raises `OptionInTheWay`, `DateTaken`, `NothingOffered`, `ValidTooShort`; nothing is sent then.
    """
    options.clear_the_way(rental, now=now)
    request = lock_request(rental.request)
    found = lock_rental(rental)
    _check(found, request, now)
    freed = give_way(request, now=now)
    found.scale = ScaleStep.objects.scale_on(request.site, now.astimezone(request.site.zone).date())
    _hold(found, behind_options=behind_options, now=now)
    second_rank.serve(freed, now=now)
    with translation.override(found.quote.language):
        subject = subject_of(found)
    quotes.send(found.quote, subject=subject, now=now)
    if request.state == RentalRequest.State.RECEIVED:
        request.state = RentalRequest.State.QUOTED
    request.link_until = max(request.link_until, found.period.end + LINK_LASTS)
    request.save(update_fields=["state", "link_until"])
    telling.owe_quote(found)
    return found


def _check(rental: RentalQuote, request: RentalRequest, now: datetime) -> None:
    if rental.quote.state != State.DRAFT:
        raise NoLongerADraft
    if request.state not in RentalRequest.TO_DECIDE:
        raise RequestDecided
    if not rental.quote.lines.exists() or not rental.options.exists():
        raise NothingOffered
    if not now < rental.quote.valid_until <= rental.period.start:
        raise ValidTooShort


def _hold(rental: RentalQuote, *, behind_options: bool, now: datetime) -> None:
    """Step: hold the spaces; behind another's option nothing is held, when the manager says so."""
    rental.shares_date = False
    try:
        options.hold(rental, until=rental.quote.valid_until, now=now)
    except OptionInTheWay:
        if not behind_options:
            raise
        rental.shares_date = True
    rental.save(update_fields=["shares_date", "scale"])


def give_way(request: RentalRequest, *, now: datetime) -> list[Booking]:
    """Step: the versions sent before stand no more; returns what they let go of, the new one's first."""
    require_transaction()
    freed: list[Booking] = []
    before = request.quotes.filter(quote__state__in=[State.SENT, State.EXPIRED])
    for each in before.order_by("quote"):
        found = lock_rental(each)
        freed += options.release(found, now=now)
        quotes.end(found.quote, State.SUPERSEDED, now=now)
    return freed


@own_transaction
def withdraw_quote(*, rental: RentalQuote, now: datetime) -> RentalQuote:
    """Take a sent quote back, on the manager's word: its spaces are free, who asked is told."""
    lock_request(rental.request)
    found = lock_rental(rental)
    if found.quote.state != State.SENT:
        raise NotStanding
    quotes.end(found.quote, State.WITHDRAWN, now=now)
    second_rank.let_go(found, now=now)
    telling.owe_news(found, "withdrawn")
    return found


def end_with_request(request: RentalRequest, state: str, *, now: datetime, reason: str = "") -> None:
    """Step: a request comes to nothing: what was sent ends as `state`, drafts are never sent."""
    require_transaction()
    for each in request.quotes.filter(quote__state__in=[State.SENT, State.DRAFT]).order_by("quote"):
        found = lock_rental(each)
        was_sent = found.quote.state == State.SENT
        quotes.end(found.quote, state if was_sent else State.SUPERSEDED, now=now, reason=reason)
        second_rank.let_go(found, now=now)


@own_transaction
def close_request(*, request: RentalRequest, reason: str, now: datetime) -> RentalRequest:
    """File a request that comes to nothing, with its reason; a quote that stands is withdrawn."""
    found = lock_request(request)
    if found.state not in RentalRequest.TO_DECIDE:
        raise WrongState
    standing = found.quotes.filter(quote__state=State.SENT).first()
    end_with_request(found, State.WITHDRAWN, now=now)
    found.state, found.lost_reason, found.closed_at = RentalRequest.State.LOST, reason, now
    found.save(update_fields=["state", "lost_reason", "closed_at"])
    if standing is not None:
        telling.owe_news(standing, "withdrawn")
    return found
