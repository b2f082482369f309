"""The rooms page: the week of one room, the first free offer, the ticket with its hours and its price."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.forms import START_REQUEST
from bookings.models import Space
from bookings.period import Period
from bookings.pricing import Price
from bookings.services.availability.taken import features_of
from bookings.services.rules import atoms_of
from bookings.services.shown import Block, DayOff, Offer, Week, WeekDay
from bookings.views import wording
from bookings.views.asked import AskedRoom
from bookings.views.desk_page import FILTERS_SHOWN, ICONS, Chip, chip_of, off_of, telling
from bookings.views.payers import Payer, Payers
from bookings.views.room_hours import free_hours
from members import formats

QUARTERS_SHOWN = 64
SEATS = 6
"""The filter « 6 et plus »."""


@dataclass(frozen=True)
class Cell:
    """A block of the grid: `start` and `length` count quarter-hours from the first hour shown."""

    state: str
    start: int
    length: int
    label: str
    title: str
    href: str = ""


@dataclass(frozen=True)
class Column:
    """A day of the grid."""

    day: date
    name: str
    long_name: str
    cells: list[Cell]
    is_today: bool
    is_past: bool
    is_chosen: bool
    reason: str


@dataclass(frozen=True)
class Choice:
    """The room and period chosen, its price for this person, or why it cannot be had."""

    space: Space
    period: Period | None
    price: Price | None = None
    problem: str = ""

    @property
    def bookable(self) -> bool:
        """Whether the button leads anywhere."""
        return self.period is not None and not self.problem


@dataclass(frozen=True)
class RoomPage:
    """What templates/bookings/_rooms.html prints."""

    asked: AskedRoom
    week: Week
    rooms: list[dict[str, Any]]
    chips: list[Chip]
    hours: list[str]
    columns: list[Column]
    choice: Choice
    starts: list[dict[str, Any]]
    ends: list[dict[str, Any]]
    offer: dict[str, str]
    ticket: dict[str, Any]
    payers: Payers
    off: dict[str, str]
    parts: str
    week_name: str
    previous: str
    next: str

    @property
    def here(self) -> str:
        """The address of this very choice, to come back to after signing in."""
        return self.asked.href()

    @property
    def payer_href(self) -> str:
        """The address of this choice, to which the name of the payer is added."""
        return self.asked.href(client="")

    @property
    def seen(self) -> str:
        """The hours whose price is shown; the form says them back."""
        start, end = self.asked.start, self.asked.end
        if not start or not end or not self.choice.bookable:
            return ""
        return f"{start:%H:%M}-{'24:00' if end == time(0) else format(end, '%H:%M')}"


def build(
    week: Week,
    asked: AskedRoom,
    *,
    rooms: Sequence[Space],
    choice: Choice,
    offer: Offer | None,
    now: datetime,
    payers: Payers,
    off: DayOff | None,
    plain: AskedRoom,
) -> RoomPage:
    """Put the page together from the room's week and what is asked for.

    `plain` is what the address says: links to other rooms and days do not carry hours nobody chose.
    """
    days = [day for day in week.days if day.opening or day.blocks or day.day.weekday() < 5]
    return RoomPage(
        asked=asked,
        week=week,
        rooms=[room_tab(room, plain) for room in rooms if fits(room, asked) or room.pk == week.space.pk],
        chips=chips_of(rooms, plain),
        hours=[hour_name(hour) for hour in range(week.first_hour, week.last_hour + 1)],
        columns=[column_of(day, week, asked, choice=choice, now=now) for day in days],
        choice=choice,
        starts=clocks(week, asked, chosen=asked.start, last=False),
        ends=clocks(week, asked, chosen=asked.end, last=True),
        offer=offer_of(offer, asked, now=now) if offer else {},
        ticket=ticket_of(week, asked, choice, payer=payers.chosen, now=now),
        payers=payers,
        off=off_of(off, plain),
        parts=parts_of(week.space, rooms),
        week_name=week_name(days),
        previous=plain.href(day=week.previous_monday) if week.previous_monday else "",
        next=plain.href(day=week.next_monday) if week.next_monday else "",
    )


def fits(room: Space, asked: AskedRoom) -> bool:
    """Whether a room is large enough and has everything that is asked for."""
    return room.capacity >= (asked.seats or 0) and features_of(room)[1].issuperset(asked.filters)


def parts_of(space: Space, rooms: Sequence[Space]) -> str:
    """« Pommier et Poirier réunies », for a room that is several joined."""
    atoms = atoms_of(space)
    names = [room.short for room in rooms if room.pk in atoms and room.pk != space.pk]
    if len(names) < 2:
        return ""
    words = {"first": ", ".join(names[:-1]), "last": names[-1]}
    return _("%(first)s et %(last)s réunies") % words


def room_tab(room: Space, asked: AskedRoom) -> dict[str, Any]:
    """One room of the segmented control."""
    seats = ngettext("%(n)s place", "%(n)s places", room.capacity) % {"n": room.capacity}
    return {"name": room.short, "seats": seats, "href": asked.href(room=room.code), "code": room.code}


def chips_of(rooms: Sequence[Space], asked: AskedRoom) -> list[Chip]:
    """Seats first, then what some rooms have and others have not."""
    on = asked.seats is not None
    seats = Chip(_("6 et plus"), "people", asked.href(seats=None if on else SEATS), on)
    some = sorted(telling(rooms), key=lambda each: not any(word in each[0] for word in ICONS))
    return [seats, *(chip_of(code, label, asked) for code, label in some[:FILTERS_SHOWN])]


def column_of(day: WeekDay, week: Week, asked: AskedRoom, *, choice: Choice, now: datetime) -> Column:
    """One day: what is taken, what is chosen, and each free hour as a link."""
    tongue, zone = wording.language(), week.site.zone
    chosen = choice.period.local(zone) if choice.period else None
    mine = chosen if chosen and chosen.start.date() == day.day and choice.bookable else None
    cells = [cell_of(block, day.day, week) for block in day.blocks]
    cells += free_cells(day, week, asked, chosen=mine, now=now)
    if mine:
        title = _("choisi, %(hours)s") % {"hours": formats.hours(mine.start, mine.end, tongue)}
        cells.append(placed("chosen", mine, day.day, week, label=_("choisi"), title=title))
    return Column(
        day=day.day,
        name=" ".join(formats.day_short(day.day, tongue).split()[:2]),
        long_name=" ".join(formats.day(day.day, tongue).split()[:2]),
        cells=sorted((cell for cell in cells if cell.length > 0), key=lambda cell: cell.start),
        is_today=day.is_today,
        is_past=day.day < now.astimezone(zone).date(),
        is_chosen=day.day == asked.day,
        reason=day.reason,
    )


def cell_of(block: Block, day: date, week: Week) -> Cell:
    """Something that is taken, with its word."""
    words = {"taken": _("pris"), "mine": _("à vous"), "event": _("événement"), "closed": _("fermé")}
    hours = formats.hours(block.period.start, block.period.end, wording.language())
    return placed(
        block.state, block.period, day, week, label=words[block.state], title=f"{words[block.state]}, {hours}"
    )


def free_cells(
    day: WeekDay, week: Week, asked: AskedRoom, *, chosen: Period | None, now: datetime
) -> list[Cell]:
    """Each hour that is wholly free and to come, as a link that chooses it."""
    cells = []
    for span in free_hours(day, week, now=now):
        if chosen and span.overlaps(chosen):
            continue
        start, end = span.start.time(), span.end.time()
        href = asked.href(room=week.space.code, day=day.day, start=start, end=end)
        words = {"day": wording.dated(day.day), "hour": hour_name(start.hour)}
        title = _("%(day)s, %(hour)s, libre") % words
        cells.append(placed("free", span, day.day, week, label="", title=title, href=href))
    return cells


def placed(
    state: str, period: Period, day: date, week: Week, *, label: str, title: str, href: str = ""
) -> Cell:
    """Put a local period on the grid, cut to what is shown."""
    first = quarter_of(period.start, day) - week.first_hour * 4
    last = quarter_of(period.end, day) - week.first_hour * 4
    shown = min((week.last_hour - week.first_hour) * 4, QUARTERS_SHOWN)
    start, end = max(first, 0), min(last, shown)
    return Cell(state, start, end - start, label, title, href)


def quarter_of(moment: datetime, day: date) -> int:
    """Quarter-hours from the local midnight of `day`, by the clock."""
    days = (moment.date() - day).days
    return days * 96 + moment.hour * 4 + moment.minute // 15


def clocks(week: Week, asked: AskedRoom, *, chosen: time | None, last: bool) -> list[dict[str, Any]]:
    """The quarter-hours of a select, from opening to closing."""
    day = next((each for each in week.days if each.day == asked.day), None)
    opening = day.opening if day and day.opening else []
    first = quarter_of(opening[0].start, asked.day) if opening else week.first_hour * 4
    end = quarter_of(opening[-1].end, asked.day) if opening else week.last_hour * 4
    quarters = range(first + 1, min(end, 96) + 1) if last else range(first, min(end, 96))
    return [clock(quarter, chosen) for quarter in quarters]


def clock(quarter: int, chosen: time | None) -> dict[str, Any]:
    """One choice of a select; 24:00 is written so."""
    hour, minute = divmod(quarter * 15, 60)
    moment = time(hour % 24, minute)
    name = formats.hour(datetime.combine(date(2000, 1, 1), moment), wording.language())
    return {
        "value": f"{hour:02}:{minute:02}",
        "name": name if hour < 24 else _("minuit"),
        "chosen": moment == chosen,
    }


def hour_name(hour: int) -> str:
    """An hour of the grid's margin; past midnight it begins anew."""
    return formats.hour(datetime(2000, 1, 1, hour % 24), wording.language())  # noqa: DTZ001  (a clock, no instant)


def offer_of(offer: Offer, asked: AskedRoom, *, now: datetime) -> dict[str, str]:
    """The first room free for as many for two hours."""
    tongue, period = wording.language(), offer.period
    today = period.start.date() == now.astimezone(period.start.tzinfo).date()
    words = {
        "room": offer.space.short,
        "day": _("aujourd’hui") if today else formats.day(period.start, tongue),
        "start": formats.hour(period.start, tongue),
        "end": formats.hour(period.end, tongue),
    }
    seats = asked.seats or 1
    title = ngettext(
        "Première salle libre pendant 2 h :", "Première salle libre pour %(n)s pendant 2 h :", seats
    )
    return {
        "title": title % {"n": seats},
        "text": _("%(room)s, %(day)s de %(start)s à %(end)s.") % words,
        "href": asked.href(
            room=offer.space.code,
            day=period.start.date(),
            start=period.start.time(),
            end=period.end.time(),
        ),
    }


def ticket_of(week: Week, asked: AskedRoom, choice: Choice, *, payer: Payer, now: datetime) -> dict[str, Any]:
    """What the ticket says: room and hours, the price for this person, the button."""
    tongue, price = wording.language(), choice.price
    words = {"room": week.space.short, "day": wording.short_day(asked.day), "hours": ""}
    button = _("Continuer")
    if price and price.is_free:
        button = _("Réserver")
    elif payer.has_terms:
        button = _("Réserver et payer sur facture")
    if choice.period:
        local = choice.period.local(week.site.zone)
        words["hours"] = formats.hours(local.start, local.end, tongue)
    return {
        "title": (_("%(room)s, %(day)s, %(hours)s") if words["hours"] else _("%(room)s, %(day)s")) % words,
        "quantity": wording.quantity(price) if price else "",
        "amount": (_("rien à payer") if price.is_free else wording.amount(price)) if price else "",
        "button": button,
        "note": _("Place gardée 15\u00a0minutes dès l’étape suivante.")
        if price and not (price.is_free or payer.has_terms)
        else "",
        "start": START_REQUEST
        if price and not price.is_free and payer.must_request_start(asked.day, now)
        else "",
    }


def week_name(days: Sequence[WeekDay]) -> str:
    """« du 23 au 27 novembre »."""
    if not days:
        return ""
    first, last = days[0].day, days[-1].day
    tongue = wording.language()
    until = " ".join(formats.day(last, tongue).split()[1:])
    since = " ".join(formats.day(first, tongue).split()[1:])
    if first.month == last.month:
        since = since.split()[0]
    if last.year != timezone.localdate().year:
        until = f"{until} {last.year}"
    return _("du %(first)s au %(last)s") % {"first": since, "last": until}
