"""The numbers of an order's payment attempts, given under the order's lock."""

from django.db.models import Max

from billing.models import Order


def next_attempt(order: Order) -> int:
    """Step: number the order's next attempt; the caller holds the order's lock."""
    last = order.payments.aggregate(last=Max("attempt"))["last"]
    return (last or 0) + 1
