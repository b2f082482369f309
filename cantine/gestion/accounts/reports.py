"""What each page of « Comptes » shows: its definition, its table, and the rows behind a figure."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.accounting.books import Numbered, entries_of, sums_by_account
from billing.accounting.facts import Source
from billing.accounting.periods import Period, month_of
from billing.accounting.revenue import revenue, revenue_lines
from billing.money import ZERO
from cantine.gestion.accounts import definitions
from cantine.gestion.accounts.asking import Asked
from cantine.gestion.accounts.tables import Cell, Head, Table
from cantine.pilotage.figures.income import GROUP_OF, GROUPS

ACCOUNT, LABEL, NUMBER = gettext_lazy("Compte"), gettext_lazy("Intitulé"), gettext_lazy("Document")
TOTAL = gettext_lazy("Total")
PAGE_OF = {
    "payment": "admin:billing_payment_change",
    "payout": "admin:payout",
    "remittance": "admin:remittance",
    "dispute": "admin:dispute",
}
OF_THE_HOUSE = ("payout", "dispute")
"""Sources whose pages concern the whole house."""


def nothing() -> Sequence[Table]:
    """Beside most pages."""
    return ()


@dataclass(frozen=True)
class Report:
    """A page: what its figures are, the figures, the rows of the one that was chosen.

    `beside` works out what goes beside them, on the page alone.
    """

    definition: str
    table: Table | None
    detail: Table | None = None
    name: str = "comptes"
    beside: Callable[[], Sequence[Table]] = nothing

    @property
    def main(self) -> Table | None:
        """What a spreadsheet gets: the rows that are looked at, else the figures."""
        return self.detail or self.table


def total(values: Sequence[Decimal]) -> Cell:
    """A sum at the foot."""
    return Cell(sum(values, ZERO))


def heads(*names: str | Promise, sums: int = 0) -> list[Head]:
    """Heads of columns, of which the last `sums` are sums."""
    first = len(names) - sums
    return [Head(name, index >= first) for index, name in enumerate(names)]


def source_of(source: Source, text: str, asked: Asked) -> Cell:
    """A piece, and where it is for who may open that."""
    if source.kind in OF_THE_HOUSE and not asked.opens_disputes:
        return Cell(text)
    if source.kind == "document":
        return Cell(text, reverse("billing:document", args=[asked.seller.code, text]))
    page = PAGE_OF.get(source.kind)
    return Cell(text, reverse(page, args=[source.pk]) if page else "")


def balance(asked: Asked) -> Report:
    """Every account with its sums; each leads to its entries."""
    entries = entries_of(asked.seller, asked.period)
    labels = {line.account.number: line.account.label for each in entries for line in each.entry.lines}
    sums = sums_by_account(entries)
    there = reverse("admin:accounts_entries")
    rows = [
        [
            Cell(number, there + asked.query(compte=number)),
            Cell(labels[number]),
            Cell(each.debit),
            Cell(each.credit),
            Cell(each.balance),
        ]
        for number, each in sums.items()
    ]
    foot = [Cell(str(TOTAL)), Cell("")]
    foot += [total([each.debit for each in sums.values()]), total([each.credit for each in sums.values()])]
    foot.append(total([each.balance for each in sums.values()]))
    names = heads(ACCOUNT, LABEL, _("Débit"), _("Crédit"), _("Solde"), sums=3)
    return Report(
        str(definitions.BALANCE),
        Table(names, rows, foot),
        name="balance",
    )


def journal(asked: Asked) -> Report:
    """The entries, all or those that touch an account or are of a journal, a line each."""
    account, code = asked.more.get("compte", ""), asked.more.get("journal", "")
    lines = [
        (each, line)
        for each in entries_of(asked.seller, asked.period)
        if code in ("", each.entry.journal)
        for line in each.entry.lines
        if line.account.number.startswith(account)
    ]
    rows = [
        [
            Cell(each.number),
            Cell(each.entry.journal),
            Cell(each.entry.date),
            piece_of(each, asked),
            Cell(line.account.number),
            Cell(line.auxiliary.code if line.auxiliary else ""),
            Cell(each.entry.label),
            Cell(line.debit or None),
            Cell(line.credit or None),
        ]
        for each, line in lines
    ]
    foot = [Cell(str(TOTAL)), *[Cell("")] * 6]
    foot += [total([line.debit for _each, line in lines]), total([line.credit for _each, line in lines])]
    names = (_("N°"), _("Journal"), _("Date"), _("Pièce"), ACCOUNT, _("Auxiliaire"), _("Libellé"))
    return Report(
        str(definitions.JOURNAL),
        None,
        Table(heads(*names, _("Débit"), _("Crédit"), sums=2), rows, foot),
        name="ecritures",
    )


def piece_of(each: Numbered, asked: Asked) -> Cell:
    """The piece of an entry."""
    return source_of(each.entry.source, each.entry.piece, asked)


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
    foot += [total([each.get(month, ZERO) for each in found.values()]) for month in months]
    foot.append(total([amount for each in found.values() for amount in each.values()]))
    names = heads(_("Rubrique"), *(f"{month:%m/%Y}" for month in months), TOTAL, sums=len(months) + 1)
    return Report(
        str(definitions.REVENUE),
        Table(names, rows, foot),
        income_detail(asked, months) if "rubrique" in asked.more else None,
        name="produits",
    )


def category_words(category: str) -> str:
    """A category as « Pilotage » names it; one it does not know is told as it was written."""
    group = GROUP_OF.get(category)
    return capfirst(str(GROUPS[group])) if group else category or _("sans rubrique")


def month_cell(asked: Asked, category: str, month: dt.date, amount: Decimal | None) -> Cell:
    """The revenue of a month, and where its lines are."""
    if amount is None:
        return Cell(None)
    return Cell(amount, asked.query(rubrique=category, mois=f"{month:%Y-%m}"))


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
