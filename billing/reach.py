"""Which rows of this room lie within a manager's sites: an order names its site, the rest follows from it.

What is a seller's (articles, prices, mentions) is within reach where one of the seller's sites is; it binds
each of them, and is changed by who manages all.
"""

from django.db.models import Exists, OuterRef, Q

from billing.models import (
    Account,
    Anomaly,
    Correction,
    Document,
    DocumentSeries,
    DunningLetter,
    DunningPause,
    DunningStep,
    LateRate,
    Mention,
    Order,
    Payment,
    Price,
    Product,
    Quote,
    QuoteFile,
    Refund,
    Seller,
    Transfer,
)
from members import reach
from members.reach import Reach, Rule

OF_AN_ORDER = {
    Order: "",
    Payment: "order__",
    Refund: "payment__order__",
    Document: "order__",
    Anomaly: "order__",
    Correction: "credit_note__order__",
    DunningLetter: "document__order__",
    Quote: "",
    QuoteFile: "quote__",
}
"""model → the way to what names a site."""

OF_A_SELLER = {
    Account: "seller",
    Product: "seller",
    Price: "product__seller",
    DocumentSeries: "seller",
}
"""model → the way to its seller."""


def by_code(before: str) -> Rule:
    """By the site's code; what names no site is nobody's but who sees everything."""

    def rule(found: Reach) -> Q:
        return Q(**{f"{before}site_code__in": found.codes})

    return rule


def by_seller(path: str) -> Rule:
    """By the seller of one of the sites."""

    def rule(found: Reach) -> Q:
        return Q(**{f"{path}__in": found.sellers})

    return rule


def of_mentions(found: Reach) -> Q:
    """Those of a seller, and those of all."""
    return Q(seller=None) | Q(seller__in=found.sellers)


def of_whole_sellers(path: str) -> Rule:
    """By a seller that sells at no other site: what is said of one is said at each of its sites."""

    def rule(found: Reach) -> Q:
        return Q(**{f"{path}__in": found.whole_sellers})

    return rule


def of_transfers(found: Reach) -> Q:
    """Those that paid for nothing elsewhere: an amount would tell of another site's customer."""
    paid = Payment.objects.filter(transfer=OuterRef("pk"))
    here = by_code("order__")(found)
    return Q(Exists(paid.filter(here))) & ~Q(Exists(paid.exclude(here)))


def of_pauses(found: Reach) -> Q:
    """About a document within reach, or about a customer who is owed for nothing elsewhere."""
    issued = Document.objects.filter(customer=OuterRef("customer"))
    here = by_code("order__")(found)
    whole = Q(document=None) & Q(Exists(issued.filter(here))) & ~Q(Exists(issued.exclude(here)))
    return by_code("document__order__")(found) | whole


def register() -> None:
    """Fill the registry below."""
    reach.share(DunningStep, LateRate)
    for model, before in OF_AN_ORDER.items():
        reach.register(model, by_code(before))
    for model, path in OF_A_SELLER.items():
        reach.register(model, by_seller(path), changed=of_whole_sellers(path))
    reach.register(Seller, by_seller("pk"), changed=of_whole_sellers("pk"))
    reach.register(Mention, of_mentions, changed=of_whole_sellers("seller"))
    reach.register(Transfer, of_transfers)
    reach.register(DunningPause, of_pauses)
