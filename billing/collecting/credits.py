"""What a customer paid beyond what was owed: kept, set against a later document, or given back."""

import datetime as dt
from decimal import Decimal

from django.db.models import Sum

from billing.collecting.errors import MoreThanOwed, NotTheirs
from billing.collecting.locking import lock_customer, lock_orders
from billing.errors import MoreThanRemains
from billing.models import Allocation, Customer, Document, Payment, Refund
from billing.payments.keeping import credits_left
from billing.payments.refunds import request_refund
from billing.payments.releasing import release_soon
from members.models import User
from members.transactions import own_transaction


def credit_of(payment: Payment) -> Decimal:
    """What is left of one payment, in euros; zero when nothing is."""
    row = credits_left().filter(pk=payment.pk).first()
    return row.credit if row else Decimal("0.00")


def credit_of_customer(customer: Customer) -> Decimal:
    """What is kept for a customer, in euros."""
    total = credits_left().filter(order__customer=customer).aggregate(total=Sum("credit"))["total"]
    return total or Decimal("0.00")


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
