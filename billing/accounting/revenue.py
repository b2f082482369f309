"""Revenue by report category and month: lines of what was issued, excluding VAT, less credit notes.

An advance is not revenue: the final invoice carries every line of what it was paid for. The sums are those of
the revenue accounts in the entries.
"""

import datetime as dt
from decimal import Decimal

from django.db.models import Case, F, Q, QuerySet, Sum, When
from django.db.models.functions import TruncMonth

from billing.accounting.loading import issued
from billing.accounting.periods import Period
from billing.models import DocumentKind, DocumentLine, Seller


def revenue_lines(seller: Seller, period: Period) -> QuerySet[DocumentLine]:
    """Lines that earn in a period, with `signed`: what each adds, in euros excluding VAT."""
    documents = issued(seller).filter(issued_on__gte=period.first, issued_on__lte=period.last)
    of_advance = Q(document__kind=DocumentKind.ADVANCE) | Q(document__corrects__kind=DocumentKind.ADVANCE)
    rows = DocumentLine.objects.filter(document__in=documents.values("pk")).exclude(of_advance)
    credit = When(document__kind=DocumentKind.CREDIT_NOTE, then=-F("amount_excl"))
    return rows.annotate(signed=Case(credit, default=F("amount_excl")))


def revenue(seller: Seller, period: Period) -> dict[str, dict[dt.date, Decimal]]:
    """By category, then by month (its first day); one query."""
    sums = (
        revenue_lines(seller, period)
        .order_by()
        .values(month=TruncMonth("document__issued_on"), category=F("product__report_category"))
        .annotate(total=Sum("signed"))
    )
    found: dict[str, dict[dt.date, Decimal]] = {}
    for row in sums:
        found.setdefault(row["category"], {})[row["month"]] = row["total"]
    return {name: found[name] for name in sorted(found, key=lambda name: (not name, name))}
