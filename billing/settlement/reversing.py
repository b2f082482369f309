"""Taking sums off what was invoiced: credit note, then what is owed lowered, the rest given back or kept."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, Sum

from billing.documents.crediting import Credits
from billing.documents.services import issue_credit_note, remaining
from billing.errors import AlreadyReversed, WrittenOff
from billing.models import (
    INVOICES,
    Allocation,
    Correction,
    Document,
    DocumentLine,
    OrderLine,
    Payment,
    Refund,
    WriteOff,
)
from billing.money import ZERO
from billing.orders.services import lock
from billing.payments.disputing import disputed
from billing.payments.ledger import lock_chain
from billing.payments.refunds import request_refund
from billing.settlement import telling
from members.models import User
from members.transactions import require_transaction


@dataclass(frozen=True, slots=True)
class Reversal:
    """What taking sums off came to; `refunds` are requested, not yet sent; `kept` waits for a use."""

    credit_note: Document | None = None
    refunds: tuple[Refund, ...] = ()
    lowered: Decimal = ZERO
    kept: Decimal = ZERO

    @property
    def refund(self) -> Refund | None:
        """The only refund there usually is."""
        return self.refunds[0] if self.refunds else None


def reverse_line(*, line: OrderLine, kept: Decimal, by: User | None, now: dt.datetime) -> Reversal:
    """Step: take an accepted line back, keeping `kept` euros (VAT included) of it.

    The credit note is issued with the decision. It reduces the invoice where that is unpaid; for the rest a
    refund is requested: by Stripe for a card, at the desk otherwise. Its own room frees the place. What was
    written off is not credited: its loss stands for it.
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
    if original is None or amount <= 0 or is_lost(original.document):
        return Reversal()
    return take_off(original.document, {original: amount}, by=by, now=now)


def _to_credit(original: DocumentLine | None, kept: Decimal) -> Decimal:
    if original is None:
        return Decimal(0)
    return min(original.amount_incl - kept, remaining(original).incl)


def take_off(
    invoice: Document,
    credits_: Credits,
    *,
    by: User | None,
    now: dt.datetime,
    reason: str = "",
    keep: bool = False,
) -> Reversal:
    """Step: credit lines of an invoice; lower what is owed on it and on the advances it deducts.

    For what was paid of it a refund is requested, or with `keep` it waits as the customer's credit. With a
    `reason` it is noted who decided on it. The caller holds the locks of its orders (`orders_behind`). Raises
    `WrittenOff` where a payment of it is lost, and what `issue_credit_note` raises.
    """
    require_transaction()
    family = family_of(invoice)
    payments = payments_of(family)
    if is_lost(invoice):
        raise WrittenOff
    credit_note = issue_credit_note(_read(invoice), credits_, now=now, reason=reason)
    lowered = _lower(invoice, credit_note, now=now)
    rest = credit_note.total_incl - lowered
    refunds: tuple[Refund, ...] = ()
    kept = ZERO
    if keep:
        kept = min(rest, sum((held(each, family) for each in payments), ZERO))
    else:
        refunds = tuple(give_back(payments, rest, credit_note, family, by=by, now=now))
    if reason:
        Correction.objects.create(
            credit_note=credit_note, reason=reason, by=by, at=now, lowered=lowered, kept=kept
        )
    telling.owe_credit_note(credit_note)
    return Reversal(credit_note, refunds, lowered, kept)


def is_lost(invoice: Document) -> bool:
    """Step: whether a payment behind an invoice was written off; none is, until this transaction ends."""
    lock_chain(invoice.seller)
    paying = Allocation.objects.filter(document__in=family_of(invoice), payment__isnull=False)
    standing = WriteOff.objects.filter(withdrawn_at=None)
    return standing.filter(movement__payment__in=paying.values("payment")).exists()


def _read(invoice: Document) -> Document:
    return Document.objects.select_related("order__customer", "order__seller", "seller").get(pk=invoice.pk)


def family_of(invoice: Document) -> set[int]:
    """The documents whose payments stand behind an invoice: its own, those of the advances it deducts, and
    of what was credited and set against one of them.
    """
    found, new = {invoice.pk}, {invoice.pk}
    while new:
        rows = Allocation.objects.filter(document__in=new)
        named = rows.values_list("advance", "credit_note__corrects")
        new = {pk for pair in named for pk in pair if pk is not None} - found
        found |= new
    return found


def orders_behind(invoice: Document) -> set[int]:
    """The orders whose locks `take_off` needs."""
    return set(Document.objects.filter(pk__in=family_of(invoice)).values_list("order", flat=True))


def _lower(invoice: Document, credit_note: Document, *, now: dt.datetime) -> Decimal:
    """Step: set the credit note against what is still owed, on the invoice first; gives what was set."""
    mine = Q(pk=invoice.pk) | Q(advanced_to__document=invoice)
    owing = Document.objects.unpaid().filter(pk__in=Document.objects.filter(mine).values("pk"))
    rest = credit_note.total_incl
    for each in sorted(owing, key=lambda document: (document.pk != invoice.pk, document.pk)):
        part = min(each.owed, rest)
        if part > 0:
            Allocation.objects.create(document=each, credit_note=credit_note, amount=part, at=now)
            rest -= part
    return credit_note.total_incl - rest


def payments_of(family: Collection[int]) -> list[Payment]:
    """Step: lock the payments that pay documents, a credit of another order's too.

    One that is received and not settled yet is settled against what is left, or given back as a whole.
    """
    settled = Payment.objects.received().filter(settled_at__isnull=False)
    paying = Allocation.objects.filter(document__in=family, payment__isnull=False).values("payment")
    return list(settled.filter(pk__in=paying).select_for_update(no_key=True).order_by("pk"))


def give_back(
    payments: Iterable[Payment],
    rest: Decimal,
    credit_note: Document,
    family: Collection[int],
    *,
    by: User | None,
    now: dt.datetime,
) -> Iterable[Refund]:
    """Step: request the refund of `rest` euros from the payments that still hold them."""
    for payment in payments:
        part = min(rest, held(payment, family))
        if part <= 0:
            continue
        refund = request_refund(
            payment, part, reason=Refund.Reason.CANCELLED, now=now, by=by, credit_note=credit_note
        )
        Allocation.objects.create(document=credit_note, refund=refund, amount=part, at=now)
        rest -= part
        yield refund


def held(payment: Payment, family: Collection[int]) -> Decimal:
    """What a payment gave these documents, less what went back of it since, to its holder's bank too."""
    given = payment.allocations.filter(document__in=family).aggregate(sum=Sum("amount"))["sum"]
    back = payment.refunds.standing().filter(credit_note__corrects__in=family)
    returned = back.aggregate(sum=Sum("amount"))["sum"]
    return min((given or ZERO) - (returned or ZERO), payment.amount - payment.refunded - disputed(payment))
