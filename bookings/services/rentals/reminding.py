"""Before the day: the reminder with the access sheet, then whatever changed since; by beat, each once."""

import logging
from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from bookings.models import Booking, RentalDay, RentalQuote, RentalRequest
from bookings.period import at
from bookings.services.rentals import telling
from bookings.services.rentals.quoting import lock_rental
from bookings.services.rentals.staying import HAPPENS, day_of, facts_told
from bookings.stay import Stay, stay_of
from members.transactions import own_transaction, require_transaction

log = logging.getLogger(__name__)

REMIND_AT = time(9)
REMIND_BEFORE = timedelta(days=3)
WIDEST = REMIND_BEFORE + timedelta(days=2)
"""Whatever the zone and the hours of setting up, nothing to be reminded of begins later than that."""


def remind_time(rental: RentalQuote, stay: Stay) -> datetime:
    """The morning three days before, by the site's clocks."""
    zone = rental.request.site.zone
    return at(stay.period.local(zone).start.date() - REMIND_BEFORE, REMIND_AT, zone)


def taking_place(**during: datetime) -> "QuerySet[RentalQuote]":
    """Rentals whose holder is known and whose spaces are sure, some of them `during` what is given."""
    sure = Booking.objects.confirmed().filter(rental_option__rental=OuterRef("pk"), **during)
    known = RentalQuote.objects.told().exclude(request__email="").filter(request__erased_at=None)
    return known.filter(Exists(sure), request__state__in=HAPPENS).order_by("during", "pk")


def remind_due(now: datetime, limit: int = 100) -> int:
    """Remind the holders of the rentals to come, a transaction each; says how many.

    One that became sure within the three days is reminded by the next look.
    """
    soon = taking_place(during__startswith__lte=now + WIDEST, during__endswith__gt=now)
    due = soon.filter(day__reminded_at=None)
    return sum(_each(rental, _remind, now=now) for rental in due[:limit])


def tell_changes(now: datetime, limit: int = 100) -> int:
    """Tell the holders what changed since they were last told, a transaction each; says how many."""
    told = taking_place(during__endswith__gt=now).filter(day__told_at__isnull=False)
    return sum(_each(rental, _tell_change, now=now) for rental in told[:limit])


def _each(rental: RentalQuote, act: Callable[..., bool], *, now: datetime) -> bool:
    try:
        return act(rental=rental, now=now)
    except Exception:  # one that fails must not keep the others from being told
        log.exception("The holder of rental %s could not be told", rental.pk)
        return False


@own_transaction
def _remind(*, rental: RentalQuote, now: datetime) -> bool:
    """Owe the reminder, and keep what it says."""
    found = taken_alone(rental)
    stay = stay_of(found) if found is not None else None
    if found is None or stay is None or not remind_time(found, stay) <= now < stay.period.start:
        return False
    day = day_of(found)
    if day.reminded_at is not None:
        return False
    day.reminded_at = now
    _keep(day, found, stay, now=now)
    telling.owe_reminder(found)
    return True


@own_transaction
def _tell_change(*, rental: RentalQuote, now: datetime) -> bool:
    """Owe what differs from what was told, once; what an earlier letter has yet to say goes with it."""
    found = taken_alone(rental)
    stay = stay_of(found) if found is not None else None
    if found is None or stay is None or now >= stay.period.end:
        return False
    day, facts = day_of(found), facts_told(found, stay)
    changed = {name for name, told in day.told.items() if facts[name] != told}
    if not changed:
        return False
    day.version += 1
    _keep(day, found, stay, now=now)
    telling.owe_changed(found, changed, version=day.version)
    return True


def _keep(day: RentalDay, rental: RentalQuote, stay: Stay, *, now: datetime) -> None:
    """Step: note what is told; whom to call is told by the reminder first."""
    facts = facts_told(rental, stay)
    if day.reminded_at is None:
        del facts["contact"]
    day.told, day.told_at = facts, now
    day.save(update_fields=["reminded_at", "told", "told_at", "version"])


def taken_alone(rental: RentalQuote) -> RentalQuote | None:
    """Step: lock the request, then its quote; None where another worker has it, or it takes place no more."""
    require_transaction()
    rows = RentalRequest.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    request = rows.filter(pk=rental.request_id, state__in=HAPPENS, erased_at=None).first()
    return lock_rental(rental) if request is not None else None
