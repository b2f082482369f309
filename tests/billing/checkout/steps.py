"""What a customer does, and Stripe with them."""

import datetime as dt

from billing.models import Order
from billing.payments import stripe_gateway as gateway
from billing.payments.services import start_checkout
from billing.settlement.settling import read_return


def click(order: Order, now: dt.datetime) -> str:
    assert order.placed_by is not None
    return start_checkout(order=order, by=order.placed_by, now=now)


def make_known(order: Order) -> None:
    """Make the customer at Stripe beforehand, so that a fault falls on the session."""
    customer = order.customer
    customer.stripe_id = gateway.create_customer(
        name=customer.name, email=customer.email, reference=str(customer.pk), idempotency_key="known"
    )
    customer.save()


def session_of(order: Order) -> str:
    return order.payments.latest("attempt").session_id


def come_back(order: Order, now: dt.datetime) -> Order:
    return read_return(order=order, session_id=session_of(order), now=now)
