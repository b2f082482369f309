"""Preparing quotes: a draft from a request, what the manager makes of it, the version that follows."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from billing.customers import contact_named
from billing.models import Customer, Quote
from billing.orders.agreeing import terms_in_force
from billing.quotes import services as quotes
from billing.quotes.offers import Offer, offer_of
from bookings.errors_quote import NoLongerADraft, RequestDecided
from bookings.models import RentalOption, RentalQuote, RentalRequest, Space
from bookings.models.rental_quote import prepared
from bookings.period import Period
from bookings.services.rentals.prefilling import PREPARATION, VALID, end_of_day, offer_for
from members.models import User
from members.transactions import own_transaction, require_transaction

State = Quote.State


@dataclass(frozen=True)
class What:
    """What a draft offers of the house."""

    spaces: Collection[Space]
    period: Period
    setup_minutes: int = PREPARATION
    clearing_minutes: int = PREPARATION

    @property
    def taken_period(self) -> Period:
        """The time with setting up and clearing."""
        return prepared(self.period, self.setup_minutes, self.clearing_minutes)


@own_transaction
def draft_quote(*, request: RentalRequest, by: User | None, now: datetime) -> RentalQuote:
    """Give the draft of a request, made from what was asked, or from the version before where there is one.

    The price, the extras and the preparation are filled in; nothing is sent or held. Raises `RequestDecided`.
    """
    if request.erased_at is not None:
        raise RequestDecided
    customer = _customer_of(request)
    found = lock_request(request)
    if found.state not in RentalRequest.TO_DECIDE or found.erased_at is not None:
        raise RequestDecided
    rows = found.quotes.select_related("quote__seller", "quote__customer")
    draft = rows.filter(quote__state=State.DRAFT).first()
    if draft is not None:
        return draft
    before = rows.order_by("-quote__version", "-pk").first()
    return _draft(found, customer, before, by=by, now=now)


def _customer_of(request: RentalRequest) -> Customer:
    """Step: who pays, locked: as in the version before, else the contact whom the request names."""
    quoted = Customer.objects.filter(quotes__rental__request=request, email__iexact=request.email)
    before = quoted.order_by("-quotes__version").select_for_update(of=("self",), no_key=True)
    return before.first() or contact_named(
        email=request.email,
        name=request.organisation_name or request.name,
        buyer=request.buyer,
        language=request.language,
    )


def _draft(
    request: RentalRequest,
    customer: Customer,
    before: RentalQuote | None,
    *,
    by: User | None,
    now: datetime,
) -> RentalQuote:
    today = now.astimezone(request.site.zone).date()
    what = _what_of(before) if before else What(_wanted(request), request.period)
    offer = offer_for(request, now=now) if before is None else offer_of(before.quote)
    if before is not None:
        offer = _renewed(offer, end_of_day(today + VALID, what.period, request.site.zone))
    quote = quotes.write_draft(
        customer=customer,
        seller=request.site.seller,
        site_code=request.site.code,
        offer=offer,
        terms=terms_in_force(customer.language, now),
        by=by,
        now=now,
        after=before.quote if before else None,
    )
    rental = RentalQuote(request=request, quote=quote)
    return _offer_spaces(rental, what)


def _wanted(request: RentalRequest) -> list[Space]:
    return [request.space] if request.space is not None else []


def _what_of(rental: RentalQuote) -> What:
    spaces = [option.space for option in rental.options.select_related("space")]
    return What(spaces, rental.period, rental.setup_minutes, rental.clearing_minutes)


def _renewed(offer: Offer, until: datetime) -> Offer:
    return replace(offer, valid_until=until)


def _offer_spaces(rental: RentalQuote, what: What) -> RentalQuote:
    rental.during = what.period.range
    rental.setup_minutes, rental.clearing_minutes = what.setup_minutes, what.clearing_minutes
    rental.save()
    wanted = {space.pk for space in what.spaces}
    rental.options.exclude(space__in=wanted).delete()
    there = set(rental.options.values_list("space", flat=True))
    RentalOption.objects.bulk_create(
        RentalOption(rental=rental, space_id=pk) for pk in sorted(wanted - there)
    )
    return rental


@own_transaction
def save_draft(*, rental: RentalQuote, what: What, offer: Offer) -> RentalQuote:
    """Write what the manager made of a draft; raises `NoLongerADraft`, or `DiscountBeyondInvoice`."""
    lock_request(rental.request)
    found = lock_rental(rental)
    if found.quote.state != State.DRAFT:
        raise NoLongerADraft
    quotes.write(found.quote, offer)
    return _offer_spaces(found, what)


@own_transaction
def discard_draft(*, rental: RentalQuote) -> None:
    """Throw a draft away; nobody saw it."""
    lock_request(rental.request)
    found = lock_rental(rental)
    if found.quote.state != State.DRAFT:
        raise NoLongerADraft
    found.quote.delete()


def lock_request(request: RentalRequest) -> RentalRequest:
    """Step: take a request's lock and read it anew; before its quotes, after customers and orders."""
    require_transaction()
    rows = RentalRequest.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("site__seller", "space").get(pk=request.pk)


def lock_rental(rental: RentalQuote) -> RentalQuote:
    """Step: take a quote's lock and read it anew; its request is locked by the caller."""
    require_transaction()
    rows = Quote.objects.select_for_update(of=("self",), no_key=True)
    quote = rows.select_related("seller", "customer", "terms", "advance_order").get(pk=rental.quote_id)
    found = RentalQuote.objects.select_related("request__site__seller", "request__space").get(pk=rental.pk)
    found.quote = quote
    return found
