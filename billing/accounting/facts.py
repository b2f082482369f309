"""What happened, as values: documents issued, money moved, payouts; entries are derived from these alone."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Moved = Literal["received", "refunded", "returned"]


@dataclass(frozen=True, slots=True)
class Auxiliary:
    """A customer's own account: a code that never changes, and a name."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Source:
    """The row a fact was read from: `document`, `payment`, `payout`, `cash`, `remittance`…, and its id."""

    kind: str = ""
    pk: int = 0


@dataclass(frozen=True, slots=True)
class Rated:
    """A base excluding VAT and its VAT at one rate (percent), in euros."""

    rate: Decimal
    base: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class DocumentFact:
    """A document issued. `revenue` is by account; `deducted` is what a final invoice takes off for advances.

    `of_advance` for an advance invoice, and for a credit note on one. `on_debits` says that its VAT is due
    when it is issued, rather than when the money comes.
    """

    recorded_at: dt.datetime
    date: dt.date
    number: str
    customer: Auxiliary
    revenue: Mapping[str, Decimal]
    vat: Sequence[Rated]
    deducted: Sequence[Rated] = ()
    credit: bool = False
    of_advance: bool = False
    on_debits: bool = True
    source: Source = field(default_factory=Source)

    @property
    def sign(self) -> int:
        """A credit note gives back."""
        return -1 if self.credit else 1


@dataclass(frozen=True, slots=True)
class MoneyFact:
    """Money received, given back, or a refund that came back; `value_date` is the bank's."""

    moved: Moved
    recorded_at: dt.datetime
    date: dt.date
    value_date: dt.date
    reference: str
    method: str
    amount: Decimal
    customer: Auxiliary
    source: Source = field(default_factory=Source)


@dataclass(frozen=True, slots=True)
class PayoutFact:
    """A payout of the card processor that reached the bank: `gross` − `fees` = `net`, in euros."""

    recorded_at: dt.datetime
    date: dt.date
    reference: str
    gross: Decimal
    fees: Decimal
    net: Decimal
    source: Source = field(default_factory=Source)


@dataclass(frozen=True, slots=True)
class VatDueFact:
    """VAT that became due because money came (negative: because it went back), by rate."""

    recorded_at: dt.datetime
    date: dt.date
    number: str
    amounts: Sequence[Rated]
    source: Source = field(default_factory=Source)


@dataclass(frozen=True, slots=True)
class CashFact:
    """Cash brought from the bank to a drawer (below zero: taken to the bank), in euros.

    `word` says what it is where it is neither a float nor a remittance.
    """

    recorded_at: dt.datetime
    date: dt.date
    reference: str
    amount: Decimal
    word: str = ""
    source: Source = field(default_factory=Source)


@dataclass(frozen=True, slots=True)
class DrawerFact:
    """What a count, or a correction of no movement, found too much in a drawer (below zero: missing)."""

    recorded_at: dt.datetime
    date: dt.date
    reference: str
    amount: Decimal
    source: Source = field(default_factory=Source)


@dataclass(frozen=True, slots=True)
class RemittanceFact:
    """Cheques or terminal takings that the bank received: `amount` of them, less its `fees`.

    Below zero when a remittance entered by mistake is withdrawn. `value_date` is the bank's.
    """

    recorded_at: dt.datetime
    date: dt.date
    value_date: dt.date
    reference: str
    method: str
    amount: Decimal
    fees: Decimal
    source: Source = field(default_factory=Source)


@dataclass(frozen=True, slots=True)
class DisputeFact:
    """A card payment that its bank took back at the processor's (below zero: that was given back to us).

    Its fee is among those of the payout. `customer` is None for a payment that nobody knows.
    """

    recorded_at: dt.datetime
    date: dt.date
    reference: str
    amount: Decimal
    customer: Auxiliary | None
    source: Source = field(default_factory=Source)


@dataclass(frozen=True, slots=True)
class WriteOffFact:
    """A disputed payment that nobody will pay: `amount` with its VAT, and what of that is asked back.

    Below zero when one decided by mistake is withdrawn. `value_date` is the day of the decision.
    """

    recorded_at: dt.datetime
    date: dt.date
    value_date: dt.date
    reference: str
    amount: Decimal
    vat: Sequence[Rated]
    customer: Auxiliary | None
    source: Source = field(default_factory=Source)


Fact = (
    DocumentFact
    | MoneyFact
    | PayoutFact
    | VatDueFact
    | CashFact
    | DrawerFact
    | RemittanceFact
    | DisputeFact
    | WriteOffFact
)
