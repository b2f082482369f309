"""The sums of many periods that touch, read from events and documents in four queries, however many."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import Case, Count, DateTimeField, F, Func, IntegerField, Max, Min, Sum, Value, When

from billing.models import (
    INVOICES,
    Document,
    DocumentDeduction,
    PaymentEvent,
    Seller,
)
from billing.till.spans import Span
from billing.till.totals import ZERO, Pair, Totals

BACK = {PaymentEvent.Kind.REFUNDED: 1, PaymentEvent.Kind.REFUND_RETURNED: -1}
"""What gives money back, and what takes that back; everything else brings money in."""
SIGNED = Case(*(When(kind=kind, then=F("amount") * -way) for kind, way in BACK.items()), default=F("amount"))
"""What an event brings, below zero for what was given back, in euros."""

VAT = """
SELECT width_bucket(e.at, %s::timestamptz[]), e.kind, part ->> 'rate', sum((part ->> 'incl')::numeric)
FROM billing_paymentevent e CROSS JOIN LATERAL jsonb_array_elements(e.vat) AS part
WHERE e.seller_id = %s AND e.at >= %s AND e.at < %s
GROUP BY 1, 2, 3
"""


def read(seller: Seller, spans: Sequence[Span]) -> list[Totals]:
    """The sums of each of `spans`, which follow one another without a hole."""
    if not spans:
        return []
    sums = [Totals() for _each in spans]
    for place, part in [*_moved(seller, spans), *_vat(seller, spans), *_issued(seller, spans)]:
        sums[place] = sums[place] + part
    return sums


def end_hashes(seller: Seller, totals: Iterable[Totals]) -> dict[int, str]:
    """The hash of the last event of each."""
    last = [each.to_sequence for each in totals if each.to_sequence is not None]
    rows = PaymentEvent.objects.filter(seller=seller, sequence__in=last)
    return dict(rows.values_list("sequence", "hash"))


def _moved(seller: Seller, spans: Sequence[Span]) -> list[tuple[int, Totals]]:
    place = Func(
        F("at"),
        Value([span.starts_at for span in spans], output_field=ArrayField(DateTimeField())),
        function="width_bucket",
        output_field=IntegerField(),
    )
    rows = (
        PaymentEvent.objects.filter(seller=seller, at__gte=spans[0].starts_at, at__lt=spans[-1].ends_at)
        .order_by()
        .annotate(place=place)
        .values("place", "kind", "method")
        .annotate(n=Count("pk"), total=Sum("amount"), low=Min("sequence"), high=Max("sequence"))
    )
    return [
        (
            row["place"] - 1,
            Totals(
                count=row["n"],
                methods={row["method"]: _pair(row["kind"], row["total"])},
                from_sequence=row["low"],
                to_sequence=row["high"],
            ),
        )
        for row in rows
    ]


def _pair(kind: str, amount: Decimal) -> Pair:
    sign = BACK.get(PaymentEvent.Kind(kind), 0)
    return (ZERO, amount * sign) if sign else (amount, ZERO)


def _vat(seller: Seller, spans: Sequence[Span]) -> list[tuple[int, Totals]]:
    starts: list[dt.datetime] = [span.starts_at for span in spans]
    with connection.cursor() as cursor:
        cursor.execute(VAT, [starts, seller.pk, starts[0], spans[-1].ends_at])
        rows: list[Any] = cursor.fetchall()
    return [(place - 1, Totals(vat={rate: _pair(kind, total)})) for place, kind, rate, total in rows]


def _issued(seller: Seller, spans: Sequence[Span]) -> list[tuple[int, Totals]]:
    """Documents count by their date, which is the seller's already."""
    firsts, ends = [span.first_day for span in spans], (spans[0].first_day, spans[-1].last_day)
    issued = (
        Document.objects.filter(seller=seller, issued_on__range=ends)
        .order_by()
        .values("issued_on", "kind")
        .annotate(n=Count("pk"), total=Sum("total_incl"))
    )
    found = [
        (
            bisect_right(firsts, row["issued_on"]) - 1,
            Totals(
                documents=row["n"],
                **{"invoiced" if row["kind"] in INVOICES else "credited": row["total"]},
            ),
        )
        for row in issued
    ]
    deducted = (
        DocumentDeduction.objects.filter(document__seller=seller, document__issued_on__range=ends)
        .order_by()
        .values("document__issued_on")
        .annotate(total=Sum(F("base") + F("vat")))
    )
    for row in deducted:
        place = bisect_right(firsts, row["document__issued_on"]) - 1
        found.append((place, Totals(deducted=row["total"])))
    return found


def together(totals: Iterable[Totals]) -> Totals:
    """Add up."""
    return sum(totals, Totals())
