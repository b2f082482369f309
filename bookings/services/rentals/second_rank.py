"""Quotes that stand behind another's option: when it falls, the next whose spaces are free gets it."""

import logging
from collections.abc import Sequence
from datetime import datetime

from bookings.models import Booking, RentalQuote, RentalRequest
from bookings.services.expiring import is_overdue_in_the_way
from bookings.services.rentals import options, telling
from bookings.services.rentals.quoting import lock_rental, lock_request
from bookings.services.rules import atoms_of
from members.errors import Refused
from members.nudging import nudge_once_committed
from members.transactions import own_transaction, require_transaction

log = logging.getLogger(__name__)
PROMOTE = "bookings.tasks.promote_quotes"


def let_go(rental: RentalQuote, *, now: datetime) -> None:
    """Step: let go of what a quote holds; who stands in line comes before anyone else."""
    serve(options.release(rental, now=now), now=now)


def serve(freed: Sequence[Booking], *, now: datetime) -> None:
    """Step: hold what these bookings let go of for who stands in line for it.

    It never waits for a request that somebody is busy with, who may be waiting for us: that one, and who
    stands behind it, are left to the scan.
    """
    require_transaction()
    if not freed:
        return
    for rental in RentalQuote.objects.in_line(now).filter(request__site__in={each.site_id for each in freed}):
        if _wants(rental, freed) and not _try(rental, now=now):
            nudge_once_committed(PROMOTE)
            return


def _wants(rental: RentalQuote, freed: Sequence[Booking]) -> bool:
    """Whether any of it is what the quote offers, at its time."""
    atoms, period = set(_atoms(rental)), rental.taken_period
    return any(each.period.overlaps(period) and atoms & set(atoms_of(each.space)) for each in freed)


def _atoms(rental: RentalQuote) -> list[int]:
    return sorted({atom for each in rental.options.all() for atom in atoms_of(each.space)})


def _try(rental: RentalQuote, *, now: datetime) -> bool:
    """Step: promote a quote if its spaces are free; False where that cannot be known now."""
    if is_overdue_in_the_way(_atoms(rental), rental.taken_period, now=now):
        return False  # its order would have to be locked before this request
    rows = RentalRequest.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    request = rows.filter(pk=rental.request_id).first()
    if request is None:
        return False
    _promote(rental, now=now)
    return True


def _promote(rental: RentalQuote, *, now: datetime) -> bool:
    """Step: hold the spaces for a quote whose request is locked, and tell both; False where one is taken."""
    if not RentalQuote.objects.in_line(now).filter(pk=rental.pk).exists():
        return False
    found = lock_rental(rental)
    if options.in_the_way(found, now=now):
        return False
    try:
        options.hold(found, until=found.quote.valid_until, now=now)
    except Refused:  # someone was quicker, or the space is out of order
        return False
    found.shares_date = False
    found.save(update_fields=["shares_date"])
    telling.owe_news(found, "promoted")
    telling.owe_desk(found, "promoted")
    return True


def promote_due(now: datetime, limit: int = 200) -> int:
    """Serve the line where something fell free and nobody was served, a transaction each; says how many."""
    done = 0
    for rental in RentalQuote.objects.in_line(now).select_related("request")[:limit]:
        try:
            done += _promote_alone(rental, now=now)
        except Exception:  # one that fails must not keep the others from their places
            log.exception("Quote %s could not be promoted", rental.pk)
    return done


@own_transaction
def _promote_alone(rental: RentalQuote, *, now: datetime) -> bool:
    options.clear_the_way(rental, now=now)
    lock_request(rental.request)
    return _promote(rental, now=now)


class RentalSpaces:
    """What becomes of a rental's spaces (bookings/purposes.py)."""

    def expired(self, booking: Booking, *, now: datetime) -> None:
        """Step: who stands in line is served; its own quote ends by its scan, with its locks in order."""
        serve([booking], now=now)

    def displaced(self, booking: Booking, *, reason: str, now: datetime) -> bool:
        """Step: a closure wants the space; it was promised: the quote is withdrawn or moved first."""
        return False
