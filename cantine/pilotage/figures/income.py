"""Own income: what was invoiced less what was credited, without VAT, by month, category and group.

A month is that of the day of issue, by the clocks of who sells. An advance invoice does not count, nor does
what is credited on one: the final invoice carries every line of what it was paid for.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Exists, F, Func, OuterRef, QuerySet, Sum, When
from django.db.models.functions import TruncMonth
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.models import Document, DocumentKind, DocumentLine
from billing.money import ZERO
from bookings.models import Site, Tariff
from cantine.pilotage.figures.months import last_day

DESKS, ROOMS, RENTALS, EVENTS, OTHER = "desks", "rooms", "rentals", "events", "other"
GROUPS: Mapping[str, str | Promise] = {
    DESKS: _("postes"),
    ROOMS: _("salles"),
    RENTALS: _("locations"),
    EVENTS: _("événements"),
    OTHER: _("autres"),
}
"""What income is told by, in this order."""
GROUP_OF = {
    "postes": DESKS,
    "salles": ROOMS,
    "locations": RENTALS,
    "evenements": EVENTS,
}
"""report category of an article → group; any other category is among the others."""

ByMonth = dict[date, dict[str, Decimal]]


def lines(sites: Sequence[Site], first: date, last: date) -> "QuerySet[Any]":
    """The lines that count in the months from `first` to `last`, with `month` and `signed` (euros)."""
    rows = DocumentLine.objects.filter(
        document__order__site_code__in=[site.code for site in sites],
        document__issued_on__range=(first, last_day(last)),
    )
    rows = rows.exclude(document__kind=DocumentKind.ADVANCE)
    rows = rows.exclude(document__corrects__kind=DocumentKind.ADVANCE)
    credited = When(document__kind=DocumentKind.CREDIT_NOTE, then=-Func(F("amount_excl"), function="ABS"))
    signed = Case(credited, default=F("amount_excl"))
    return rows.annotate(month=TruncMonth("document__issued_on"), signed=signed)


def by_category(sites: Sequence[Site], first: date, last: date) -> ByMonth:
    """Income by month and report category: one query."""
    sums = lines(sites, first, last).order_by().values("month", category=F("product__report_category"))
    found: ByMonth = {}
    for row in sums.annotate(sum=Sum("signed")):
        found.setdefault(row["month"], {})[row["category"]] = row["sum"]
    return found


def by_group(found: ByMonth) -> ByMonth:
    """The same by group; every group is there."""
    return {month: grouped(amounts) for month, amounts in found.items()}


def grouped(amounts: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Amounts by category as amounts by group. Pure."""
    told = dict.fromkeys(GROUPS, ZERO)
    for category, amount in amounts.items():
        told[group_of(category)] += amount
    return told


def group_of(category: str) -> str:
    """The group of a report category."""
    return GROUP_OF.get(category, OTHER)


def by_product(sites: Sequence[Site], first: date, last: date) -> list[tuple[int, str, str, Decimal]]:
    """What each article that a tariff names brought in: (id, name, its sites, euros), by name; one query."""
    priced = Tariff.objects.filter(product=OuterRef("product"))
    rows = lines(sites, first, last).filter(Exists(priced)).order_by()
    sums = rows.values("product", "product__name", "product__seller").annotate(sum=Sum("signed"))
    places = {
        seller: ", ".join(site.name for site in sites if site.seller_id == seller)
        for seller in {site.seller_id for site in sites}
    }
    return sorted(
        (
            (row["product"], row["product__name"], places.get(row["product__seller"], ""), row["sum"])
            for row in sums
        ),
        key=lambda row: (row[1], row[0]),
    )


def documents(sites: Sequence[Site], month: date) -> "QuerySet[Document]":
    """The documents that compose a month, in the order of their days."""
    counted = lines(sites, month, month).order_by().values("document")
    return Document.objects.filter(pk__in=counted).order_by("issued_on", "issued_at", "pk")


def of_documents(
    sites: Sequence[Site], month: date, chosen: Iterable[Document]
) -> dict[int, dict[str, Decimal]]:
    """What each of these documents counts for, by group: one query."""
    rows = lines(sites, month, month).filter(document__in=[each.pk for each in chosen]).order_by()
    sums: Any = rows.values("document", category=F("product__report_category")).annotate(sum=Sum("signed"))
    found: dict[int, dict[str, Decimal]] = {}
    for row in sums:
        mine = found.setdefault(row["document"], dict.fromkeys(GROUPS, ZERO))
        mine[group_of(row["category"])] += row["sum"]
    return found
