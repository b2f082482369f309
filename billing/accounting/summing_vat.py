"""What an opening needs of the VAT on receipts of the years before, summed by the database.

What was settled by money alone, all of it, made all of its VAT due, whatever the order and the size of the
payments: the last cent frees the rest. What is paid in part, or has a credit note set against it, is walked.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from billing.accounting.facts import Rated, VatDueFact
from billing.accounting.loading import on_receipts
from billing.models import (
    Allocation,
    Document,
    DocumentDeduction,
    DocumentKind,
    DocumentVat,
    PaymentEvent,
    Seller,
)

NONE = Decimal(0)


def settled(seller: Seller, before: dt.datetime) -> QuerySet[Document]:
    """Documents on receipts that money alone had settled before an instant.

    Invoices paid in full without any credit note, and credit notes given back in full that no invoice took.
    """
    set_ = Allocation.objects.filter(document=OuterRef("pk"), at__lt=before)
    taken = Allocation.objects.filter(credit_note=OuterRef("pk"), at__lt=before)
    events = PaymentEvent.objects.filter(refund__credit_note=OuterRef("pk"), at__lt=before)
    returned = events.filter(kind=PaymentEvent.Kind.REFUND_RETURNED)
    deducted = DocumentDeduction.objects.filter(document=OuterRef("pk"))
    rows = on_receipts(seller).annotate(
        moved=_sum(set_.filter(payment__isnull=False), "document", F("amount"))
        + _sum(events, "refund__credit_note", F("amount")),
        due=F("total_incl") - _sum(deducted, "document", F("base") + F("vat")),
    )
    untouched = ~Exists(set_.filter(credit_note__isnull=False)) & ~Exists(taken) & ~Exists(returned)
    return rows.filter(untouched, Q(moved__gt=0, moved__gte=F("due")))


def summed_vat(seller: Seller, before: dt.datetime) -> list[VatDueFact]:
    """The VAT that these made due, in one fact: it leaves on each account what theirs would; two queries."""
    ids = settled(seller, before).values("pk")
    amounts = [
        *_rated(DocumentVat.objects.filter(document__in=ids), 1),
        *_rated(DocumentDeduction.objects.filter(document__in=ids), -1),
    ]
    at = before - dt.timedelta(days=1)
    return [VatDueFact(at, seller.today(at), "", amounts)] if amounts else []


def _rated(rows: "QuerySet[Any]", way: int) -> list[Rated]:
    sums = rows.order_by().values_list("rate", "document__kind").annotate(base=Sum("base"), vat=Sum("vat"))
    found = []
    for rate, kind, base, vat in sums:
        sign = -way if kind == DocumentKind.CREDIT_NOTE else way
        found.append(Rated(rate, sign * base, sign * vat))
    return found


def _sum(rows: "QuerySet[Any]", of: str, amount: Any) -> Coalesce:
    total = rows.order_by().values(of).annotate(total=Sum(amount)).values("total")
    return Coalesce(Subquery(total), NONE, output_field=DecimalField())
