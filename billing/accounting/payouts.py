"""The payouts of the card processor, as facts; one that came back is a second one, below zero. Disputes."""

import datetime as dt

from billing.accounting.facts import DisputeFact, PayoutFact, Source
from billing.accounting.loading import auxiliary_of
from billing.models import Seller
from billing.payouts.facts import disputes_of, payouts_of


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


def dispute_facts(seller: Seller, first: dt.date, last: dt.date) -> list[DisputeFact]:
    """Payments taken back and given back by the card processor, recorded from `first` to `last`."""
    return [
        DisputeFact(
            recorded_at=told.recorded_at,
            date=told.date,
            reference=told.reference,
            amount=told.amount,
            customer=auxiliary_of(told.customer) if told.customer else None,
            source=Source("payout", told.payout_id),
        )
        for told in disputes_of(seller, first, last)
    ]
