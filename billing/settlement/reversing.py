"""Taking an accepted line back: credit note, then refund or the unpaid invoice reduced."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from billing.documents.services import issue_credit_note, remaining
from billing.errors import AlreadyReversed
from billing.models import INVOICES, Allocation, Document, DocumentLine, OrderLine, Payment, Refund
from billing.money import ZERO
from billing.orders.services import lock
from billing.payments.refunds import request_refund
from billing.settlement import telling
from members.models import User
from members.transactions import require_transaction


@dataclass(frozen=True, slots=True)
class Reversal:
    """What taking a line back came to; `refunds` are requested, not yet sent."""

    credit_note: Document | None = None
    refunds: tuple[Refund, ...] = ()

    @property
    def refund(self) -> Refund | None:
        """The only refund there usually is."""
        return self.refunds[0] if self.refunds else None


def reverse_line(*, line: OrderLine, kept: Decimal, by: User | None, now: dt.datetime) -> Reversal:
    """Step: take an accepted line back, keeping `kept` euros (VAT included) of it.

    The credit note is issued with the decision. It reduces the invoice where that is unpaid; for the rest a
    refund is requested: by Stripe for a card, at the desk otherwise. Its own room frees the place.
    """
    require_transaction()
    order = lock(line.order)
    line = order.lines.get(pk=line.pk)
    if line.state != OrderLine.State.FULFILLED:
        raise AlreadyReversed
    line.state = OrderLine.State.CANCELLED
    line.save(update_fields=["state"])
    original = line.document_lines.filter(document__kind__in=INVOICES).first()
    amount = _to_credit(original, kept)
    if original is None or amount <= 0:
        return Reversal()
    payments = _payments_of(original.document_id)
    invoice = (
        Document.objects.with_balance()
        .select_related("order__customer", "seller")
        .get(pk=original.document_id)
    )
    credit_note = issue_credit_note(invoice, {original: amount}, now=now)
    rest = amount - _reduce(invoice, credit_note, amount, now=now)
    refunds = tuple(_refund(payments, rest, credit_note, by=by, now=now))
    telling.owe_credit_note(credit_note)
    return Reversal(credit_note, refunds)


def _to_credit(original: DocumentLine | None, kept: Decimal) -> Decimal:
    if original is None:
        return Decimal(0)
    return min(original.amount_incl - kept, remaining(original).incl)


def _reduce(invoice: Document, credit_note: Document, amount: Decimal, *, now: dt.datetime) -> Decimal:
    """Step: set the credit note against what is still owed; gives what was set."""
    owed: Decimal = invoice.owed
    part = min(owed, amount)
    if part > 0:
        Allocation.objects.create(document=invoice, credit_note=credit_note, amount=part, at=now)
    return max(part, Decimal(0))


def _payments_of(invoice_id: int) -> list[Payment]:
    """Step: lock the payments that pay an invoice, a credit of another order's too.

    One that is received and not settled yet is settled against what is left, or given back as a whole.
    """
    settled = Payment.objects.received().filter(settled_at__isnull=False)
    paying = Allocation.objects.filter(document=invoice_id, payment__isnull=False).values("payment")
    return list(settled.filter(pk__in=paying).select_for_update(no_key=True).order_by("pk"))


def _refund(
    payments: Iterable[Payment], rest: Decimal, credit_note: Document, *, by: User | None, now: dt.datetime
) -> Iterable[Refund]:
    """Step: request the refund of `rest` euros from the payments that still hold them."""
    for payment in payments:
        part = min(rest, _held(payment, credit_note))
        if part <= 0:
            continue
        refund = request_refund(
            payment, part, reason=Refund.Reason.CANCELLED, now=now, by=by, credit_note=credit_note
        )
        Allocation.objects.create(document=credit_note, refund=refund, amount=part, at=now)
        rest -= part
        yield refund


def _held(payment: Payment, credit_note: Document) -> Decimal:
    """What a payment gave the invoice that `credit_note` corrects, less what went back of it since."""
    given = payment.allocations.filter(document=credit_note.corrects_id).aggregate(sum=Sum("amount"))["sum"]
    back = payment.refunds.standing().filter(credit_note__corrects=credit_note.corrects_id)
    returned = back.aggregate(sum=Sum("amount"))["sum"]
    return min((given or ZERO) - (returned or ZERO), payment.amount - payment.refunded)
