"""The payouts of the card processor, as facts. None until `billing/payouts/` keeps them."""

import datetime as dt

from billing.accounting.facts import PayoutFact
from billing.models import Seller


def payout_facts(seller: Seller, first: dt.date, last: dt.date) -> list[PayoutFact]:
    """Payouts of a seller recorded from `first` to `last`, both included."""
    return []
