"""The payouts of the card processor, as facts; one that came back is a second one, below zero."""

import datetime as dt

from billing.accounting.facts import PayoutFact, Source
from billing.models import Seller
from billing.payouts.facts import payouts_of


def payout_facts(seller: Seller, first: dt.date, last: dt.date) -> list[PayoutFact]:
    """Payouts of a seller recorded from `first` to `last`, both included."""
    return [
        PayoutFact(
            recorded_at=paid.recorded_at,
            date=paid.date,
            reference=paid.reference,
            gross=paid.gross,
            fees=paid.fees,
            net=paid.net,
            source=Source("payout", paid.payout_id),
        )
        for paid in payouts_of(seller, first, last)
    ]
