"""What is still to be received for an order."""

from decimal import Decimal

from billing.models import Order
from billing.money import ZERO


def owed_on(order: Order) -> Decimal:
    """Euros to take for `order`: its total while it is open, then what is left of its invoices."""
    if order.state == Order.State.OPEN:
        return order.total
    return sum((invoice.owed for invoice in order.documents.unpaid()), ZERO)
