"""The sections about money: the agreement, income, coverage, and that the figures agree."""

from datetime import date
from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cantine.pilotage.figures import income
from cantine.pilotage.figures.coverage import Money, added, costed, rounded
from cantine.pilotage.figures.months import YEAR, shift
from cantine.pilotage.indicators import Reached
from cantine.pilotage.models import Indicator
from cantine.report.metropole import definitions
from cantine.report.metropole.agreeing import Agreed
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
from cantine.report.printing import said
from cantine.report.told import Cell, Chart, Notes, Section, Table, table
from members.formats import date_long, euros


def agreement(facts: Facts, notes: Notes) -> Section:
    """What was agreed with the funder, and how far it has come."""
    found = facts.board.agreement
    text = _("Aucune convention ne court pendant cette période.")
    if found is not None:
        words = _("Convention avec %(funder)s, de %(first)s à %(last)s\u00a0: %(amount)s accordés.")
        text = words % {
            "funder": found.funder,
            "first": month(found.first_month).lower(),
            "last": month(found.last_month).lower(),
            "amount": euros(found.amount, language()),
        }
    rows = [
        row(
            each.indicator.name,
            _measured(each.indicator, each.indicator.target),
            date_long(each.indicator.due_on, language()),
            "–" if each.value is None else _measured(each.indicator, each.value),
            _("atteint") if each.is_reached else _state(each, facts.today),
        )
        for each in facts.reached
    ]
    columns = [_("Indicateur"), _("À atteindre"), _("Échéance"), _("Mesuré"), _("État")]
    told = table(
        _("Indicateurs"), columns, rows, words=True, notes=[notes.number(str(definitions.INDICATORS))]
    )
    return section("agreement", [told] if rows else [], text=text)


def _state(each: Reached, today: date) -> str:
    if each.value is None:
        return _("à mesurer")
    return _("non atteint") if each.indicator.due_on < today else _("en cours")


def _measured(indicator: Indicator, value: Decimal) -> str:
    if indicator.figure == Indicator.Figure.COVERAGE:
        return said(rounded(value), language(), PERCENT)
    if indicator.figure == Indicator.Figure.INCOME:
        return euros(value, language())
    whole = value == value.to_integral_value()
    return said(int(value), language()) if whole else f"{value.normalize():f}".replace(".", ",")


def earned(facts: Facts, notes: Notes) -> Section:
    """Income by category against costs and grants: month by month, then to date."""
    names = [capfirst(str(label)) for label in income.GROUPS.values()]
    numbers = [notes.number(str(definitions.INCOME)), notes.number(str(definitions.COSTS))]
    columns = [_("Mois"), *names, _("Recettes propres"), _("Coûts"), _("Subventions")]
    months = facts.own_months
    told = table(
        _("Mois par mois, en euros hors taxes"),
        columns,
        [row(month(each), *_cells(facts.months[each])) for each in months],
        total=row(_("Ensemble"), *_cells(facts.money(months[0], months[-1]))),
        units=["", *[EUROS] * (len(columns) - 1)],
        notes=numbers,
    )
    return section("income", [told, _to_date(facts, numbers)], [_bars(facts)])


def _cells(money: Money) -> list[Cell]:
    return [
        *(amount(money.income[name]) for name in income.GROUPS),
        *map(amount, (money.own, money.costs, money.grants)),
    ]


def _to_date(facts: Facts, notes: list[int]) -> Table:
    """The period beside the year so far, twelve months, and the same period a year before."""
    last, months = facts.last_month, facts.own_months
    spans = {_("La période"): (months[0], last)}
    if facts.term.january != months[0]:
        spans[_("Depuis janvier")] = (facts.term.january, last)
    if len(months) < YEAR:
        spans[rolling(last)] = (shift(last, 1 - YEAR), last)
    spans[_("Un an avant")] = (shift(months[0], -YEAR), shift(last, -YEAR))
    sums = [facts.money(*span) for span in spans.values()]
    rows = [
        row(capfirst(str(label)), *(amount(each.income[name]) for each in sums))
        for name, label in income.GROUPS.items()
    ]
    rows += [
        row(_("Coûts de fonctionnement"), *(amount(each.costs) for each in sums)),
        row(_("Subventions"), *(amount(each.grants) for each in sums)),
        row(_("Recettes propres"), *(amount(each.own) for each in sums)),
    ]
    units = ["", *[EUROS] * len(spans)]
    return table(_("À ce jour, en euros hors taxes"), [_("Rubrique"), *spans], rows, units=units, notes=notes)


def rolling(last: date) -> str:
    """What the twelve months that end with a month are called: they are past, the way is to come."""
    return _("Douze mois glissants, jusqu’à %(month)s") % {"month": month(last).lower()}


def _bars(facts: Facts) -> Chart:
    months = facts.year_months
    shown = [facts.months[each] for each in months]
    rows = [
        series(label, [rounded(each.income[name]) for each in shown])
        for name, label in income.GROUPS.items()
        if any(each.income[name] for each in shown)
    ]
    return chart(
        "stack",
        _("Recettes propres des douze derniers mois, empilées par rubrique, et coûts de fonctionnement."),
        [short(each) for each in months],
        rows,
        over=[series(_("coûts"), [rounded(each.costs) for each in shown])],
        unit=EUROS,
    )


def covered(facts: Facts, notes: Notes) -> Section:
    """Which share of its costs the place earns, and the way to the target."""
    way, target = facts.board.way, facts.board.target
    months = facts.own_months

    def passed(each: date) -> int | None:
        at = way.at(each) if way else None
        return None if at is None else rounded(at)

    def told_of(label: str, money: Money, at: int | None) -> list[Cell]:
        gap = None if at is None or money.coverage is None else money.coverage - at
        return row(label, money.coverage, money.with_grants, at, gap)

    twelve = added(costed([facts.months[each] for each in facts.year_months]))
    columns = [
        _("Mois"),
        _("Couverture"),
        _("Avec subventions"),
        _("Trajectoire vers l’objectif"),
        _("Écart, en points"),
    ]
    told = table(
        _("Part des coûts que le lieu gagne"),
        columns,
        [told_of(month(each), facts.months[each], passed(each)) for each in months],
        total=told_of(rolling(facts.last_month), twelve, passed(facts.last_month)),
        units=["", PERCENT, PERCENT, PERCENT, ""],
        notes=[notes.number(str(definitions.COVERAGE)), notes.number(str(definitions.WAY))],
    )
    text = ""
    if target is not None:
        words = _("Objectif\u00a0: %(share)s des coûts de fonctionnement en %(month)s.")
        text = words % {
            "share": said(target.percent, language(), PERCENT),
            "month": month(target.due_month).lower(),
        }
    shown = facts.year_months
    lines = [
        series(_("couverture"), [facts.months[each].coverage for each in shown]),
        series(_("avec subventions"), [facts.months[each].with_grants for each in shown]),
    ]
    drawn = chart(
        "lines",
        _("Couverture des coûts sur douze mois, avec et sans subventions, et trajectoire vers l’objectif."),
        [short(each) for each in shown],
        lines,
        over=[series(_("trajectoire"), [passed(each) for each in shown])] if way else [],
        unit=PERCENT,
    )
    return section("coverage", [told], [drawn], text)


def agreeing(facts: Facts, notes: Notes) -> Section:
    """From the income of the report to the books, and from the books to the till."""
    tables = [_agreeing(each, notes) for each in facts.agreed]
    text = str(definitions.AGREEING)
    if not tables:
        text = _(
            "Le vendeur a d’autres sites\u00a0: ses comptes se rapprochent du rapport de tous les sites."
        )
    return section("agreeing", tables, text=text)


def _agreeing(each: Agreed, notes: Notes) -> Table:
    books = each.books
    lines = [
        (_("Recettes propres du rapport"), each.reported),
        (_("Ventes hors des sites du rapport"), each.elsewhere),
        (_("Comptes de produits du journal (FEC)"), books.earned),
        (_("Écart entre le rapport et le journal"), each.gap),
        (_("TVA facturée"), books.vat),
        (_("Acomptes facturés, moins ceux que les soldes déduisent"), books.advances),
        (_("Facturé aux clients, toutes taxes comprises"), books.charged),
        (_("Encaissé, moins remboursé"), books.paid),
        (_("Clôtures de caisse de la période"), each.closed),
        (_("Écart entre le journal et les clôtures"), each.till_gap),
        (_("Ce que les clients doivent de plus qu’au début"), each.owed),
    ]
    return table(
        _("%(seller)s, en euros") % {"seller": each.seller.name},
        [_("Ligne"), _("Montant")],
        [row(label, amount(value)) for label, value in lines],
        units=["", EUROS],
        notes=[notes.number(str(definitions.BOOKS))],
    )
