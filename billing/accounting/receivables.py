"""What customers owed at the end of a day, by age: invoices less what was set against them by then."""

import datetime as dt
from decimal import Decimal

from django.db.models import DateField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from billing.accounting.loading import instants, issued
from billing.accounting.periods import Period
from billing.collecting.owed import AGES, TO_COME
from billing.models import INVOICES, Allocation, Document, DocumentKind, PaymentEvent, Seller
from billing.models.document import ZERO
from billing.money import ZERO as NONE
from billing.till.reading import SIGNED


def age_of(due: dt.date, day: dt.date) -> str:
    """The age that a debt due on `due` has on `day`, as in « À encaisser »; one due that day is not late."""
    late = (day - due).days
    if late <= 0:
        return TO_COME
    return next((name for name, days in AGES if days and late <= days), AGES[-1][0])


def receivables(seller: Seller, day: dt.date) -> QuerySet[Document]:
    """Invoices on which something was owed at the end of `day`, oldest due first: `due`, `left` (euros)."""
    _first, end = instants(Period(day, day), seller)
    set_ = Allocation.objects.filter(document=OuterRef("pk"), refund=None, at__lt=end).order_by()
    sums = Subquery(set_.values("document").annotate(total=Sum("amount")).values("total"))
    rows = issued(seller).filter(kind__in=INVOICES, issued_on__lte=day)
    rows = rows.annotate(
        left=F("total_incl") - Coalesce(sums, ZERO),
        due=Coalesce("due_on", "issued_on", output_field=DateField()),
    )
    return (
        rows.filter(Q(left__gt=0))
        .select_related("customer__user", "customer__organisation")
        .order_by("due", "pk")
    )


def by_age(documents: QuerySet[Document], day: dt.date) -> dict[str, Decimal]:
    """Add up what is owed by age; every age is there."""
    found = dict.fromkeys((TO_COME, *(name for name, _days in AGES)), Decimal("0.00"))
    rows = documents.order_by().values_list("due", "left")  # type: ignore[misc]  # annotated by `receivables`
    for due, left in rows:
        found[age_of(due, day)] += left
    return found


def owed_to_customers(seller: Seller, day: dt.date) -> Decimal:
    """What a seller kept for its customers at the end of `day`, in euros: it is no part of what they owe.

    Money that came and was not given back, and credit notes, less what of both pays an invoice.
    """
    _first, end = instants(Period(day, day), seller)
    documents = issued(seller).filter(issued_on__lte=day).order_by()
    moved = PaymentEvent.objects.filter(seller=seller, at__lt=end).order_by()
    money: Decimal = moved.aggregate(sum=Sum(SIGNED))["sum"] or NONE
    notes = documents.filter(kind=DocumentKind.CREDIT_NOTE).aggregate(sum=Sum("total_incl"))["sum"] or NONE
    spent = Allocation.objects.filter(document__in=documents.values("pk"), at__lt=end).filter(
        Q(payment__isnull=False) | Q(credit_note__isnull=False)
    )
    return money + notes - (spent.order_by().aggregate(sum=Sum("amount"))["sum"] or NONE)
