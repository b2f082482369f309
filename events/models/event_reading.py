"""Which events, and for whom."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q, Value

from events import rights
from members import reach

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from bookings.models import Site
    from events.models.event import Event
    from members.models import User

SHOWN = ("published", "cancelled")
STATES = ("draft", "submitted", *SHOWN)


class EventQuerySet(models.QuerySet["Event"]):
    """Which events, and for whom."""

    def public(self, now: datetime) -> "EventQuerySet":
        """Those anyone may read: published, no longer planned for later, open to all; cancelled ones stay."""
        shown = Q(published_at__isnull=False) & (Q(visible_from=None) | Q(visible_from__lte=now))
        return self.filter(shown, state__in=SHOWN, audience="public")

    def visible_to(self, user: "User | AnonymousUser", now: datetime) -> "EventQuerySet":
        """What this person may read: the public ones, members' ones for members, their own."""
        if not user.is_authenticated:
            return self.public(now)
        shown = Q(published_at__isnull=False, state__in=SHOWN) & (
            Q(visible_from=None) | Q(visible_from__lte=now)
        )
        if not rights.may_propose(user, now):  # who may read members' events may propose one, and the reverse
            return self.filter((shown & Q(audience="public")) | self._organised_by(user))
        return self.filter(shown | self._organised_by(user) | self._own_proposals(user, *STATES))

    def editable_by(self, user: "User | AnonymousUser") -> "EventQuerySet":
        """Those this person may change: volunteers theirs, reviewers all, who proposed until published.

        Rights are read from today's roles: a former volunteer has none left.
        """
        return self.filter(self._organised_by(user) | self._proposed_by(user, "draft", "submitted"))

    def run_by(self, user: "User | AnonymousUser") -> "EventQuerySet":
        """Those whose registrations this person may read and check in: volunteers theirs, reviewers all.

        A member who proposed one runs it once it is published, as long as they are a member.
        """
        return self.filter(self._organised_by(user) | self._proposed_by(user, "published", "cancelled"))

    def looked_after_by(self, user: "User | AnonymousUser") -> "EventQuerySet":
        """Those this person may change or run."""
        return self.filter(self._looked_after_by(user))

    def reviewable_by(self, user: "User | AnonymousUser") -> "EventQuerySet":
        """Those that wait for a word of this person."""
        if not rights.may_review(user):
            return self.none()
        return reach.managed_by(self.filter(state="submitted"), user)

    def submitted_by(self, user: "User") -> "EventQuerySet":
        """Those this person wrote that wait for a reviewer's word."""
        return self.filter(created_by=user, state="submitted")

    def upcoming(self, now: datetime) -> "EventQuerySet":
        """Not over yet, soonest first."""
        return self.filter(ends_at__gt=now).order_by("starts_at", "pk")

    def past(self, now: datetime) -> "EventQuerySet":
        """Over, latest first."""
        return self.filter(ends_at__lte=now).order_by("-starts_at", "-pk")

    def between(self, start: datetime, end: datetime) -> "EventQuerySet":
        """Those that share an instant with `[start, end)`, soonest first."""
        return self.filter(starts_at__lt=end, ends_at__gt=start).order_by("starts_at", "pk")

    def on(self) -> "EventQuerySet":
        """Published and not cancelled."""
        return self.filter(state="published")

    def of(self, site: "Site") -> "EventQuerySet":
        """Those of a site."""
        return self.filter(site=site)

    def with_mine(self, user: "User | AnonymousUser") -> "EventQuerySet":
        """Annotate `is_mine`: whether this person has a place, or waits for one."""
        if not user.is_authenticated:
            return self.annotate(is_mine=Value(False, output_field=models.BooleanField()))
        rows = self._registrations().filter(
            user_id=user.pk, event=OuterRef("pk"), state__in=["held", "confirmed"]
        )
        return self.annotate(is_mine=Exists(rows))

    def with_queue(self) -> "EventQuerySet":
        """Annotate `has_queue`: whether someone waits for a place."""
        waiting = self._registrations().filter(event=OuterRef("pk"), state="waiting")
        return self.annotate(**{"has_queue": Exists(waiting)})

    def listed(self) -> "EventQuerySet":
        """With all that a row of the agenda says, in a constant number of queries."""
        return self.select_related("category", "site", "space").prefetch_related("tickets")

    def pictures(self) -> set[str]:
        """The names of every picture that an event shows."""
        shown = self.exclude(picture="").values_list("picture", "picture_small")
        return {name for pair in shown for name in pair}

    def _registrations(self) -> "models.QuerySet[models.Model]":
        return self.model._meta.get_field("registrations").related_model._default_manager.all()

    def _organised_by(self, user: "User | AnonymousUser") -> Q:
        if rights.may_review(user):
            return Q(pk__in=self._theirs(user)) | reach.within(self.model, reach.of(user))
        if not rights.may_organise(user):
            return Q(pk=None)
        return Q(pk__in=self._theirs(user))

    def _proposed_by(self, user: "User | AnonymousUser", *states: str) -> Q:
        return self._own_proposals(user, *states) if rights.may_propose(user) else Q(pk=None)

    def _own_proposals(self, user: "User | AnonymousUser", *states: str) -> Q:
        return Q(created_by_id=user.pk, is_proposal=True, state__in=states)

    def _looked_after_by(self, user: "User | AnonymousUser") -> Q:
        return self._organised_by(user) | self._proposed_by(user, *STATES)

    def _theirs(self, user: "User | AnonymousUser") -> "models.QuerySet[Event]":
        return self.model._default_manager.filter(Q(created_by_id=user.pk) | Q(organisers__user_id=user.pk))
