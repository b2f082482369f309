"""Asking to rent, and taking that back: each in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from billing.models import Quote
from bookings.errors_rental import FormSent, NotRented
from bookings.models import RentalExtra, RentalRequest, RentalSpace, Site, Space
from bookings.models.rental_request import LINK_LASTS
from bookings.period import Period
from bookings.services.rentals import telling
from bookings.services.rentals.fitting import refuse_what_does_not_fit, refuse_when_nobody_can_promise
from bookings.services.rentals.offering import indication_for
from bookings.services.rentals.quoting import lock_request
from bookings.services.rentals.sending import end_with_request
from members.errors import WrongState
from members.formats import known
from members.transactions import own_transaction


@dataclass(frozen=True)
class Asked:
    """What someone asks for; `space` is None where the house is to advise, `extras` are their ids."""

    site: Site
    space: Space | None
    period: Period
    people: int
    purpose: str
    layout: str = ""
    alternatives: Sequence[date] = ()
    extras: Sequence[int] = ()


@dataclass(frozen=True)
class Who:
    """Who asks, as they wrote it."""

    name: str
    email: str
    phone: str = ""
    organisation_name: str = ""
    buyer: str = ""
    language: str = "fr"


@own_transaction
def request_rental(*, asked: Asked, who: Who, now: datetime, form_token: str = "") -> RentalRequest:
    """Write down what is asked, with the price indicated for it; owe the receipt, and tell the managers.

    A form sent twice (`form_token`) asks once, and its first request is returned. Raises `FormSent` for one
    that someone else sent before, and what the request itself is refused for; nothing is written then.
    """
    sent = _sent_before(form_token, who)
    if sent is not None:
        return sent
    _check(asked, now)
    request = _written(asked, who, now=now, form_token=form_token)
    try:
        with transaction.atomic():
            request.save()
    except IntegrityError:  # the same form a moment ago: it waited for that one to be written
        sent = _sent_before(form_token, who)
        if sent is None:
            raise
        return sent
    request.extras.set(RentalExtra.objects.filter(site=asked.site, pk__in=asked.extras))
    telling.owe_received(request)
    return request


def _written(asked: Asked, who: Who, *, now: datetime, form_token: str) -> RentalRequest:
    """Step: the row of a request, with the price that is told."""
    price = indication_for(
        site=asked.site,
        space=asked.space,
        period=asked.period,
        people=asked.people,
        extras=asked.extras,
    )
    return RentalRequest(
        site=asked.site,
        space=asked.space,
        layout=asked.layout,
        people=asked.people,
        purpose=asked.purpose,
        during=asked.period.range,
        alternatives=list(asked.alternatives),
        name=who.name,
        email=who.email,
        phone=who.phone,
        organisation_name=who.organisation_name,
        buyer=who.buyer,
        language=known(who.language),
        price_excl=price.total.excl if price else None,
        price_incl=price.total.incl if price else None,
        link_until=asked.period.end + LINK_LASTS,
        received_at=now,
        form_token=form_token,
    )


def _sent_before(form_token: str, who: Who) -> RentalRequest | None:
    """Step: what this form asked for before, for the same person."""
    sent = RentalRequest.objects.filter(form_token=form_token).first() if form_token else None
    if sent is not None and (sent.email, sent.name) != (who.email, who.name):
        raise FormSent
    return sent


def _check(asked: Asked, now: datetime) -> None:
    refuse_when_nobody_can_promise(asked.period, now)
    if asked.space is None:
        return
    rented = RentalSpace.objects.public().listed().filter(space=asked.space, space__site=asked.site).first()
    if rented is None:
        raise NotRented
    refuse_what_does_not_fit(rented, layout=asked.layout, people=asked.people)


@own_transaction
def withdraw_request(*, request: RentalRequest, now: datetime) -> RentalRequest:
    """Take a request back, on the word of who asked; refused once it is decided."""
    found = lock_request(request)
    if not found.may_be_withdrawn:
        raise WrongState
    end_with_request(found, Quote.State.REFUSED, now=now, reason=_("La demande a été retirée."))
    found.state, found.lost_reason = RentalRequest.State.LOST, RentalRequest.Lost.WITHDRAWN
    found.closed_at = now
    found.save(update_fields=["state", "lost_reason", "closed_at"])
    telling.owe_withdrawn(found)
    return found
