"""What an opening needs of the years before: their documents and movements of money, summed by the database.

An entry is as large as its fact: the entry of a sum leaves on each account what those of its rows would.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, QuerySet, Sum, When
from django.db.models.functions import ExtractMonth, ExtractYear

from billing.accounting.facts import Auxiliary, DocumentFact, MoneyFact, Rated
from billing.accounting.loading import MOVED, auxiliary_of, issued
from billing.models import Customer, DocumentKind, PaymentEvent, Seller

ALIKE = ("year", "customer", "kind", "corrects__kind", "on_debits")
"""Documents whose entries have the same accounts."""


def summed_documents(seller: Seller, before: dt.date) -> list[DocumentFact]:
    """Documents issued before a day, by fiscal year and customer; four queries."""
    rows = _with_year(issued(seller).filter(issued_on__lt=before), "issued_on", seller, None)
    revenue = defaultdict[tuple[Any, ...], dict[str, Decimal]](dict)
    for *key, account, amount in _sums(rows, "lines__product__revenue_account", "lines__amount_excl"):
        if account is not None:
            revenue[tuple(key)][account] = amount
    vat, deducted = _rated(rows, "vat_rows"), _rated(rows, "deductions")
    keys = [*dict.fromkeys([*revenue, *vat, *deducted])]
    names = _auxiliaries(key[1] for key in keys)
    return [
        DocumentFact(
            recorded_at=_start(seller, key[0]),
            date=_start(seller, key[0]).date(),
            number="",
            customer=names[key[1]],
            revenue=revenue[key],
            vat=vat[key],
            deducted=deducted[key],
            credit=key[2] == DocumentKind.CREDIT_NOTE,
            of_advance=(key[3] or key[2]) == DocumentKind.ADVANCE,
            on_debits=key[4],
        )
        for key in keys
    ]


def summed_money(seller: Seller, before: dt.datetime) -> list[MoneyFact]:
    """What moved before an instant, by fiscal year, customer, method and way; two queries."""
    events = PaymentEvent.objects.filter(seller=seller, at__lt=before).order_by()
    rows = _with_year(events, "at", seller, seller.zone)
    sums = list(
        rows.values_list("year", "payment__order__customer", "kind", "method").annotate(total=Sum("amount"))
    )
    names = _auxiliaries(customer for _year, customer, *_more in sums)
    return [
        MoneyFact(
            moved=MOVED[kind],
            recorded_at=_start(seller, year),
            date=_start(seller, year).date(),
            value_date=_start(seller, year).date(),
            reference="",
            method=method,
            amount=amount,
            customer=names[customer],
        )
        for year, customer, kind, method, amount in sums
    ]


def _with_year(rows: "QuerySet[Any]", field: str, seller: Seller, zone: dt.tzinfo | None) -> "QuerySet[Any]":
    """Rows with the calendar year in which their fiscal year begins."""
    dated = rows.alias(
        in_month=ExtractMonth(field, tzinfo=zone),
        in_year=ExtractYear(field, tzinfo=zone),
    )
    before = When(in_month__lt=seller.fiscal_year_starts_in, then=F("in_year") - 1)
    found: QuerySet[Any] = dated.annotate(year=Case(before, default=F("in_year")))
    return found


def _sums(rows: "QuerySet[Any]", by: str, *of: str) -> Iterable[tuple[Any, ...]]:
    totals = {f"total_{rank}": Sum(each) for rank, each in enumerate(of)}
    found: Iterable[tuple[Any, ...]] = rows.order_by().values_list(*ALIKE, by).annotate(**totals)
    return found


def _rated(rows: "QuerySet[Any]", name: str) -> dict[tuple[Any, ...], list[Rated]]:
    found = defaultdict[tuple[Any, ...], list[Rated]](list)
    for *key, rate, base, vat in _sums(rows, f"{name}__rate", f"{name}__base", f"{name}__vat"):
        if rate is not None:
            found[tuple(key)].append(Rated(rate, base, vat))
    return found


def _auxiliaries(pks: Any) -> dict[int, Auxiliary]:
    rows = Customer.objects.filter(pk__in=set(pks)).select_related("user", "organisation")
    return {row.pk: auxiliary_of(row) for row in rows}


def _start(seller: Seller, year: int) -> dt.datetime:
    return dt.datetime(year, seller.fiscal_year_starts_in, 1, tzinfo=seller.zone)
