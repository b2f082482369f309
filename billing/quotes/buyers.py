"""Who buys by an accepted quote, corrected by the manager before it is invoiced."""

import datetime as dt
from collections.abc import Mapping

from billing.identifiers import go_together
from billing.models import BuyerCorrection, Order, Quote
from members.models import User
from members.transactions import require_transaction

NOT_INVOICED = (Order.State.OPEN, Order.State.EXPIRED)


def said_anew(known: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    """Write `said` over what is `known` of who buys; a VAT number that is left of another company goes."""
    words = {**known, **said}
    if "vat_number" not in said and not go_together(words["siren"], words["vat_number"]):
        words["vat_number"] = ""
    return words


def correct_buyer(quote: Quote, said: Mapping[str, str], *, by: User, now: dt.datetime) -> BuyerCorrection:
    """Step: say anew who buys, by fields of the customer, for what is invoiced from now on.

    The proof of the acceptance keeps what was confirmed, a document its words, and a credit note those of
    its invoice. The caller holds the locks of the order and the quote.
    """
    require_transaction()
    words = said_anew(quote.buyer.words, said)
    made = BuyerCorrection.objects.create(quote=quote, words=words, by=by, at=now)
    rows = Order.objects.filter(quote=quote, state__in=NOT_INVOICED)
    rows.update(agreed_buyer=made.words)
    return made
