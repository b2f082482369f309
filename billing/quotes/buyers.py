"""Who buys by an accepted quote, corrected by the manager before it is invoiced."""

import datetime as dt
from collections.abc import Mapping

from billing.models import BuyerCorrection, Order, Quote
from members.models import User
from members.transactions import require_transaction

NOT_INVOICED = (Order.State.OPEN, Order.State.EXPIRED)


def correct_buyer(quote: Quote, said: Mapping[str, str], *, by: User, now: dt.datetime) -> BuyerCorrection:
    """Step: say anew who buys, by fields of the customer, for what is invoiced from now on.

    The proof of the acceptance keeps what was confirmed, a document its words, and a credit note those of
    its invoice. The caller holds the locks of the order and the quote.
    """
    require_transaction()
    made = BuyerCorrection.objects.create(quote=quote, words={**quote.buyer.words, **said}, by=by, at=now)
    rows = Order.objects.filter(quote=quote, state__in=NOT_INVOICED)
    rows.update(agreed_buyer=made.words)
    return made
