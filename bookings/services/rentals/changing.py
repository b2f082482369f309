"""Asking for a change of a rental, by its private link; the manager answers."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, time

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bookings.errors_ending import ChangeAnswered, NothingToChange, NotUnderWay
from bookings.models import RentalChange, RentalQuote, RentalRequest
from bookings.services.rentals import telling
from bookings.services.rentals.quoting import lock_request
from bookings.stay import period_of
from members.models import User
from members.transactions import own_transaction

MAY_ASK = (*RentalRequest.OPEN, RentalRequest.State.DONE)
"""The states in which a rental may be to come: its balance may be made before the day."""
NEXT_LENGTH = 200
ANSWER = gettext_noop("Répondre au changement demandé")
BETWEEN = "\u202f; "


@dataclass(frozen=True)
class Wanted:
    """What is to be otherwise; what stays is left out, and both hours go together."""

    day: date | None = None
    starts: time | None = None
    ends: time | None = None
    people: int | None = None
    layout: str | None = None
    """None as it is; empty, to be seen together."""
    words: str = ""


def may_ask_change(request: RentalRequest, rental: RentalQuote | None, *, now: datetime) -> bool:
    """Whether anything is left to change: it is under way or invoiced before its day, and to come."""
    if request.state not in MAY_ASK:
        return False
    period = request.period if rental is None else period_of(rental)
    return now < period.start


def _is_open(request: RentalRequest, now: datetime) -> bool:
    if request.erased_at is not None or request.state not in MAY_ASK:
        return False
    if request.state != RentalRequest.State.DONE:
        return True
    return may_ask_change(request, request.quotes.sent().first(), now=now)


@own_transaction
def ask_change(*, request: RentalRequest, wanted: Wanted, now: datetime) -> RentalChange:
    """Keep what is asked, put it first among what is next for the manager, and owe the receipt.

    It takes the place of what waited for an answer: one waits at a time. Sent twice it asks once. Raises
    `NothingToChange`, or `NotUnderWay` for a request that is closed.
    """
    if wanted == Wanted():
        raise NothingToChange
    found = lock_request(request)
    if not _is_open(found, now):
        raise NotUnderWay
    before = found.changes.unanswered().first()
    if before is not None and _said(before) == wanted:
        return before
    found.changes.unanswered().update(outcome=RentalChange.Outcome.REPLACED, answered_at=now)
    change = RentalChange.objects.create(request=found, at=now, **asdict(wanted))
    _plan(found, now)
    telling.owe_change(change, now=now)
    return change


def _said(change: RentalChange) -> Wanted:
    return Wanted(**{name: getattr(change, name) for name in Wanted.__dataclass_fields__})


def _plan(request: RentalRequest, now: datetime) -> None:
    """Step: answering comes first; what was planned before stays written behind it."""
    with translation.override(settings.LANGUAGE_CODE):
        answer = _(ANSWER)
    if answer not in request.next_action:
        planned = [answer, *([request.next_action] if request.next_action else [])]
        request.next_action = BETWEEN.join(planned)[:NEXT_LENGTH]
    request.next_action_on = now.astimezone(request.site.zone).date()
    request.save(update_fields=["next_action", "next_action_on"])


@own_transaction
def answer_change(
    *, change: RentalChange, outcome: RentalChange.Outcome, words: str, by: User, now: datetime
) -> RentalChange:
    """Answer what waits, once: who asked is told in `words`, and it is no longer what is next.

    What was agreed to is done apart (another quote, other hours). Raises `ChangeAnswered` where it was
    answered or replaced meanwhile, `NotUnderWay` where who asked is forgotten.
    """
    request = lock_request(change.request)
    if request.erased_at is not None:
        raise NotUnderWay
    found = request.changes.unanswered().filter(pk=change.pk).first()
    if found is None:
        raise ChangeAnswered
    found.outcome, found.answer, found.answered_by, found.answered_at = outcome, words, by, now
    found.save(update_fields=["outcome", "answer", "answered_by", "answered_at"])
    _answered(request)
    telling.owe_change_answered(found)
    return found


def _answered(request: RentalRequest) -> None:
    """Step: answering is no longer what is next; what was planned behind it is."""
    with translation.override(settings.LANGUAGE_CODE):
        answer = _(ANSWER)
    planned = [each for each in request.next_action.split(BETWEEN) if each != answer]
    request.next_action = BETWEEN.join(planned)
    if not request.next_action:
        request.next_action_on = None
    request.save(update_fields=["next_action", "next_action_on"])
