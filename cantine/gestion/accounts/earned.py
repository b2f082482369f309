"""« Produits »: revenue by category and month, the lines behind a figure, and the way to the balance."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.accounting.books import moved_in
from billing.accounting.chart import Account
from billing.accounting.entries import Entry
from billing.accounting.facts import Source
from billing.accounting.periods import Period, month_of
from billing.accounting.revenue import revenue, revenue_lines
from billing.money import ZERO
from cantine.gestion.accounts import definitions
from cantine.gestion.accounts.asking import Asked
from cantine.gestion.accounts.reports import ACCOUNT, NUMBER, TOTAL, Report, heads, source_of, total
from cantine.gestion.accounts.tables import Cell, Head, Table
from cantine.pilotage.figures.income import GROUP_OF, GROUPS
from members.formats import month_short

REVENUE_CLASS = "7"


def income(asked: Asked) -> Report:
    """Revenue by category and month; each figure leads to its lines."""
    found = revenue(asked.seller, asked.period)
    months = list(asked.period.months)
    rows = [
        [
            Cell(category_words(category), asked.query(rubrique=category)),
            *(month_cell(asked, category, month, by_month.get(month)) for month in months),
            total([*by_month.values()]),
        ]
        for category, by_month in found.items()
    ]
    foot = [Cell(str(TOTAL))]
    foot += [rounded(sum((each.get(month, ZERO) for each in found.values()), ZERO)) for month in months]
    whole = sum((amount for each in found.values() for amount in each.values()), ZERO)
    foot.append(Cell(whole))
    names = [Head(_("Rubrique")), *month_heads(months), Head(TOTAL, is_sum=True)]
    return Report(
        str(definitions.REVENUE),
        Table(names, rows, foot, is_narrow=True),
        income_detail(asked, months) if "rubrique" in asked.more else None,
        name="produits",
        beside=lambda: bridge(asked, whole),
    )


def bridge(asked: Asked, shown: Decimal) -> list[Table]:
    """From the total of the page to class 7 of the balance: what either has that the other has not.

    Nothing where neither has anything.
    """
    of_documents, others = on_revenue(moved_in(asked.seller, asked.period))
    there = reverse("admin:accounts_entries")
    outside = of_documents - shown
    rows = [[Cell(_("Total de cette page")), Cell(shown)]]
    if outside:
        rows.append([Cell(_("Articles vendus sur un compte hors de la classe 7")), Cell(outside)])
    words = _("Sans facture, au compte %(number)s (%(label)s)")
    rows += [
        [
            Cell(
                words % {"number": account.number, "label": account.label},
                there + asked.query(compte=account.number),
            ),
            Cell(amount),
        ]
        for account, amount in sorted(others.items())
        if amount
    ]
    foot = [Cell(_("Classe 7 de la balance")), total([of_documents, *others.values()])]
    names = heads(_("Produits"), _("Montant"), sums=1)
    if not (shown or of_documents or others):
        return []
    return [Table(names, rows, foot, _("De cette page à la balance"), str(definitions.REVENUE_BRIDGE))]


def on_revenue(entries: Iterable[Entry]) -> tuple[Decimal, dict[Account, Decimal]]:
    """What is credited to class 7: by documents in all, and by anything else on each account."""
    of_documents, others = ZERO, dict[Account, Decimal]()
    for each in entries:
        for line in each.lines:
            if not line.account.number.startswith(REVENUE_CLASS):
                continue
            if each.source.kind == "document":
                of_documents += line.credit - line.debit
            else:
                others[line.account] = others.get(line.account, ZERO) + line.credit - line.debit
    return of_documents, others


def category_words(category: str) -> str:
    """A category as « Pilotage » names it; one it does not know is told as it was written."""
    group = GROUP_OF.get(category)
    return capfirst(str(GROUPS[group])) if group else category or _("sans rubrique")


def month_heads(months: Sequence[dt.date]) -> list[Head]:
    """« janv. », with the year where it is another one than before; a spreadsheet has both each time."""
    language = get_language() or "fr"
    several = months[0].year != months[-1].year
    return [
        Head(
            month_short(month, language, year=several and (month.month == 1 or month == months[0])),
            is_sum=True,
            full=f"{month:%m/%Y}",
        )
        for month in months
    ]


def rounded(amount: Decimal) -> Cell:
    """A sum of a month: told without cents, for twelve to stand side by side."""
    return Cell(amount, is_rounded=True)


def month_cell(asked: Asked, category: str, month: dt.date, amount: Decimal | None) -> Cell:
    """The revenue of a month, and where its lines are."""
    if amount is None:
        return Cell(None)
    return replace(rounded(amount), href=asked.query(rubrique=category, mois=f"{month:%Y-%m}"))


def income_detail(asked: Asked, months: Sequence[dt.date]) -> Table:
    """The lines of a category, in one month or in all of them."""
    category, chosen = asked.more["rubrique"], asked.more.get("mois", "")
    month = next((each for each in months if f"{each:%Y-%m}" == chosen), None)
    period = asked.period
    if month:
        whole = month_of(month)
        period = Period(max(whole.first, period.first), min(whole.last, period.last))
    lines = revenue_lines(asked.seller, period).filter(product__report_category=category)
    lines = lines.select_related("document", "product").order_by(
        "document__issued_at", "document", "position"
    )
    rows = [
        [
            Cell(line.document.issued_on),
            source_of(Source("document", line.document_id), line.document.number, asked),
            Cell(line.product.name),
            Cell(line.product.revenue_account),
            Cell(line.signed),  # type: ignore[attr-defined]  # annotated
        ]
        for line in lines
    ]
    foot = [Cell(str(TOTAL)), *[Cell("")] * 3, total([row[-1].value for row in rows])]  # type: ignore[misc]  # sums
    names = heads(_("Date"), NUMBER, _("Article"), ACCOUNT, _("Montant HT"), sums=1)
    title = category_words(category)
    return Table(names, rows, foot, f"{title} {month:%m/%Y}" if month else title)
