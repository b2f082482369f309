"""The tables of « Fréquentation » for a spreadsheet: counts and hours, nobody is named."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from bookings.models import OpeningHours, Space
from cantine.gestion.pipeline import STAGE_WORDS
from cantine.pilotage.attendance import Attendance
from cantine.pilotage.figures.occupancy import Hours
from cantine.pilotage.tables import comma
from members.spreadsheets import BOM, plain

Cells = Sequence[str]
Table = tuple[Cells, Iterable[Cells]]
KINDS = dict(Space.Kind.choices)


def written(table: Table) -> str:
    """A table as text: semicolons, decimal commas, a mark for UTF-8."""
    heads, rows = table
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([plain(heads), *(plain(row) for row in rows)])
    return BOM + text.getvalue()


def number(value: int | None) -> str:
    """A count; what is not known is empty."""
    return "" if value is None else str(value)


def hours(length: timedelta) -> str:
    """A length in hours, with two places."""
    whole = length // timedelta(seconds=36)
    return f"{whole // 100},{whole % 100:02}"


def month(day: date) -> str:
    """« 2026-11 »."""
    return f"{day:%Y-%m}"


def of_hours(found: Hours) -> list[str]:
    """Taken, offered, percentage."""
    return [hours(found.taken), hours(found.offered), number(found.percent)]


def hours_heads() -> list[str]:
    """What stands over them."""
    return [_("Heures prises"), _("Heures ouvertes"), _("Occupation (%)")]


def occupancy(found: Attendance) -> Table:
    """Every month, site and kind of space, and the same a year before."""
    heads = [_("Mois"), _("Site"), _("Sorte"), *hours_heads()]
    rows = found.rate_before.by(lambda row: (row.month, row.site, row.kind))
    rows |= found.rate.by(lambda row: (row.month, row.site, row.kind))
    return heads, (
        [month(when), site.name, str(KINDS[kind]), *of_hours(each)]
        for (when, site, kind), each in sorted(
            rows.items(), key=lambda one: (one[0][0], one[0][1].position, one[0][1].name, one[0][2])
        )
    )


def heat(found: Attendance) -> Table:
    """The percentage of desks taken by weekday and hour."""
    weekdays = dict(OpeningHours.Weekday.choices)
    return [_("Jour"), *(f"{hour}\u00a0h" for hour in found.heat.hours)], (
        [str(weekdays[day]), *(number(cell.percent) for cell in cells)] for day, cells in found.heat.rows
    )


def spaces(found: list[tuple[Space, Hours]]) -> Table:
    """How full each desk and room was."""
    return [_("Site"), _("Espace"), _("Sorte"), *hours_heads()], (
        [space.site.name, space.label, str(KINDS[space.kind]), *of_hours(each)] for space, each in found
    )


def people(found: Attendance) -> Table:
    """Who came, month by month."""
    heads = [_("Mois"), _("Personnes"), _("Nouvelles"), _("Membres"), _("Un an avant")]
    heads += [_("Organisations"), _("Organisations nouvelles")]
    return heads, (
        [
            month(row.month),
            *map(number, (row.people.number, row.people.new, row.members, row.people_before.number)),
            *map(number, (row.organisations.number, row.organisations.new)),
        ]
        for row in found.months
    )


def cohorts(found: Attendance) -> Table:
    """Of those who first came in a quarter, how many came again so many quarters later."""
    longest = max((len(row.later) for row in found.hosted.cohorts), default=0)
    heads = [_("Trimestre de première venue"), _("Personnes")]
    heads += [_("%(number)s trimestres plus tard") % {"number": rank + 1} for rank in range(longest)]
    return heads, (
        [month(row.quarter), number(row.size), *map(number, row.later)] for row in found.hosted.cohorts
    )


def events(found: Attendance) -> Table:
    """Events by month and category."""
    heads = [_("Mois"), _("Catégorie"), _("Événements"), _("Attendus"), _("Venus"), _("Présence (%)")]
    return heads, (
        [
            month(when),
            category.label,
            *map(number, (came.events, came.expected, came.came, came.percent)),
        ]
        for when, category, came in found.held.rows
    )


def rentals(found: Attendance) -> Table:
    """Requests to rent by stage, as they stand now."""
    return [_("Étape"), _("Demandes"), _("Montant HT")], (
        [capfirst(str(STAGE_WORDS[each.stage])), number(each.number), comma(each.excl)]
        for each in found.rentals.stages
    )


TABLES: dict[str, Callable[[Attendance], Table]] = {
    "occupation": occupancy,
    "heures": heat,
    "personnes": people,
    "retours": cohorts,
    "evenements": events,
    "locations": rentals,
}
SPACES = "espaces"
