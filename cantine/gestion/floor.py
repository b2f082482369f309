"""The plan as the manager sees it: who has come, who is expected, what is free."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.models import Booking, Floor, Space
from bookings.plan.desks import desk_of
from bookings.plan.drawing import Drawing, draw
from bookings.plan.marks import Mark
from cantine.gestion.arrivals import names_of
from cantine.gestion.day import SiteDay
from members.formats import hour


@dataclass(frozen=True)
class Figures:
    """The numbers beside the plan."""

    here: int
    expected: int
    free_desks: int
    rooms_taken: int
    rooms: int


def drawing_of(day: SiteDay) -> tuple[Drawing, list[Mark], Floor] | None:
    """The first floor that has a drawing, without its desks; None when the site has none."""
    floors = {space.floor_id: space.floor for space in day.spaces if space.floor and space.floor.drawing}
    floor = min(floors.values(), key=lambda one: one.position, default=None)
    if floor is None:
        return None
    there = [space for space in day.spaces if space.floor_id == floor.pk]
    return draw(floor.drawing, [space for space in there if not space.is_desk]), [], floor


def marks(day: SiteDay, floor: Floor, *, now: datetime, language: str) -> list[Mark]:
    """Each desk of a floor with what it is to the manager."""
    there = [desk for desk in day.desks if desk.floor_id == floor.pk and desk.number is not None]
    return [mark(desk, day.of(desk), day, now=now, language=language) for desk in there]


def mark(desk: Space, bookings: list[Booking], day: SiteDay, *, now: datetime, language: str) -> Mark:
    """One desk: somebody there, somebody expected, free, or out of order."""
    state, booking = state_of(desk, bookings, now)
    words, href = _("libre"), ""
    if booking is not None:
        who, start = names_of(booking)[0], booking.during.lower.astimezone(day.site.zone)
        arrived = _("%(who)s, sur place") % {"who": who}
        awaited = _("%(who)s, attendu à %(hour)s") % {"who": who, "hour": hour(start, language)}
        words = arrived if state == "taken" else awaited
        href = reverse("admin:bookings_booking_change", args=[booking.pk])
    if state == "out":
        words = _("indisponible")
    return Mark(
        desk=desk_of(desk),
        code=desk.code,
        number=desk.number or 0,
        name=desk.label,
        state=state,
        label=f"{desk.label}, {words}",
        href=href,
    )


def state_of(desk: Space, bookings: list[Booking], now: datetime) -> tuple[str, Booking | None]:
    """ "taken" when somebody has come, "expected" when somebody will, else "free" or "out"."""
    left = [booking for booking in bookings if booking.during.upper > now and booking.purpose != "closure"]
    for booking in left:
        if hasattr(booking, "presence"):
            return "taken", booking
    if left:
        return "expected", left[0]
    shut = desk.out_of_order_reason or any(booking.purpose == "closure" for booking in bookings)
    return ("out" if shut else "free"), None


def figures(day: SiteDay, *, now: datetime) -> Figures:
    """How many are here, expected, and what is left."""
    on = [booking for booking in day.bookings if booking.during.upper > now]
    here = [booking for booking in on if hasattr(booking, "presence")]
    states = [state_of(desk, day.of(desk), now)[0] for desk in day.desks]
    rooms = day.rooms
    taken = [
        room for room in rooms if any(one.during.lower <= now < one.during.upper for one in day.of(room))
    ]
    return Figures(len(here), len(on) - len(here), states.count("free"), len(taken), len(rooms))
