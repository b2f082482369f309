"""From a draft to an event that is on, or called off: rights, rooms and words, each in one transaction."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bookings.services.telling import people_with
from events import rights
from events.errors import Changed, EventRefused
from events.models import Event, Review
from events.services import telling
from events.services.calling_off import TASK
from events.services.readiness import NotReady, check_ahead, check_ready
from events.services.rooms import clear_the_way, release_room, take_room
from events.services.seats import lock_event
from members.errors import NotAllowed, WrongState
from members.models import User
from members.nudging import nudge
from members.transactions import own_transaction

MOST_PROPOSALS = 3
"""How many events a member may have waiting for a reviewer: each keeps its room until it begins."""


class TooManyProposals(EventRefused):
    """A member already has as many proposals waiting, each with its room, as one may."""

    message = _("Trois de vos propositions attendent déjà une réponse.")
    instead = _("Celle-ci reste un brouillon\u202f; envoyez-la quand l’une d’elles aura été relue.")


@own_transaction
def submit_event(*, event: Event, by: User, now: datetime) -> Event:
    """Send a draft to who reviews; its room is held until it begins. Raises `AlreadyTaken`."""
    clear_the_way(event.space, event.taken_period, now=now)
    found = _own(event, by)
    if found.state != Event.State.DRAFT:
        raise WrongState
    if not rights.may_organise(by) and Event.objects.submitted_by(by).count() >= MOST_PROPOSALS:
        raise TooManyProposals
    check_ahead(found, now)
    check_ready(found)
    found.state, found.submitted_at = Event.State.SUBMITTED, now
    found.save(update_fields=["state", "submitted_at"])
    take_room(found, sure=False, now=now)
    telling.owe_to_review(found, list(people_with("events.review_event", found.site)), now=now)
    return found


@own_transaction
def publish_event(
    *, event: Event, by: User, now: datetime, comment: str = "", read: datetime | None = None
) -> Event:
    """Publish a draft or what was submitted; its room is sure in the same transaction.

    Straight for who has the right and looks after the event; for anyone's by who reviews, whose word is kept
    and sent to who wrote it. `read` is the `changed_at` of what they read. Raises `AlreadyTaken` when the
    room is gone, `Changed` when it was written anew since; nothing is published then.
    """
    clear_the_way(event.space, event.taken_period, now=now)
    found = lock_event(event)
    straight = rights.may_publish(by) and Event.objects.run_by(by).filter(pk=found.pk).exists()
    if not straight and not rights.reviews(by, found):
        raise NotAllowed
    if found.state not in {Event.State.DRAFT, Event.State.SUBMITTED}:
        raise WrongState
    if read is not None and read != found.changed_at:
        raise Changed(instead=_("Relisez-le avant de le publier."))
    check_ahead(found, now)
    check_ready(found)
    found.state, found.published_at = Event.State.PUBLISHED, now
    found.save(update_fields=["state", "published_at"])
    take_room(found, sure=True, now=now)
    if found.created_by_id != by.pk:
        _review(found, by, Review.Outcome.PUBLISHED, comment, now)
    return found


@own_transaction
def send_back(*, event: Event, by: User, comment: str, now: datetime) -> Event:
    """Give an event back to who wrote it, with what is to be done; its room is free again."""
    if not rights.reviews(by, event):
        raise NotAllowed
    if not comment.strip():
        raise NotReady(_("Dites en quelques mots ce qui est à reprendre."))
    found = lock_event(event)
    if found.state != Event.State.SUBMITTED:
        raise WrongState
    found.state = Event.State.DRAFT
    found.save(update_fields=["state"])
    release_room(found, now=now)
    _review(found, by, Review.Outcome.SENT_BACK, comment.strip(), now)
    return found


@own_transaction
def cancel_event(*, event: Event, by: User, reason: str, now: datetime) -> Event:
    """Call an event off: its room is free at once; everyone is then told and refunded, by the worker."""
    found = _own(event, by)
    if found.is_cancelled or (found.is_published and found.ends_at <= now):
        raise WrongState
    found.state, found.cancelled_at, found.cancel_reason = Event.State.CANCELLED, now, reason.strip()[:200]
    found.sequence += 1
    found.changed_at = now
    found.save(update_fields=["state", "cancelled_at", "cancel_reason", "sequence", "changed_at"])
    release_room(found, now=now)
    transaction.on_commit(partial(nudge, TASK), robust=True)
    return found


def _own(event: Event, by: User) -> Event:
    """Step: lock an event that this person may change, or refuse."""
    found = lock_event(event)
    if not Event.objects.editable_by(by).filter(pk=found.pk).exists():
        raise NotAllowed
    return found


def _review(event: Event, by: User, outcome: str, comment: str, now: datetime) -> None:
    review = Review.objects.create(event=event, by=by, at=now, outcome=outcome, comment=comment)
    telling.owe_reviewed(event, review=review.pk)
