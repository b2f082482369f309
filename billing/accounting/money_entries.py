"""Entries of money that moved, each derived from one fact alone. Pure."""

from collections.abc import Iterable

from billing.accounting.chart import Account, Chart
from billing.accounting.entries import Entry, Part, balanced
from billing.accounting.facts import (
    Auxiliary,
    CashFact,
    DisputeFact,
    DrawerFact,
    MoneyFact,
    PayoutFact,
    RemittanceFact,
    WriteOffFact,
)
from billing.models import AccountRole
from billing.money import ZERO

CASH = "cash"
DatedFact = CashFact | DrawerFact | DisputeFact | PayoutFact | RemittanceFact | WriteOffFact


def dated(
    fact: DatedFact,
    journal: str,
    word: str,
    parts: Iterable[Part],
    rest: tuple[Account, Auxiliary | None],
) -> Entry:
    """An entry of the day of its fact, whose label is a word and the reference of its piece."""
    return Entry(
        journal=journal,
        recorded_at=fact.recorded_at,
        date=fact.date,
        piece=fact.reference,
        piece_date=fact.value_date if isinstance(fact, RemittanceFact | WriteOffFact) else fact.date,
        label=f"{word} {fact.reference}",
        lines=balanced(parts, rest),
        source=fact.source,
    )


def of_money(fact: MoneyFact, chart: Chart) -> Entry:
    """Money came, and the customer owes less; or it went back, and they were owed it.

    What is paid beyond what is owed stays on the customer's account, whose balance is then a credit.
    """
    received = chart.received_on(fact.method)
    given = chart.given_from(fact.method)
    account, amount, word = {
        "received": (received, fact.amount, "Règlement"),
        "refunded": (given, -fact.amount, "Remboursement"),
        "returned": (given, fact.amount, "Remboursement revenu"),
    }[fact.moved]
    return Entry(
        journal="CA" if fact.method == CASH else "BQ",
        recorded_at=fact.recorded_at,
        date=fact.date,
        piece=fact.reference,
        piece_date=fact.value_date,
        label=f"{word} {fact.reference} {fact.customer.label}",
        lines=balanced([(account, None, amount)], (chart.of(AccountRole.CUSTOMERS), fact.customer)),
        source=fact.source,
    )


def of_payout(fact: PayoutFact, chart: Chart) -> Entry:
    """What was in transit reached the bank, less the fees of the card processor."""
    parts: list[Part] = [
        (chart.of(AccountRole.BANK), None, fact.net),
        (chart.of(AccountRole.FEES), None, fact.fees),
    ]
    return dated(fact, "BQ", "Versement", parts, (chart.of(AccountRole.CARD), None))


def of_dispute(fact: DisputeFact, chart: Chart) -> Entry:
    """The processor gave a payment back to who disputes it: it is owed again, and in doubt."""
    word = "Paiement contesté" if fact.amount > 0 else "Contestation rendue"
    parts: list[Part] = [(chart.of(AccountRole.CARD), None, -fact.amount)]
    return dated(fact, "BQ", word, parts, (chart.of(AccountRole.DISPUTES), fact.customer))


def of_remittance(fact: RemittanceFact, chart: Chart) -> Entry:
    """What was taken at the desk reached the bank, less what it keeps."""
    word = "Remise en banque" if fact.amount > 0 else "Remise en banque retirée"
    parts: list[Part] = [
        (chart.of(AccountRole.BANK), None, fact.amount - fact.fees),
        (chart.of(AccountRole.FEES), None, fact.fees),
    ]
    return dated(fact, "BQ", word, parts, (chart.received_on(fact.method), None))


def of_cash(fact: CashFact, chart: Chart) -> Entry:
    """Cash came from the bank to a drawer, or went to the bank from it."""
    word = fact.word or ("Fonds de caisse" if fact.amount > 0 else "Remise en banque")
    parts: list[Part] = [(chart.received_on(CASH), None, fact.amount)]
    return dated(fact, "CA", word, parts, (chart.of(AccountRole.BANK), None))


def of_drawer(fact: DrawerFact, chart: Chart) -> Entry:
    """A drawer held more than it should, or less: income or a charge of management."""
    role = AccountRole.CASH_OVER if fact.amount > 0 else AccountRole.CASH_SHORT
    parts: list[Part] = [(chart.received_on(CASH), None, fact.amount)]
    return dated(fact, "CA", "Écart de caisse", parts, (chart.of(role), None))


def of_write_off(fact: WriteOffFact, chart: Chart) -> Entry:
    """Who disputed a payment will not pay it: a loss, less the VAT that is asked back of the State."""
    word = "Perte sur créance" if fact.amount > 0 else "Perte sur créance retirée"
    back = sum((row.vat for row in fact.vat), ZERO)
    parts: list[Part] = [
        (chart.of(AccountRole.BAD_DEBTS), None, fact.amount - back),
        *((chart.vat(row.rate), None, row.vat) for row in fact.vat),
    ]
    return dated(fact, "OD", word, parts, (chart.of(AccountRole.DISPUTES), fact.customer))
