"""What is to run every night, whether it is due, and when it last ran."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from cantine.watching.models import Nightly

NIGHT = time(2, 30)
"""When a night's work begins, on the clock of TIME_ZONE."""


def note(what: Nightly.What, *, now: datetime, well: bool = True) -> None:
    """Keep that it ran; a backup is noted once it was verified, an audit whatever it found."""
    Nightly.objects.update_or_create(what=what, defaults={"ran_at": now, "well": well})


def last(what: Nightly.What) -> Nightly | None:
    """The last run that is known."""
    return Nightly.objects.filter(what=what).first()


def age(what: Nightly.What, now: datetime) -> float:
    """How many seconds ago it ran; infinitely many when it never did."""
    found = last(what)
    return max((now - found.ran_at).total_seconds(), 0.0) if found else float("inf")


def is_due(what: Nightly.What, now: datetime) -> bool:
    """Whether it has not run since the last night began: a night when the machine was off is caught up."""
    found = last(what)
    return found is None or found.ran_at < night_before(now)


def night_before(now: datetime) -> datetime:
    """When the last night began."""
    local = timezone.localtime(now)
    tonight = timezone.make_aware(datetime.combine(local.date(), NIGHT))
    if tonight <= now:
        return tonight
    return timezone.make_aware(datetime.combine(local.date() - timedelta(days=1), NIGHT))
