"""The entry of any fact. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from billing.accounting.chart import Chart
from billing.accounting.entries import Entry, of_document, of_vat_due
from billing.accounting.facts import (
    CashFact,
    DisputeFact,
    DocumentFact,
    DrawerFact,
    Fact,
    MoneyFact,
    PayoutFact,
    RemittanceFact,
    VatDueFact,
    WriteOffFact,
)
from billing.accounting.money_entries import (
    of_cash,
    of_dispute,
    of_drawer,
    of_money,
    of_payout,
    of_remittance,
    of_write_off,
)

BY_FACT: Mapping[type, Callable[[Any, Chart], Entry]] = {
    DocumentFact: of_document,
    MoneyFact: of_money,
    PayoutFact: of_payout,
    VatDueFact: of_vat_due,
    DisputeFact: of_dispute,
    RemittanceFact: of_remittance,
    CashFact: of_cash,
    DrawerFact: of_drawer,
    WriteOffFact: of_write_off,
}


def entry_of(fact: Fact, chart: Chart) -> Entry:
    """Derive the entry of one fact; one that moves nothing has no lines."""
    return BY_FACT[type(fact)](fact, chart)
