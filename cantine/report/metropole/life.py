"""The sections about what the place was used for: hours, people, events, rentals, and what comes next."""

from datetime import date

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from bookings.models import OpeningHours
from cantine.gestion.pipeline import STAGE_WORDS
from cantine.pilotage.due import Due
from cantine.pilotage.figures.events import Came
from cantine.pilotage.figures.people import QUARTER, without_few
from cantine.pilotage.figures.rentals import Rentals
from cantine.report.metropole import definitions
from cantine.report.metropole.parts import (
    EUROS,
    PERCENT,
    amount,
    chart,
    language,
    month,
    row,
    section,
    series,
    short,
)
from cantine.report.metropole.reading import Facts
from cantine.report.told import Cell, Notes, Section, Table, table
from members.formats import date_long

COHORTS, LATER = 8, 6
"""Quarters of first visits that are told, and quarters after them."""


def occupancy(facts: Facts, notes: Notes) -> Section:
    """How full the place was."""
    found = facts.attendance
    columns = [_("Mois"), _("Heures prises"), _("Heures ouvertes"), _("Occupation"), _("Postes"), _("Salles")]
    columns.append(_("Un an avant"))
    units = ["", "", "", PERCENT, PERCENT, PERCENT, PERCENT]
    whole, before, desks = found.rate.hours, found.rate_before.hours, found.desks
    number = notes.number(str(definitions.OCCUPANCY))

    told = table(
        _("Mois par mois"),
        columns,
        [
            row(
                month(each.month),
                each.hours.taken_hours,
                each.hours.offered_hours,
                each.hours.percent,
                each.desks.percent,
                each.rooms.percent,
                each.hours_before.percent,
            )
            for each in found.months
        ],
        total=row(
            _("Ensemble"),
            whole.taken_hours,
            whole.offered_hours,
            whole.percent,
            desks.percent,
            (whole - desks).percent,
            before.percent,
        ),
        units=units,
        notes=[number],
    )
    tables = [told, *_by_site(facts, number)]
    heat = found.heat
    if not heat.rows:
        return section("occupancy", tables)
    days = dict(OpeningHours.Weekday.choices)
    hours = [f"{hour}\u00a0h" for hour in heat.hours]
    rows = [(capfirst(str(days[day])), [cell.percent for cell in cells]) for day, cells in heat.rows]
    title = _("Postes pris selon le jour et l’heure")
    drawn = chart("heat", f"{title}.", hours, [series(name, values) for name, values in rows])
    tables.append(
        table(
            title,
            [_("Jour"), *hours],
            [row(name, *values) for name, values in rows],
            definition=str(definitions.HEAT),
            units=["", *[PERCENT] * len(hours)],
        )
    )
    return section("occupancy", tables, [drawn])


def _by_site(facts: Facts, number: int) -> list[Table]:
    sites = facts.attendance.rate.by_site()
    if len(sites) < 2:
        return []
    rows = [
        row(site.name, each.taken_hours, each.offered_hours, each.percent) for site, each in sites.items()
    ]
    columns = [_("Site"), _("Heures prises"), _("Heures ouvertes"), _("Occupation")]
    return [table(_("Site par site"), columns, rows, units=["", "", "", PERCENT], notes=[number])]


def people(facts: Facts, notes: Notes) -> Section:
    """Who was hosted, who was new, who came back."""
    found = facts.attendance
    hosted, before = found.hosted, found.hosted_before
    columns = [_("Mois"), _("Personnes"), _("dont nouvelles"), _("Membres"), _("Organisations")]
    columns += [_("dont organisations nouvelles"), _("Personnes un an avant")]
    told = table(
        _("Mois par mois"),
        columns,
        [
            row(
                month(each.month),
                each.people.number,
                each.people.new,
                each.members,
                each.organisations.number,
                each.organisations.new,
                each.people_before.number,
            )
            for each in found.months
        ],
        total=row(
            _("La période"),
            hosted.people.number,
            hosted.people.new,
            hosted.members,
            hosted.organisations.number,
            hosted.organisations.new,
            before.people.number,
        ),
        notes=[notes.number(str(definitions.PEOPLE))],
    )
    drawn = chart(
        "stack",
        _("Personnes accueillies chaque mois, celles qui étaient déjà venues et les nouvelles."),
        [short(each.month) for each in found.months],
        [
            series(_("déjà venues"), [each.known for each in found.months]),
            series(_("nouvelles"), [each.people.new for each in found.months]),
        ],
    )
    return section("people", [told, _cohorts(facts, notes)], [drawn])


def _cohorts(facts: Facts, notes: Notes) -> Table:
    """Of those who first came in a quarter, how many came again; nothing of fewer than five."""
    found = [without_few(each) for each in facts.attendance.hosted.cohorts[-COHORTS:]]
    longest = min(max((len(each.later) for each in found), default=0), LATER)
    rows: list[list[Cell]] = []
    for each in found:
        later = [*each.shares, *[None] * longest][:longest]
        rows.append(row(_quarter(each.quarter), each.size, *later))
    ranks = [_("Trimestre +%(rank)s") % {"rank": rank + 1} for rank in range(longest)]
    return table(
        _("Fidélité"),
        [_("Première venue"), _("Personnes"), *ranks],
        rows,
        units=["", "", *[PERCENT] * longest],
        notes=[notes.number(str(definitions.COHORTS))],
    )


def _quarter(first: date) -> str:
    words = _("T%(number)s %(year)s")
    return words % {"number": (first.month - 1) // QUARTER + 1, "year": first.year}


def events(facts: Facts, notes: Notes) -> Section:
    """What was held, who came, who gave their time."""
    held = facts.attendance.held
    numbers = [notes.number(str(definitions.EVENTS))]
    units = ["", "", "", "", PERCENT]
    heads = [_("Événements"), _("Attendus"), _("Venus"), _("Présence")]

    def cells(came: Came) -> list[Cell]:
        return [came.events, came.expected, came.came, came.percent]

    by_category = table(
        _("Par catégorie"),
        [_("Catégorie"), *heads],
        [row(category.label, *cells(came)) for category, came in held.by_category().items()],
        total=row(_("Ensemble"), *cells(held.whole)),
        units=units,
        notes=numbers,
    )
    by_month = table(
        _("Mois par mois"),
        [_("Mois"), *heads, _("Bénévoles")],
        [row(month(each.month), *cells(each.events), each.volunteers) for each in facts.attendance.months],
        total=row(_("Ensemble"), *cells(held.whole), held.volunteers),
        units=[*units, ""],
        notes=[*numbers, notes.number(str(definitions.VOLUNTEERS))],
    )
    return section("events", [by_category, by_month])


def rentals(facts: Facts, notes: Notes) -> Section:
    """What became of requests to rent."""

    def cells(found: Rentals) -> list[Cell]:
        return [
            found.received,
            found.won,
            found.lost,
            found.percent,
            found.answer_hours,
            amount(found.worth),
        ]

    columns = [_("Demandes"), _("Reçues"), _("Gagnées"), _("Perdues"), _("Réussite")]
    columns += [_("Première réponse, en heures"), _("Montant gagné, hors taxes")]
    told = table(
        _("Demandes de la période"),
        columns,
        [
            row(_("La période"), *cells(facts.attendance.rentals)),
            row(_("Un an avant"), *cells(facts.attendance.rentals_before)),
        ],
        units=["", "", "", "", PERCENT, "", EUROS],
        notes=[notes.number(str(definitions.RENTALS))],
    )
    stages = table(
        _("En cours"),
        [_("Étape"), _("Demandes"), _("Montant, hors taxes")],
        [
            row(str(STAGE_WORDS[each.stage]), each.number, amount(each.excl))
            for each in facts.attendance.rentals.open_stages
        ],
        units=["", "", EUROS],
        notes=[notes.number(str(definitions.STAGES))],
    )
    return section("rentals", [told, stages])


def coming(facts: Facts, notes: Notes) -> Section:
    """What was promised and comes due, and what is booked or quoted."""
    due = table(
        _("Échéances"),
        [_("Quoi"), _("Échéance"), _("Envers qui"), _("Sorte")],
        [_due(each) for each in promised(facts)],
        words=True,
        notes=[notes.number(str(definitions.DUE))],
    )
    ahead = table(
        _("Réservé et proposé, en euros hors taxes"),
        [_("Mois"), _("Réservé"), _("Devis envoyés")],
        [
            row(month(first), amount(each.booked), amount(each.quoted))
            for first, each in sorted(facts.ahead.items())
        ],
        units=["", EUROS, EUROS],
        notes=[notes.number(str(definitions.AHEAD))],
    )
    return section("coming", [each for each in (due, ahead) if each["rows"]])


def promised(facts: Facts) -> list[Due]:
    """What comes due towards the funder of the agreement that runs: what others were promised is theirs."""
    agreement = facts.board.agreement
    funder = agreement.funder.strip().casefold() if agreement else ""
    return [each for each in facts.board.due if funder and each.whom.strip().casefold() == funder]


def _due(each: Due) -> list[Cell]:
    what = each.whom if each.sort == "meeting" else str(each.row)
    return row(what, date_long(each.on, language()), each.whom, each.label)
