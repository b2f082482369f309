"""Who may do what about events: read from roles and memberships as they are now, never remembered."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from members import reach
from members.models import Membership

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from events.models.event import Event
    from members.models import User

    Person = User | AnonymousUser


def is_member(user: "Person", now: datetime) -> bool:
    """Whether this person is covered by a membership that day."""
    if not user.is_authenticated:
        return False
    return Membership.objects.on(timezone.localdate(now)).covering(user).exists()


def may_organise(user: "Person") -> bool:
    """Whether this person looks after the events they wrote or help with: volunteers, and who reviews."""
    return user.is_authenticated and user.has_perm("events.organise_event")


def may_publish(user: "Person") -> bool:
    """Whether this person publishes without a reviewer's word."""
    return may_organise(user) and user.has_perm("events.publish_event")


def may_review(user: "Person") -> bool:
    """Whether this person reads, comments and publishes what others propose at their sites."""
    return user.is_authenticated and user.has_perm("events.review_event")


def reviews(user: "Person", event: "Event") -> bool:
    """Whether this event is for this person to review."""
    return may_review(user) and reach.of(user).covers(event.site_id)


def may_take_money(user: "Person", event: "Event") -> bool:
    """Whether this person takes money at the door of an event, as at the desk of its site."""
    return reach.of(user).covers(event.site_id)


def may_propose(user: "Person", now: datetime | None = None) -> bool:
    """Whether this person may write an event: volunteers and reviewers; members too, and are reviewed."""
    if not user.is_authenticated:
        return False
    return may_organise(user) or may_review(user) or is_member(user, now or timezone.now())


def reads_members_events(user: "Person", now: datetime) -> bool:
    """Whether what is for members only is for this person too."""
    return may_organise(user) or may_review(user) or is_member(user, now)
