"""Who buys by an accepted quote, corrected by the manager before it is invoiced."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from billing.identifiers import go_together
from billing.models import BuyerCorrection, Customer, Document, Order, Quote
from members.models import User
from members.transactions import require_transaction

NOT_INVOICED = (Order.State.OPEN, Order.State.EXPIRED)


def said_anew(known: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    """Write `said` over what is `known` of who buys; a VAT number that is left of another company goes."""
    words = {**known, **said}
    if "vat_number" not in said and not go_together(words.get("siren", ""), words.get("vat_number", "")):
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


def still_said(customers: Iterable[Customer]) -> Iterator[tuple[Quote | BuyerCorrection, str]]:
    """Where a consumer among `customers` is still named though no document ever was: row and its words.

    What was accepted and led to a document is kept for as long as that (ten years), as the document's words.
    """
    uninvoiced = Customer.objects.filter(pk__in=[each.pk for each in customers]).exclude(
        pk__in=Document.objects.values("customer")
    )
    kind = Customer.Buyer.CONSUMER
    quotes = Quote.objects.filter(customer__in=uninvoiced)
    for quote in quotes.filter(accepted_buyer__buyer=kind, accepted_buyer__has_key="name").order_by("pk"):
        yield quote, "accepted_buyer"
    corrections = BuyerCorrection.objects.filter(quote__customer__in=uninvoiced)
    for made in corrections.filter(words__buyer=kind, words__has_key="name").order_by("pk"):
        yield made, "words"


def say_less(customer: Customer) -> None:
    """Step: of a consumer who was never invoiced, leave country and kind in what their quotes keep."""
    require_transaction()
    for row, field in still_said([customer]):
        words = getattr(row, field)
        setattr(row, field, {"country": words.get("country"), "buyer": words["buyer"]})
        row.save(update_fields=[field])
