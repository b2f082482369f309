"""What a transfer may pay: documents due and orders that wait, matched or chosen by customer."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Sum

from billing.collecting.matching import Candidate, Guess, guesses, shared
from billing.collecting.transfers import Part
from billing.models import Customer, Document, Order, Seller
from billing.money import ZERO
from billing.payments.keeping import credits_left

LATE_ORDERS = dt.timedelta(days=60)
"""How long an order whose time is up is still proposed: transfers come late."""


@dataclass(frozen=True, slots=True)
class Payer:
    """Who a transfer comes from, and to whom: one customer's debts to one seller."""

    customer: Customer
    seller: Seller

    @property
    def key(self) -> str:
        """How forms name it."""
        return f"{self.customer.pk}-{self.seller.pk}"


@dataclass(frozen=True, slots=True)
class Debt:
    """A document due, or an order that waits, and how much of it is owed (euros)."""

    payer: Payer
    owed: Decimal
    document: Document | None = None
    order: Order | None = None

    @property
    def key(self) -> str:
        """How forms name it."""
        return f"d{self.document.pk}" if self.document else f"c{self.order.pk if self.order else 0}"

    @property
    def name(self) -> str:
        """What people call it."""
        return self.document.number if self.document else self.order.reference if self.order else ""

    @property
    def references(self) -> tuple[str, ...]:
        """What the words of a transfer may name it by."""
        return (self.name, self.document.order.reference) if self.document else (self.name,)

    @property
    def candidate(self) -> Candidate:
        """The same for matching."""
        customer = self.payer.customer
        return Candidate(self.key, self.references, customer.pk, customer.name or customer.email, self.owed)

    @property
    def site_code(self) -> str:
        """Where it was ordered."""
        order = self.document.order if self.document else self.order
        return order.site_code if order else ""

    def part(self, amount: Decimal) -> Part:
        """So much of it paid."""
        return Part(amount, document=self.document, order=self.order)


def debts(now: dt.datetime, *, customer: int | None = None, seller: int | None = None) -> list[Debt]:
    """List what may be paid by transfer, documents first, the longest due first."""
    whose = {
        name: value for name, value in {"customer": customer, "seller": seller}.items() if value is not None
    }
    documents = Document.objects.unpaid().filter(**whose).select_related("customer", "seller", "order")
    found = [
        Debt(Payer(row.customer, row.seller), row.owed, document=row)
        for row in documents.order_by(F("due_on").asc(nulls_first=True), "pk")
    ]
    waiting = Order.objects.filter(
        **whose,
        state__in=[Order.State.OPEN, Order.State.EXPIRED],
        created_at__gte=now - LATE_ORDERS,
    )
    orders = waiting.annotate(sum=Sum("lines__amount_incl")).filter(sum__gt=0)
    sums = dict(orders.values_list("pk", "sum"))
    for payment in credits_left().filter(order__in=sums):
        sums[payment.order_id] = max(sums[payment.order_id] - payment.credit, ZERO)
    rows = (
        waiting.filter(pk__in=[pk for pk, left in sums.items() if left])
        .select_related("customer", "seller")
        .order_by("created_at")
    )
    return [*found, *(Debt(Payer(row.customer, row.seller), sums[row.pk], order=row) for row in rows)]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A payer with the best reasons to think it is theirs (`reference`, `amount`, `name`)."""

    payer: Payer
    reasons: tuple[str, ...]
    debts: tuple[Debt, ...]


def proposals(text: str, amount: Decimal, among: Sequence[Debt]) -> list[Proposal]:
    """Propose payers for a transfer, the surest first."""
    known = {debt.key: debt for debt in among}
    found: dict[str, list[Guess]] = {}
    for guess in guesses(text, amount, [debt.candidate for debt in among]):
        found.setdefault(known[guess.candidate.key].payer.key, []).append(guess)
    return [
        Proposal(
            known[group[0].candidate.key].payer,
            group[0].reasons,
            tuple(known[guess.candidate.key] for guess in group),
        )
        for group in found.values()
    ]


def certain(found: Sequence[Proposal]) -> Payer | None:
    """The payer that the words of the transfer name, when they name one alone."""
    named = [each.payer for each in found if "reference" in each.reasons]
    return named[0] if len(named) == 1 else None


def proposed_parts(text: str, amount: Decimal, among: Sequence[Debt]) -> dict[str, Decimal]:
    """Share a transfer over its payer's debts: what its words name, what has its amount, then by age.

    An order that waits is paid only where it is named or has the amount.
    """
    by_key = {guess.candidate.key: guess for guess in guesses(text, amount, [d.candidate for d in among])}
    ordered = sorted(
        (debt for debt in among if debt.document or _is_meant(by_key.get(debt.key))),
        key=lambda debt: _rank(by_key.get(debt.key)),
    )
    parts = shared(amount, [debt.owed for debt in ordered])
    return {debt.key: part for debt, part in zip(ordered, parts, strict=True) if part}


def _is_meant(guess: Guess | None) -> bool:
    return guess is not None and not {"reference", "amount"}.isdisjoint(guess.reasons)


def _rank(guess: Guess | None) -> int:
    reasons = guess.reasons if guess else ()
    return 0 if "reference" in reasons else 1 if "amount" in reasons else 2


def parts_of(amounts: Mapping[str, Decimal | None], among: Iterable[Debt]) -> list[Part]:
    """Turn what a form says of each debt into parts; what is left empty is not paid."""
    return [debt.part(amount) for debt in among if (amount := amounts.get(debt.key))]
