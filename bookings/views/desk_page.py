"""The desks page: plan, list and ticket from one day plan, so that they say the same."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from billing.forms import START_REQUEST
from bookings.models import Space
from bookings.opening import AFTERNOON, DAY, MORNING
from bookings.period import asked_at
from bookings.plan.drawing import Drawing, draw
from bookings.plan.marks import Mark, mark_of
from bookings.services.availability.taken import features_of
from bookings.services.shown import DayOff, DayPlan, SpaceState
from bookings.views import wording
from bookings.views.asked import ANY, WORDS, AskedDesk, AskedRoom
from bookings.views.payers import Payer, Payers
from members import formats

FILTERS_SHOWN = 4
ICONS = {
    "fenetre": "window",
    "ecran": "screen",
    "tableau": "board",
    "prise": "plug",
    "calme": "quiet",
    "fauteuil": "wheelchair",
    "visio": "projector",
}
"""The icon of a filter, by a word of its code; others have none."""


@dataclass(frozen=True)
class Row:
    """A desk of the list, or « N'importe quel poste »."""

    name: str
    note: str
    href: str
    key: str
    chosen: bool = False


@dataclass(frozen=True)
class Chip:
    """A filter as a link."""

    label: str
    icon: str
    href: str
    on: bool


@dataclass(frozen=True)
class DeskPage:
    """What templates/bookings/_desks.html prints."""

    asked: AskedDesk
    plan: DayPlan
    floor: Drawing | None
    marks: list[Mark]
    rows: list[Row]
    taken: list[Mark]
    chips: list[Chip]
    halves: list[dict[str, Any]]
    days: list[dict[str, Any]]
    chosen: Row | None
    matching: int
    ticket: dict[str, Any]
    payers: Payers

    @property
    def off(self) -> dict[str, str]:
        """Why nothing can be booked that day, and the link to one on which it can."""
        return off_of(self.plan.off, self.asked)

    @property
    def when(self) -> str:
        """For which part of the day the free desks are counted; the home page counts whole days."""
        words = {MORNING: _("le matin"), AFTERNOON: _("l’après-midi"), DAY: _("toute la journée")}
        return words[self.plan.half]

    @property
    def is_over(self) -> bool:
        """Whether the half-day shown has ended, on a day that can still be booked."""
        return any(state.state == "past" for state in self.plan.desks)

    @property
    def moment(self) -> str:
        """The half shown, as the address writes it."""
        return WORDS[self.plan.half]

    @property
    def here(self) -> str:
        """The address of this very choice, to come back to after signing in."""
        return self.asked.href(desk=self.chosen.key if self.chosen else "")

    @property
    def asks(self) -> bool:
        """Whether the ticket has something to choose or to tick, so that a phone shows it too."""
        return self.payers.several or bool(self.ticket.get("start"))

    @property
    def payer_href(self) -> str:
        """The address of this choice, to which the name of the payer is added."""
        return self.asked.href(desk=self.chosen.key if self.chosen else "", client="")

    @property
    def whole_href(self) -> str:
        """Show the whole floor, or only its desks again."""
        return self.asked.href(whole=not self.asked.whole)


def build(plan: DayPlan, asked: AskedDesk, *, payers: Payers, now: datetime) -> DeskPage:
    """Put the page together from the day plan and what is asked for."""
    free = [state for state in plan.free if matches(state, asked)]
    chosen = chosen_of(plan, asked)
    marks = [mark_for(state, asked, chosen=chosen) for state in plan.desks]
    rows = rows_of(plan, free, asked, chosen=chosen)
    row = next((each for each in rows if each.chosen), None)
    return DeskPage(
        asked=asked,
        plan=plan,
        floor=floor_of(plan),
        marks=marks,
        rows=rows,
        taken=[mark for mark in marks if mark.state not in {"free", "chosen"}],
        chips=chips_of(plan, asked),
        halves=halves_of(plan, asked),
        days=days_of(plan, asked),
        chosen=row,
        matching=len(free),
        ticket=ticket_of(plan, row, chosen, payer=payers.chosen, now=now) if row else {},
        payers=payers,
    )


def off_of(off: DayOff | None, asked: AskedDesk | AskedRoom) -> dict[str, str]:
    """Why nothing can be booked that day, with the link to the nearest day on which it can."""
    if off is None:
        return {}
    href = asked.href(day=off.nearest) if off.nearest else ""
    return {"text": wording.day_off(off), "link": wording.nearest_link(off), "href": href}


def matches(state: SpaceState, asked: AskedDesk) -> bool:
    """Whether a desk has everything that is asked for."""
    return state.feature_codes.issuperset(asked.filters)


def chosen_of(plan: DayPlan, asked: AskedDesk) -> SpaceState | None:
    """The desk chosen: the one asked for if it is free, else the usual one where none was asked for."""
    if asked.number is not None:
        state = plan.by_number(asked.number)
        return state if state and state.is_free else None
    if asked.desk == ANY:
        return None
    usual = plan.usual
    return usual if usual and usual.is_free and matches(usual, asked) else None


def floor_of(plan: DayPlan) -> Drawing | None:
    """The drawing of the desks' floor; a site without one has its list."""
    floor = next((state.space.floor for state in plan.desks if state.space.floor), None)
    if floor is None or not floor.drawing.get("walls"):
        return None
    return draw(floor.drawing, [state.space for state in plan.spaces if state.space.floor_id == floor.pk])


def mark_for(state: SpaceState, asked: AskedDesk, *, chosen: SpaceState | None) -> Mark:
    """One desk of the plan."""
    href = asked.href(desk=str(state.space.number))
    if state.state == "mine" and state.reference:
        href = reverse("bookings:booking", args=[state.reference])
    return mark_of(
        state,
        href=href,
        chosen=chosen is not None and state.space.pk == chosen.space.pk,
        faded=bool(asked.filters) and not matches(state, asked),
        price=wording.amount(state.price) if state.price else "",
    )


def rows_of(
    plan: DayPlan, free: Sequence[SpaceState], asked: AskedDesk, *, chosen: SpaceState | None
) -> list[Row]:
    """« N'importe quel poste » first, then the chosen or usual desk, then by number."""
    if not plan.free:
        return []
    listed = [*free] if chosen is None or chosen in free else [chosen, *free]
    listed.sort(key=lambda state: (state is not chosen, not state.is_usual, state.space.number or 0))
    nobody = chosen is None and asked.number is None
    first = Row(_("N’importe quel poste"), _("nous choisissons pour vous"), asked.href(desk=ANY), ANY, nobody)
    shared = shared_by_all(plan)
    return [first, *(row_of(state, asked, chosen=state is chosen, shared=shared) for state in listed)]


def row_of(state: SpaceState, asked: AskedDesk, *, chosen: bool, shared: Collection[str]) -> Row:
    """One free desk of the list."""
    number = str(state.space.number)
    return Row(state.space.label, note_of(state, shared=shared), asked.href(desk=number), number, chosen)


def note_of(state: SpaceState, *, shared: Collection[str]) -> str:
    """« Fenêtre, écran 27 pouces, votre habitude »: not what every desk has."""
    words = [label for label in state.features if label not in shared]
    if state.is_usual:
        words.append(_("votre habitude"))
    text = ", ".join(words)
    return text[:1].upper() + text[1:]


def shared_by_all(plan: DayPlan) -> frozenset[str]:
    """The features that every desk has."""
    return frozenset.intersection(*(frozenset(state.features) for state in plan.desks))


def chips_of(plan: DayPlan, asked: AskedDesk) -> list[Chip]:
    """Filters for what some desks have and others have not, most common first."""
    some = telling([state.space for state in plan.desks])[:FILTERS_SHOWN]
    return [chip_of(code, label, asked) for code, label in some]


def telling(spaces: Sequence[Space]) -> list[tuple[str, str]]:
    """Code and label of the equipment that some of `spaces` have and others have not, most common first."""
    count: Counter[tuple[str, str]] = Counter()
    for space in spaces:
        said = getattr(space, "equipment_said", [])
        count.update(zip([each["code"] for each in said], features_of(space)[0], strict=True))
    return [each for each, having in count.most_common() if having < len(spaces)]


def chip_of(code: str, label: str, asked: AskedDesk | AskedRoom) -> Chip:
    """A filter on one piece of equipment."""
    icon = next((icon for word, icon in ICONS.items() if word in code), "")
    return Chip(label[:1].upper() + label[1:], icon, asked.toggled(code), code in asked.filters)


def halves_of(plan: DayPlan, asked: AskedDesk) -> list[dict[str, Any]]:
    """Morning, afternoon, day: their hours, and the same desk if it is chosen."""
    names = {MORNING: _("Matin"), AFTERNOON: _("Après-midi"), DAY: _("Journée")}
    return [
        {
            "name": names[choice.half],
            "period": choice.period,
            "href": asked.href(half=choice.half),
            "chosen": choice.half == plan.half,
        }
        for choice in plan.halves
    ]


def days_of(plan: DayPlan, asked: AskedDesk) -> list[dict[str, Any]]:
    """The strip: short day, number, gauge; closed days say why. Sundays that are only closed are left out."""
    return [
        {
            "gauge": gauge,
            "name": formats.day_short(gauge.day, wording.language()).split()[0],
            "full": wording.dated(gauge.day),
            "href": asked.href(day=gauge.day),
            "width": round(gauge.fullness * 28, 1),
        }
        for gauge in plan.strip
        if gauge.is_open or gauge.is_chosen or gauge.day.weekday() != 6
    ]


def ticket_of(
    plan: DayPlan, row: Row, chosen: SpaceState | None, *, payer: Payer, now: datetime
) -> dict[str, Any]:
    """What the ticket says: the place, the price for this person, the button."""
    price = (chosen.price if chosen else None) or plan.price
    names = {MORNING: _("matin"), AFTERNOON: _("après-midi"), DAY: _("journée")}
    day = wording.short_day(plan.day)
    button = (
        _("Réserver un poste") if chosen is None else _("Réserver le poste %(number)s") % {"number": row.key}
    )
    costs = price is not None and not price.is_free
    if payer.has_terms and costs:
        button = _("Réserver et payer sur facture")
    return {
        "title": _("%(name)s, %(day)s, %(half)s") % {"name": row.name, "day": day, "half": names[plan.half]},
        "quantity": wording.quantity(price) if price else "",
        "amount": (_("rien à payer") if price.is_free else wording.amount(price)) if price else "",
        "button": button,
        "terms": free_until(plan, now) if costs else "",
        "start": START_REQUEST if costs and payer.must_request_start(plan.day, now) else "",
    }


def free_until(plan: DayPlan, now: datetime) -> str:
    """Until when a desk is cancelled freely: a clock time the evening before."""
    site = plan.site
    limit = asked_at(plan.day - timedelta(days=1), site.free_cancellation_time, site.zone)
    return wording.free_until(limit.astimezone(site.zone), now, site)


def told(refused: Exception, chosen: str, near: Sequence[Space]) -> str:
    """« Le poste 7 vient d'être pris. » and what to do, for who lost the race."""
    if chosen and chosen != ANY and near:
        return _("Le poste %(number)s vient d’être pris.") % {"number": chosen}
    return str(refused)
