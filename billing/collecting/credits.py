"""What a customer paid beyond what was owed: kept, set against a later document, or given back."""

import datetime as dt
from decimal import Decimal

from django.db.models import Sum

from billing.collecting.errors import MoreThanOwed, NotTheirs
from billing.collecting.locking import lock_customer, lock_orders
from billing.errors import MoreThanRemains
from billing.models import Allocation, Correction, Customer, Document, Payment, Refund
from billing.payments.keeping import credits_left
from billing.payments.refunds import request_refund
from billing.payments.releasing import release_soon
from billing.settlement.reversing import family_of, give_back, orders_behind, payments_of
from members.models import User
from members.transactions import own_transaction


def credit_of(payment: Payment) -> Decimal:
    """What is left of one payment, in euros; zero when nothing is."""
    row = credits_left().filter(pk=payment.pk).first()
    return row.credit if row else Decimal("0.00")


def credit_of_customer(customer: Customer) -> Decimal:
    """What is kept for a customer, by transfers and by credit notes, in euros."""
    paid = credits_left().filter(order__customer=customer).aggregate(total=Sum("credit"))["total"]
    noted = Correction.objects.left().filter(credit_note__customer=customer)
    credited = noted.aggregate(total=Sum("credit"))["total"]
    return (paid or Decimal("0.00")) + (credited or Decimal("0.00"))


@own_transaction
def use_credit(
    *, payment: Payment, document: Document, amount: Decimal, by: User, now: dt.datetime
) -> Allocation:
    """Set `amount` euros of a credit against a document of the same customer and seller.

    Raises `NotTheirs`, `MoreThanOwed`, or `MoreThanRemains` when the credit is less; nothing is written then.
    """
    lock_customer(document.customer_id)
    lock_orders({payment.order_id, document.order_id})
    Payment.objects.select_for_update(no_key=True).get(pk=payment.pk)
    ours = (payment.order.customer_id, payment.order.seller_id)
    if ours != (document.customer_id, document.seller_id):
        raise NotTheirs
    if not 0 < amount <= credit_of(payment):
        raise MoreThanRemains
    owed = Document.objects.unpaid().filter(pk=document.pk).first()
    if owed is None or amount > owed.owed:
        raise MoreThanOwed
    release_soon(document.order)
    return Allocation.objects.create(document=document, payment=payment, amount=amount, at=now)


@own_transaction
def refund_credit(*, payment: Payment, amount: Decimal, by: User, now: dt.datetime) -> Refund:
    """Ask that `amount` euros of a credit be given back, by transfer, by the manager.

    Raises `MoreThanRemains` when the credit is less.
    """
    lock_customer(payment.order.customer_id)
    lock_orders({payment.order_id})
    Payment.objects.select_for_update(no_key=True).get(pk=payment.pk)
    if not 0 < amount <= credit_of(payment):
        raise MoreThanRemains
    return request_refund(payment, amount, reason=Refund.Reason.OVERPAID, now=now, by=by)


@own_transaction
def use_credit_note(
    *, correction: Correction, document: Document, amount: Decimal, by: User, now: dt.datetime
) -> Allocation:
    """Set `amount` euros of a credit note that was kept against a document of its customer and seller.

    Raises as `use_credit`; nothing is written then.
    """
    note = correction.credit_note
    lock_customer(note.customer_id)
    lock_orders({note.order_id, document.order_id})
    if (note.customer_id, note.seller_id) != (document.customer_id, document.seller_id):
        raise NotTheirs
    _refuse_beyond(correction, amount)
    owed = Document.objects.unpaid().filter(pk=document.pk).first()
    if owed is None or amount > owed.owed:
        raise MoreThanOwed
    release_soon(document.order)
    return Allocation.objects.create(document=document, credit_note=note, amount=amount, at=now)


@own_transaction
def refund_credit_note(
    *, correction: Correction, amount: Decimal, by: User, now: dt.datetime
) -> list[Refund]:
    """Ask that `amount` euros of a credit note that was kept go back by the way they came.

    Raises `MoreThanRemains` when less is kept, or no payment holds it any more; nothing is written then.
    """
    note = correction.credit_note
    assert note.corrects is not None
    lock_customer(note.customer_id)
    lock_orders({note.order_id, *orders_behind(note.corrects)})
    _refuse_beyond(correction, amount)
    family = family_of(note.corrects)
    refunds = list(give_back(payments_of(family), amount, note, family, by=by, now=now))
    if sum((refund.amount for refund in refunds), Decimal("0.00")) != amount:
        raise MoreThanRemains
    return refunds


def _refuse_beyond(correction: Correction, amount: Decimal) -> None:
    """Step: read what is kept anew, under the locks."""
    found = Correction.objects.left().filter(pk=correction.pk).first()
    if found is None or not 0 < amount <= found.credit:
        raise MoreThanRemains
