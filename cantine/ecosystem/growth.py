"""How the ecosystem moves from year to year: organisations, jobs, money. Pure but for its words."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from cantine.ecosystem.file import File, Known, Measure
from cantine.report.told import Cell, Notes, Table, table

YEARS = 4
FEWEST = 3
"""Sums of money are not told of fewer organisations: each would know the others'."""


def organisations(file: File, year: int, last: date, notes: Notes) -> Table:
    """Year after year: organisations, those founded, jobs, and how these moved where both years are known."""
    rows: list[list[Cell]] = []
    for each_year in range(year - YEARS + 1, year + 1):
        day = min(date(each_year, 12, 31), last)
        there = [each for each in file.organisations if each.is_active(day)]
        founded = sum(bool(each.founded_on and each.founded_on.year == each_year) for each in there)
        told = [jobs for each in there if (jobs := each.jobs(each_year)) is not None]
        known = [sum(told) if told else None, len(told)]
        rows.append([str(each_year), len(there), founded, *known, *moved(there, each_year)])
    note = notes.number(
        _(
            "À périmètre constant\u00a0: les seules organisations dont les emplois sont connus pour l’année "
            "et pour la précédente. Les organisations dont la date de création manque sont comptées "
            "chaque année."
        )
    )
    columns = [
        _("Année"),
        _("Organisations"),
        _("Créées"),
        _("Emplois"),
        _("Renseignées"),
        _("Périmètre constant"),
        _("Évolution"),
    ]
    return table(_("Croissance"), columns, rows, notes=[note])


def moved(there: Sequence[Known], year: int) -> list[Cell]:
    """How many organisations are known for both years, and how their jobs moved."""
    both = [
        (before, after)
        for each in there
        if (before := each.jobs(year - 1)) is not None and (after := each.jobs(year)) is not None
    ]
    return [len(both), percent(sum(each[0] for each in both), sum(each[1] for each in both))]


def money(file: File, year: int, notes: Notes) -> Table:
    """Money raised and turnover by year; not told of fewer than three organisations."""
    rows: list[list[Cell]] = []
    for each_year in range(year - YEARS + 1, year + 1):
        row: list[Cell] = [str(each_year)]
        for measure in (Measure.RAISED, Measure.TURNOVER):
            facts = [each.facts.get((measure, each_year)) for each in file.organisations]
            values = [fact[0] for fact in facts if fact]
            row += [int(sum(values, Decimal(0))) if len(values) >= FEWEST else None, len(values)]
        rows.append(row)
    note = notes.number(
        _("Sommes déclarées, en euros entiers\u202f; tues quand moins de trois organisations en déclarent.")
    )
    columns = [
        _("Année"),
        _("Fonds levés (€)"),
        _("Organisations (fonds)"),
        _("Chiffre d’affaires (€)"),
        _("Organisations (chiffre)"),
    ]
    return table(_("Fonds levés et chiffre d’affaires"), columns, rows, notes=[note])


def percent(before: int, after: int) -> str | None:
    """« +12,5\u00a0% », to the tenth, halves away from zero; None from nothing."""
    if not before:
        return None
    change = (Decimal(after - before) * 100 / before).quantize(Decimal("0.1"), ROUND_HALF_UP)
    sign = "+" if change > 0 else "−" if change < 0 else ""
    return f"{sign}{abs(change)}\u00a0%".replace(".", ",")
