"""The locks of collecting, in the order of the house: the customer, then orders by id."""

from collections.abc import Iterable

from billing.models import Customer, Order
from members.transactions import require_transaction


def lock_customer(pk: int) -> Customer:
    """Step: take the customer's lock and read it anew."""
    require_transaction()
    return Customer.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)


def lock_orders(pks: Iterable[int]) -> dict[int, Order]:
    """Step: take the locks of orders, by id, and read them anew."""
    require_transaction()
    locked = Order.objects.select_for_update(of=("self",), no_key=True).select_related("seller", "customer")
    return {order.pk: order for order in locked.filter(pk__in=set(pks)).order_by("pk")}
