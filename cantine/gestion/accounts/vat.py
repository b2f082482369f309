"""« TVA »: what became due by rate, its documents, and how it goes over to the accounts of the balance."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from billing.accounting.books import entries_of, facts_of
from billing.accounting.chart import USUAL_VAT, Account, Chart, chart_of
from billing.accounting.facts import DocumentFact, Fact, Rated
from billing.accounting.opening import JOURNAL as OPENING
from billing.accounting.revenue import revenue
from billing.accounting.vat import Became, VatLine, by_rate, vat_lines
from billing.models import AccountRole
from billing.money import ZERO
from cantine.gestion.accounts import definitions
from cantine.gestion.accounts.asking import Asked
from cantine.gestion.accounts.reports import ACCOUNT, NUMBER, TOTAL, Report, heads, source_of, total
from cantine.gestion.accounts.tables import Cell, Table
from members.formats import euros

BECAME = {
    Became.ISSUED: gettext_lazy("émission"),
    Became.PAID: gettext_lazy("encaissement"),
    Became.LOST: gettext_lazy("perte"),
}


def vat(asked: Asked) -> Report:
    """VAT by rate; each leads to the documents it comes from."""
    facts = facts_of(asked.seller, asked.period)
    lines = vat_lines(facts)
    sums = by_rate(lines)
    rows = [
        [Cell(rate_of(row.rate), asked.query(taux=f"{row.rate:.2f}")), Cell(row.base), Cell(row.vat)]
        for row in sums
    ]
    foot = [Cell(str(TOTAL)), total([row.base for row in sums]), total([row.vat for row in sums])]
    chosen = chosen_rate(asked)
    return Report(
        " ".join([str(definitions.VAT), *base_words(asked, facts, sums)]),
        Table(heads(_("Taux"), _("Base HT"), _("TVA"), sums=2), rows, foot),
        None if chosen is None else vat_detail(lines, chosen, asked),
        name="tva",
        beside=lambda: [bridge(asked, facts, sums)] if sums else [],
    )


def base_words(asked: Asked, facts: Sequence[Fact], sums: Sequence[Rated]) -> list[str]:
    """Why the base is not the revenue of the same days; nothing where it is."""
    base = sum((row.base for row in sums), ZERO)
    earned = sum((sum(each.values(), ZERO) for each in revenue(asked.seller, asked.period).values()), ZERO)
    if base == earned:
        return []
    advances = sum((advanced(fact) for fact in facts if isinstance(fact, DocumentFact)), ZERO)
    words = {"revenue": earned, "advances": advances, "rest": base - earned - advances}
    language = get_language() or "fr"
    return [definitions.VAT_BASE % {name: euros(amount, language) for name, amount in words.items()}]


def advanced(fact: DocumentFact) -> Decimal:
    """What a document adds to the advances invoiced and not deducted yet, in euros excluding VAT."""
    billed = sum(fact.revenue.values(), ZERO) if fact.of_advance else ZERO
    return fact.sign * (billed - sum((row.base for row in fact.deducted), ZERO))


def bridge(asked: Asked, facts: Sequence[Fact], sums: Sequence[Rated]) -> Table:
    """From what became due in the period to what the balance shows on the accounts of VAT collected.

    The balance of a period that begins with a fiscal year has, besides, what was owed when it began.
    """
    chart = chart_of(asked.seller)
    accounts = {chart.vat(row.rate) for row in sums if row.vat} | vat_accounts(chart)
    opened: dict[str, Decimal] = dict.fromkeys(sorted(each.number for each in accounts), ZERO)
    moved = dict(opened)
    for each in entries_of(asked.seller, asked.period, facts):
        found = opened if each.entry.journal == OPENING else moved
        for line in each.entry.lines:
            if line.account.number in found:
                found[line.account.number] += line.credit - line.debit
    there = reverse("admin:accounts_entries")
    rows = [
        [
            Cell(number, there + asked.query(compte=number)),
            Cell(opened[number]),
            Cell(moved[number]),
            Cell(opened[number] + moved[number]),
        ]
        for number in opened
        if opened[number] or moved[number]
    ]
    foot = [Cell(str(TOTAL)), total([*opened.values()]), total([*moved.values()])]
    foot.append(total([*opened.values(), *moved.values()]))
    names = heads(
        ACCOUNT, _("Dû à l’ouverture"), _("Devenue exigible"), _("Solde créditeur à la balance"), sums=3
    )
    definition = definitions.VAT_BRIDGE % {"due": euros(total_of(sums), get_language() or "fr")}
    return Table(names, rows, foot, _("De cette page à la balance"), definition)


def vat_accounts(chart: Chart) -> set[Account]:
    """The accounts of VAT collected, whatever was sold; VAT that awaits payment is on another."""
    rates = {*USUAL_VAT, *chart.vat_rates}
    return {chart.vat(rate) for rate in rates} | {chart.of(AccountRole.VAT)}


def total_of(sums: Sequence[Rated]) -> Decimal:
    """The VAT of all rates."""
    return sum((row.vat for row in sums), ZERO)


def rate_of(rate: Decimal) -> str:
    """A rate: « 5,5 % »."""
    return f"{rate.normalize():f}".replace(".", ",") + "\u00a0%" if rate else _("hors TVA")


def chosen_rate(asked: Asked) -> Decimal | None:
    """The rate whose documents are asked for."""
    try:
        found = Decimal(asked.more["taux"])
    except (KeyError, InvalidOperation):
        return None
    return found if found.is_finite() else None


def vat_detail(lines: Sequence[VatLine], rate: Decimal, asked: Asked) -> Table:
    """What makes one rate."""
    found = [line for line in lines if line.rate == rate]
    rows = [
        [
            Cell(line.date),
            source_of(line.source, line.number, asked),
            Cell(str(BECAME[line.became])),
            Cell(line.base),
            Cell(line.vat),
        ]
        for line in found
    ]
    foot = [Cell(str(TOTAL)), Cell(""), Cell("")]
    foot += [total([line.base for line in found]), total([line.vat for line in found])]
    names = heads(_("Date"), NUMBER, _("Devenue due à"), _("Base HT"), _("TVA"), sums=2)
    return Table(names, rows, foot, _("Taux %(rate)s") % {"rate": rate_of(rate)})
