"""Where a payment, a promise or nothing at all turns an order into what was ordered: fulfil, issue, owe."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from billing import fulfilment
from billing.documents.services import Discount, issue_advance_invoice, issue_final_invoice, issue_invoice
from billing.errors import CouldNotFulfil, HoldEnded, NoTerms, OrderNotOpen
from billing.models import Allocation, Document, Order, OrderLine, Payment, PaymentEvent, Refund
from billing.money import ZERO
from billing.orders.agreeing import note_terms
from billing.orders.services import lock
from billing.payments import ledger
from billing.payments.attempts import next_attempt
from billing.payments.keeping import credit_sum, kept_for
from billing.payments.refunds import request_refund
from billing.payments.releasing import release_soon
from billing.settlement import telling
from billing.settlement.parts import give_parts_back
from billing.settlement.reversing import Reversal, reverse_line
from members.inserting import insert
from members.models import User
from members.transactions import own_transaction, require_transaction

__all__ = [
    "Ending",
    "Reversal",
    "accept",
    "accept_on_terms",
    "cancel_order",
    "choose_desk",
    "give_up",
    "receive_at_desk",
    "reverse_line",
    "take_at_desk",
]


@dataclass(frozen=True, slots=True)
class Ending:
    """What the invoice of an order that ends a sale deducts, and what is off the whole of it."""

    advances: Sequence[Document] = ()
    discount: Discount | None = None


ACCEPTABLE = (Order.State.OPEN, Order.State.EXPIRED)


def accept(
    order: Order,
    *,
    means: str,
    now: dt.datetime,
    payment: Payment | None = None,
    ending: Ending | None = None,
    kept: Sequence[Payment] = (),
) -> Document | None:
    """Step: fulfil what can be, invoice it, refund the rest, owe what is to be said.

    The caller holds the order's lock, and gives it as it was read under it, or placed, in this transaction.
    Without a payment everything must be possible, or `CouldNotFulfil` is raised. With `ending`, its invoice
    is the final one, less the advances. `kept` is what came for it by transfer before (`kept_for`). Returns
    the invoice, if any.
    """
    require_transaction()
    if order.state not in ACCEPTABLE:
        raise OrderNotOpen
    lines = list(order.lines.all())
    done = [line for line in lines if _fulfil(line, order, now=now)]
    if payment is None and len(done) < len(lines):
        raise CouldNotFulfil
    if not done:
        _give_all_back(order, payment, now=now)
        return None
    _mark_accepted(order, means, now)
    document = _invoice(order, done, payment, kept, ending or Ending(), now=now)
    _give_rest_back(payment, kept, document, now=now)
    _tell(done, document, now=now)
    release_soon(order)
    return document


def _fulfil(line: OrderLine, order: Order, *, now: dt.datetime) -> bool:
    line.order = order
    possible = line.state == OrderLine.State.PENDING and fulfilment.handler_of(line).accept(line, now=now)
    line.state = OrderLine.State.FULFILLED if possible else OrderLine.State.FAILED
    line.save(update_fields=["state"])
    return possible


def _mark_accepted(order: Order, means: str, now: dt.datetime) -> None:
    order.state, order.means, order.accepted_at = Order.State.ACCEPTED, means, now
    note_terms(order, now=now)
    order.save(update_fields=["state", "means", "accepted_at", "terms_of_sale"])


def _invoice(
    order: Order,
    lines: Sequence[OrderLine],
    payment: Payment | None,
    kept: Sequence[Payment],
    ending: Ending,
    *,
    now: dt.datetime,
) -> Document | None:
    """Step: issue the invoice, an advance or a final one where it is; what costs nothing has none.

    Advances are no nothing: they are deducted, or refused for what they pass.
    """
    if sum((line.amount_incl for line in lines), ZERO) == ZERO and not ending.advances:
        return None
    if all(fulfilment.is_advance(line) for line in lines):
        return issue_advance_invoice(order, lines, payment, now=now, kept=kept)
    if ending.advances:
        return issue_final_invoice(
            order, lines, ending.advances, payment, now=now, discount=ending.discount, kept=kept
        )
    return issue_invoice(order, lines, payment, now=now, discount=ending.discount, kept=kept)


def _give_rest_back(
    payment: Payment | None, kept: Sequence[Payment], document: Document | None, *, now: dt.datetime
) -> None:
    """Step: refund what was paid for lines that could not be had; what was kept before stays a credit."""
    if payment is None:
        return
    beyond = payment.amount + credit_sum(kept) - (document.total_incl if document else ZERO)
    rest = min(payment.amount, beyond)
    if rest > 0:
        telling.owe_refunded(request_refund(payment, rest, reason=Refund.Reason.GONE, now=now))


def _give_all_back(order: Order, payment: Payment | None, *, now: dt.datetime) -> None:
    """Step: nothing could be had: the order ends as expired and the payment goes back in full."""
    if order.state == Order.State.OPEN:
        order.state = Order.State.EXPIRED
        order.save(update_fields=["state"])
    if payment is not None:
        refund = request_refund(payment, payment.amount, reason=Refund.Reason.GONE, now=now)
        telling.owe_refunded(refund)


def _tell(lines: Sequence[OrderLine], document: Document | None, *, now: dt.datetime) -> None:
    """Step: let each line owe its confirmation; owe the invoice by itself if none of them carries it."""
    carried = [fulfilment.handler_of(line).accepted_with(line, document, now=now) for line in lines]
    if document is not None and not any(carried):
        telling.owe_invoice(document)


@own_transaction
def accept_on_terms(*, order: Order, by: User | None, now: dt.datetime) -> Document | None:
    """Accept an open order on invoice, for a customer with terms; refused to the others."""
    locked = lock(order)
    if not locked.customer.has_terms:
        raise NoTerms
    _refuse_unless_open(locked, now)
    return accept(locked, means=Order.Means.TERMS, now=now, kept=kept_for(locked))


@own_transaction
def choose_desk(*, order: Order, until: dt.datetime, by: User | None, now: dt.datetime) -> Order:
    """Keep an open order until `until`, when it is to be paid at the desk."""
    locked = lock(order)
    _refuse_unless_open(locked, now)
    locked.means, locked.expires_at = Order.Means.DESK, until
    locked.save(update_fields=["means", "expires_at"])
    for line in locked.lines.order_by("position"):
        fulfilment.handler_of(line).prolong(line, until=until)
    return locked


@own_transaction
def take_at_desk(*, order: Order, method: str, by: User, now: dt.datetime) -> Payment:
    """Record money taken at the desk, and accept the order, or settle its unpaid invoice.

    `method` is cash, terminal, cheque or transfer. Raises when the order can no longer be had; no money
    is taken then.
    """
    return receive_at_desk(order, method=method, by=by, now=now)


def receive_at_desk(order: Order, *, method: str, by: User, now: dt.datetime) -> Payment:
    """Step: as `take_at_desk`, for who places the order and takes its money in one transaction."""
    locked = lock(order)
    invoice = locked.documents.unpaid().first()
    if locked.state not in ACCEPTABLE and invoice is None:
        raise OrderNotOpen
    kept = [] if invoice else kept_for(locked)
    owed = invoice.owed if invoice else locked.total - credit_sum(kept)
    payment = Payment(
        order=locked,
        attempt=next_attempt(locked),
        method=method,
        state=Payment.State.SUCCEEDED,
        amount=owed,
        operator=by,
        started_at=now,
        succeeded_at=now,
        settled_at=now,
    )
    insert(payment)
    ledger.record(PaymentEvent.Kind.TAKEN, payment=payment, amount=owed, now=now, operator=by)
    if invoice:
        insert(Allocation(document=invoice, payment=payment, amount=owed, at=now))
        release_soon(locked)
    else:
        document = accept(locked, means=Order.Means.DESK, now=now, payment=payment, kept=kept)
        if document is None or document.total_incl != locked.total:
            raise CouldNotFulfil
    return payment


@own_transaction
def cancel_order(*, order: Order, by: User | None, now: dt.datetime) -> Order:
    """Give up an open order: what it held is free at once, and its payment page is closed."""
    return give_up(order, now=now)


def give_up(order: Order, *, now: dt.datetime) -> Order:
    """Step: give up an open order; refused in any other state. What came of it by transfer goes back."""
    locked = lock(order)
    if locked.state != Order.State.OPEN:
        raise OrderNotOpen
    locked.state = Order.State.CANCELLED
    locked.save(update_fields=["state"])
    for line in locked.lines.order_by("position"):
        line.state = OrderLine.State.CANCELLED
        line.save(update_fields=["state"])
        fulfilment.handler_of(line).cancel(line, now=now)
    give_parts_back(locked, now=now)
    release_soon(locked)
    return locked


def _refuse_unless_open(order: Order, now: dt.datetime) -> None:
    if order.state == Order.State.EXPIRED or (order.expires_at and order.expires_at <= now):
        raise HoldEnded
    if order.state != Order.State.OPEN:
        raise OrderNotOpen
