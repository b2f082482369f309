"""A transfer received: entered once, set against documents and orders, the rest kept as credit."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Max

from billing.collecting.errors import (
    MoreThanOwed,
    MoreThanReceived,
    NothingOrdered,
    NotTheirs,
    OrderNotCovered,
    TransferAlreadyEntered,
    TransferToCome,
)
from billing.collecting.locking import lock_customer, lock_orders
from billing.models import Allocation, Customer, Document, Order, Payment, PaymentEvent, Seller, Transfer
from billing.models.transfer import bare
from billing.money import ZERO
from billing.payments import ledger
from billing.payments.attempts import next_attempt
from billing.payments.keeping import credit_sum, kept_for
from billing.payments.releasing import release_soon
from billing.settlement.services import ACCEPTABLE, accept
from members.models import User
from members.transactions import own_transaction

NOON = dt.time(12)
ONCE = "transfer_is_entered_once"


@dataclass(frozen=True, slots=True)
class Part:
    """What of a transfer (euros) pays one document, or an order that waits for its payment."""

    amount: Decimal
    document: Document | None = None
    order: Order | None = None

    @property
    def order_id(self) -> int:
        """The order it is about, either way."""
        about = self.order.pk if self.order else self.document.order_id if self.document else None
        if about is None:
            raise TypeError("a part is of a document or of an order")
        return about


@dataclass(frozen=True, slots=True)
class Received:
    """A transfer as the bank statement shows it; `amount` in euros."""

    seller: Seller
    customer: Customer
    amount: Decimal
    received_on: dt.date
    reference: str

    @property
    def instant(self) -> dt.datetime:
        """The middle of the value date at the seller's: payments are dated by instants."""
        return dt.datetime.combine(self.received_on, NOON, ZoneInfo(self.seller.timezone))


@dataclass(frozen=True, slots=True)
class Entry:
    """A transfer being entered: its row, when the bank had it, when that is written down."""

    transfer: Transfer
    received_at: dt.datetime
    now: dt.datetime


@own_transaction
def receive_transfer(
    received: Received, parts: Sequence[Part], *, by: User, now: dt.datetime, another: bool = False
) -> Transfer:
    """Enter a transfer, pay each part, keep the rest as the customer's credit.

    An order that still waits is accepted and invoiced once it is covered; until then its part is kept, and
    it waits on. A customer with terms owes the rest on invoice. `another` says that it is not the transfer
    with the same date, amount and words. Raises a refusal of `collecting/errors.py`, and then has written
    nothing.
    """
    _refuse_wrong_sums(received, parts, now)
    customer = lock_customer(received.customer.pk)
    rest = received.amount - sum((part.amount for part in parts), ZERO)
    bearer = _bearer(customer, received.seller, parts) if rest else None
    orders = lock_orders({*(part.order_id for part in parts), *([bearer] if bearer else [])})
    transfer = _entered(received, by=by, now=now, another=another)
    entry = Entry(transfer, received.instant, now)
    for part in parts:
        order = orders[part.order_id]
        _refuse_not_theirs(received, order)
        if part.document:
            _pay_document(part.document, order, part.amount, entry)
        else:
            _pay_order(order, part.amount, entry, rest=rest)
    if bearer:
        _pay(orders[bearer], rest, entry, sold=False)
    return transfer


def _refuse_wrong_sums(received: Received, parts: Sequence[Part], now: dt.datetime) -> None:
    if received.received_on > received.seller.today(now):
        raise TransferToCome
    if any(part.amount <= 0 for part in parts):
        raise MoreThanOwed
    if sum((part.amount for part in parts), ZERO) > received.amount:
        raise MoreThanReceived


def _bearer(customer: Customer, seller: Seller, parts: Sequence[Part]) -> int:
    """Choose the order that credit hangs on: that of the last part, or the customer's latest accepted one."""
    if parts:
        return parts[-1].order_id
    accepted = customer.orders.filter(seller=seller, state=Order.State.ACCEPTED)
    latest = accepted.order_by("-accepted_at").values_list("pk", flat=True).first()
    if latest is None:
        raise NothingOrdered
    return latest


def _entered(received: Received, *, by: User, now: dt.datetime, another: bool) -> Transfer:
    row = Transfer(
        seller=received.seller,
        customer=received.customer,
        received_on=received.received_on,
        amount=received.amount,
        reference=received.reference,
        reference_key=bare(received.reference),
        entered_by=by,
        entered_at=now,
    )
    if another:
        row.serial = _next_serial(row)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if ONCE not in str(error):
            raise
        raise TransferAlreadyEntered from None
    return row


def _next_serial(row: Transfer) -> int:
    same = Transfer.objects.filter(
        seller=row.seller,
        received_on=row.received_on,
        amount=row.amount,
        reference_key=row.reference_key,
    )
    last = same.aggregate(last=Max("serial"))["last"]
    return 0 if last is None else last + 1


def _refuse_not_theirs(received: Received, order: Order) -> None:
    if (order.customer_id, order.seller_id) != (received.customer.pk, received.seller.pk):
        raise NotTheirs


def _pay_document(document: Document, order: Order, amount: Decimal, entry: Entry) -> None:
    owed = Document.objects.unpaid().filter(pk=document.pk, order=order).first()
    if owed is None or amount > owed.owed:
        raise MoreThanOwed
    payment = _pay(order, amount, entry)
    Allocation.objects.create(document=document, payment=payment, amount=amount, at=entry.now)
    release_soon(order)


def _pay_order(order: Order, amount: Decimal, entry: Entry, *, rest: Decimal) -> None:
    """Step: accept an order that is covered, by parts that came before too; else keep the part for it.

    What is kept was sold to nobody yet: where the order is given up it goes back, where it expires it waits
    among the credits for the rest, for another document or for its refund.
    """
    kept, total = kept_for(order), order.total
    received = credit_sum(kept) + amount
    if order.state not in ACCEPTABLE or received > total:
        raise MoreThanOwed
    if received < total and rest:
        raise OrderNotCovered
    if received < total and not order.customer.has_terms:
        _pay(order, amount, entry, sold=False)
        return
    means = Order.Means.TRANSFER if received == total else Order.Means.TERMS
    accept(order, means=means, now=entry.now, payment=_pay(order, amount, entry), kept=kept)


def _pay(order: Order, amount: Decimal, entry: Entry, *, sold: bool = True) -> Payment:
    operator = entry.transfer.entered_by
    payment = Payment.objects.create(
        order=order,
        attempt=next_attempt(order),
        method=Payment.Method.TRANSFER,
        state=Payment.State.SUCCEEDED,
        amount=amount,
        operator=operator,
        started_at=entry.now,
        succeeded_at=entry.received_at,
        settled_at=entry.now,
        transfer=entry.transfer,
    )
    ledger.record(
        PaymentEvent.Kind.RECEIVED,
        payment=payment,
        amount=amount,
        now=entry.now,
        operator=operator,
        sold=sold,
    )
    return payment
