"""Transfers of the demonstration, as the bank statement would show them the day before."""

from datetime import datetime, timedelta
from decimal import Decimal

from billing.collecting.transfers import Part, Received, receive_transfer
from billing.models import Document, Order
from members.models import User


def receive(amount: Decimal, *, of: Document | Order, by: User, now: datetime) -> None:
    """Enter a transfer of `amount` euros for a document (with its balance) or an order that waits."""
    day = of.seller.today(now) - timedelta(days=1)
    if isinstance(of, Document):
        part, told = Part(min(amount, of.owed), of), of.number
    else:
        part, told = Part(amount, order=of), of.reference
    words = f"VIR SEPA {of.customer} {told}".upper()
    receive_transfer(Received(of.seller, of.customer, amount, day, words), [part], by=by, now=now)
