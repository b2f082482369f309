"""Invariant 1: an atom is never taken twice, and rows exist exactly while their booking holds its place."""

from collections.abc import Iterator

from django.db.models import Count, Exists, F, OuterRef, Q

from billing.models import Order, OrderLine
from bookings.models import Booking, Occupancy, Space

OWN_PLACE = Q(occupancies__during=F("during"), occupancies__atom=F("space__parts__atom"))


def atoms_taken_twice() -> Iterator[str]:
    """Two occupancies of one atom share an instant: the constraint is missing or was bypassed."""
    others = Occupancy.objects.filter(
        atom=OuterRef("atom"), during__overlap=OuterRef("during"), pk__gt=OuterRef("pk")
    )
    for row in Occupancy.objects.filter(Exists(others)).select_related("booking", "atom"):
        yield f"{row.atom.code} is taken twice at {row.during} (booking {row.booking})"


def occupancies_without_an_active_booking() -> Iterator[str]:
    """A place is held by a booking that was cancelled or has expired."""
    for row in Occupancy.objects.exclude(booking__state__in=Booking.ACTIVE).select_related("booking"):
        yield f"booking {row.booking} is {row.booking.state} and still takes an atom"


def bookings_without_their_places() -> Iterator[str]:
    """A booking that is on takes exactly the atoms of its space, for its own period."""
    active = Booking.objects.active().annotate(
        wanted=Count("space__parts", distinct=True),
        taken=Count("occupancies", filter=OWN_PLACE, distinct=True),
        rows=Count("occupancies", distinct=True),
    )
    wrong = active.exclude(wanted=F("taken"), rows=F("taken"))
    for reference, taken, wanted, rows in wrong.values_list("reference", "taken", "wanted", "rows"):
        yield f"booking {reference} takes {taken} of {wanted} atoms ({rows} rows)"


def spaces_without_parts() -> Iterator[str]:
    """Every space has parts, or nothing would ever conflict with it."""
    for space in Space.objects.filter(parts=None):
        yield f"space {space.code} has no part"


def bookings_that_contradict_their_order() -> Iterator[str]:
    """What is sold and what is held agree: confirmed where the line is fulfilled, and only there."""
    fulfilled = Q(line__state=OrderLine.State.FULFILLED)
    wrong = (
        Q(state=Booking.State.CONFIRMED) & ~fulfilled
        | ~Q(state=Booking.State.CONFIRMED) & fulfilled
        | Q(state=Booking.State.HELD) & ~Q(line__order__state=Order.State.OPEN)
        | Q(state=Booking.State.EXPIRED, line__order__state=Order.State.OPEN)
    )
    bookings = Booking.objects.filter(wrong, line__isnull=False)
    said = bookings.values_list("reference", "state", "line__state", "line__order__state")
    for reference, state, line, order in said:
        yield f"booking {reference} is {state}, its line {line}, its order {order}"
