"""What is owed to who registered and to who organises, in the caller's transaction."""

from datetime import datetime, time, timedelta
from typing import Any

from billing.models import Document
from bookings.period import at
from events.models import Event, Registration
from members.messages import owing
from members.models import Message, User

REMINDER_AT = time(18)
TOLD = {
    "when": ("starts_at", "ends_at"),
    "where": ("where", "space_id", "place_name", "place_address"),
    "link": ("online_link",),
    "title": ("title",),
}
"""What is said of a change → the fields that say it."""
NUDGE = timedelta(minutes=4)
"""How long after a seat is held for payment its link is sent to who has not paid yet."""


def reminder_time(event: Event) -> datetime:
    """The evening before, by the site's clocks."""
    return at(event.local.start.date() - timedelta(days=1), REMINDER_AT, event.site.zone)


def owe_confirmed(registration: Registration, document: Document | None, *, now: datetime) -> None:
    """Step: owe the tickets with the calendar entry and the invoice, and the reminder if that is ahead."""
    files = [f"registration-ics:{registration.pk}", *([f"document:{document.pk}"] if document else [])]
    files += [f"ticket:{seat}" for seat in registration.places.values_list("pk", flat=True)]
    _owe(registration, "confirmed", attachments=files)
    owe_reminder(registration, now=now)


def owe_reminder(registration: Registration, *, now: datetime) -> None:
    """Step: owe the reminder of the evening before; one that was owed for another day drops by itself."""
    owing.owe(*_reminder(registration, now=now))


def _reminder(registration: Registration, *, now: datetime) -> list[Message]:
    event = registration.event
    due = reminder_time(event)
    if not registration.wants_reminder or due <= now:
        return []
    start = event.period.utc.start.isoformat()
    return _letters(registration, "reminder", due_at=due, mark=start, start=start)


def owe_held(registration: Registration, *, now: datetime) -> None:
    """Step: owe the link to who leaves the payment page; it drops once they have paid."""
    _owe(registration, "held", due_at=now + NUDGE)


def owe_waiting(registration: Registration) -> None:
    """Step: owe the word that one waits, with the link to leave the list."""
    _owe(registration, "waiting")


def owe_offer(registration: Registration) -> None:
    """Step: owe the offer of a seat, which is held until it says."""
    _owe(registration, "offer")


def owe_offer_over(registration: Registration) -> None:
    """Step: owe the word that an offer went to the next person."""
    _owe(registration, "offer_over")


def owe_cancelled(registration: Registration) -> None:
    """Step: owe the cancellation, with an entry that takes it out of the calendar."""
    _owe(registration, "cancelled", attachments=[f"registration-ics:{registration.pk}"])


def owe_gone(registration: Registration) -> None:
    """Step: owe the news that a late payment found the seats gone."""
    _owe(registration, "gone")


def owe_changed(event: Event, changed: set[str], *, now: datetime) -> None:
    """Step: owe everyone concerned what changed of an event, with the new calendar entry and reminder.

    `changed` are keys of `TOLD`. What an earlier message has not said yet is said by this one.
    """
    unsaid = changes_unsaid(event)
    letters: list[Message] = []
    for registration in event.registrations.standing().order_by("pk"):
        registration.event = event
        said = unsaid.get(registration.pk, set()) | changed
        letters += _changed(registration, said=[name for name in TOLD if name in said])
        if "when" in changed and registration.state == Registration.State.CONFIRMED:
            letters += _reminder(registration, now=now)
    owing.owe(*letters)


def _changed(registration: Registration, *, said: list[str]) -> list[Message]:
    version = str(registration.event.sequence)
    sure = registration.state == Registration.State.CONFIRMED  # whoever waits has nothing in their agenda
    files = [f"registration-ics:{registration.pk}"] if sure else []
    about: dict[str, Any] = {"said": said, "version": version, "event": registration.event_id}
    return _letters(registration, "changed", attachments=files, mark=version, **about)


def changes_unsaid(event: Event) -> dict[int, set[str]]:
    """What is still owed to be said of earlier changes, by registration: the next message says it too."""
    owed = Message.objects.owed().filter(template="events/changed", ids__event=event.pk)
    found: dict[int, set[str]] = {}
    for ids in owed.values_list("ids", flat=True):
        found.setdefault(ids["registration"], set()).update(ids["said"])
    return found


def owe_event_cancelled(registration: Registration) -> None:
    """Step: owe the news that the event is called off, and what is given back."""
    _owe(registration, "event_cancelled", attachments=[f"registration-ics:{registration.pk}"])


def owe_to_review(event: Event, reviewers: list[User], *, now: datetime) -> None:
    """Step: owe who reviews the news that an event waits for them."""
    for reviewer in reviewers:
        _owe_person(event, reviewer, "to_review", mark=now.isoformat())


def owe_reviewed(event: Event, *, review: int) -> None:
    """Step: owe who wrote an event what the reviewer said of it."""
    _owe_person(event, event.created_by, "reviewed", mark=str(review), review=review)


def _owe_person(event: Event, user: User, what: str, *, mark: str, **said: Any) -> None:
    if not user.is_active:
        return
    owing.owe(
        owing.letter(
            to=user.email,
            language=user.language,
            template=f"events/{what}",
            key=f"event-{what}:{event.pk}:{user.pk}:{mark}",
            event=event.pk,
            user=user.pk,
            **said,
        )
    )


def _owe(registration: Registration, what: str, **said: Any) -> None:
    owing.owe(*_letters(registration, what, **said))


def _letters(
    registration: Registration,
    what: str,
    *,
    attachments: list[str] | None = None,
    due_at: datetime | None = None,
    mark: str = "",
    **said: Any,
) -> list[Message]:
    """The e-mail for who registered, or none where no address is known."""
    if not registration.email:
        return []
    letter = owing.letter(
        to=registration.email,
        language=registration.language,
        template=f"events/{what}",
        key=f"registration-{what}:{registration.pk}:{registration.sequence}:{mark}".rstrip(":"),
        due_at=due_at,
        attachments=attachments or [],
        registration=registration.pk,
        **said,
    )
    return [letter]
