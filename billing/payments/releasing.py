"""Closing the payment pages of orders that no longer wait for one, so that nobody pays for nothing."""

from functools import partial

from django.db import transaction

from billing.models import Order, Payment
from members.nudging import nudge

RELEASE = "billing.tasks.release_sessions"


def release_soon(order: Order) -> None:
    """Step: have the order's open payment pages closed at Stripe once this is committed."""
    if order.payments.filter(state=Payment.State.CREATED).exists():
        transaction.on_commit(partial(nudge, RELEASE), robust=True)
