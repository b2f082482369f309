"""Taking and freeing places: the only writer of occupancies (performance.md §1)."""

from django.db import connection

from bookings.errors import AlreadyTaken
from bookings.models import Booking, Occupancy, Space
from bookings.services.rules import atoms_of
from members.transactions import require_transaction

# ON CONFLICT DO NOTHING waits for who came first, then gives way: two plain INSERTs under an exclusion
# constraint wait for each other until deadlock_timeout. Sorted: bookings of two atoms wait in one order.
CLAIM = """
    INSERT INTO bookings_occupancy (booking_id, atom_id, during)
    SELECT %s, atom, %s::tstzrange FROM unnest(%s::bigint[]) AS atom ORDER BY atom
    ON CONFLICT DO NOTHING
"""


def occupy(booking: Booking) -> None:
    """Step: take every atom of the booking's space for its period, or raise AlreadyTaken.

    Some atoms may have been taken when it is raised: the caller rolls back to its savepoint, or altogether.
    """
    require_transaction()
    atoms = sorted(atoms_of(booking.space))
    if not atoms:
        raise AlreadyTaken  # a space without parts could be sold twice
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [booking.pk, str(_range(booking)), atoms])
        if cursor.rowcount < len(atoms):
            raise AlreadyTaken


def _range(booking: Booking) -> str:
    period = booking.period.utc
    return f"[{period.start.isoformat()},{period.end.isoformat()})"


def free(booking: Booking) -> None:
    """Step: let go of every place a booking holds. The one door: who waits for a place is served here."""
    require_transaction()
    Occupancy.objects.filter(booking=booking).delete()


def lock_for_moving(*spaces: Space) -> None:
    """Step: before places are freed and others taken, lock the atoms of both in the order of their ids: two
    people who change places would otherwise wait for each other.
    """
    require_transaction()
    atoms = {atom for space in spaces for atom in atoms_of(space)}
    rows = Space.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=atoms)
    list(rows.order_by("pk").values_list("pk"))
