"""What is still to be received for an order."""

from decimal import Decimal

from billing.models import Order
from billing.money import ZERO
from billing.payments.keeping import sum_kept

WAITING = (Order.State.OPEN, Order.State.EXPIRED)


def owed_on(order: Order) -> Decimal:
    """Euros to take for `order`: its total while it waits, less the parts that came, then what is left of its
    invoices.
    """
    if order.state in WAITING:
        return order.total - sum_kept(order)
    return sum((invoice.owed for invoice in order.documents.unpaid()), ZERO)
