"""Asking for a change of a rental, by its private link; the manager answers."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, time

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from bookings.errors_ending import NothingToChange, NotUnderWay
from bookings.models import RentalChange, RentalQuote, RentalRequest
from bookings.services.rentals import telling
from bookings.services.rentals.quoting import lock_request
from bookings.stay import period_of
from members.transactions import own_transaction

NEXT_LENGTH = 200


@dataclass(frozen=True)
class Wanted:
    """What is to be otherwise; what stays is left out, and both hours go together."""

    day: date | None = None
    starts: time | None = None
    ends: time | None = None
    people: int | None = None
    layout: str = ""
    words: str = ""


def may_ask_change(request: RentalRequest, rental: RentalQuote | None, *, now: datetime) -> bool:
    """Whether anything is left to change: it is under way, and to come."""
    period = request.period if rental is None else period_of(rental)
    return request.state in RentalRequest.OPEN and now < period.start


@own_transaction
def ask_change(*, request: RentalRequest, wanted: Wanted, now: datetime) -> RentalChange:
    """Keep what is asked, put it first among what is next for the manager, and owe the receipt.

    Sent twice it asks once. Raises `NothingToChange`, or `NotUnderWay` for a request that is closed.
    """
    if wanted == Wanted():
        raise NothingToChange
    found = lock_request(request)
    if found.state not in RentalRequest.OPEN or found.erased_at is not None:
        raise NotUnderWay
    before = found.changes.last()
    if before is not None and before.at.date() == now.date() and _said(before) == wanted:
        return before
    change = RentalChange.objects.create(request=found, at=now, **asdict(wanted))
    _plan(found, now)
    telling.owe_change(change)
    return change


def _said(change: RentalChange) -> Wanted:
    return Wanted(**{name: getattr(change, name) for name in Wanted.__dataclass_fields__})


def _plan(request: RentalRequest, now: datetime) -> None:
    """Step: answering comes first; what was planned before stays written behind it."""
    with translation.override(settings.LANGUAGE_CODE):
        answer = _("Répondre au changement demandé")
    if answer not in request.next_action:
        planned = [answer, *([request.next_action] if request.next_action else [])]
        request.next_action = "\u202f; ".join(planned)[:NEXT_LENGTH]
    request.next_action_on = now.astimezone(request.site.zone).date()
    request.save(update_fields=["next_action", "next_action_on"])
