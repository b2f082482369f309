"""What each page of « Comptes » shows: its definition, its table, and the rows behind a figure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.accounting.books import Numbered, entries_of, sums_by_account
from billing.accounting.facts import Source
from billing.money import ZERO
from cantine.gestion.accounts import definitions
from cantine.gestion.accounts.asking import Asked
from cantine.gestion.accounts.tables import Cell, Head, Table

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
