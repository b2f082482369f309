"""Reading facts from documents and movements of money: so many queries, whatever the period.

An entry has the day on which its fact was recorded: what is recorded later never falls into a period that is
past. The day of the bank is that of its piece.
"""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from billing.accounting.facts import (
    Auxiliary,
    DocumentFact,
    MoneyFact,
    Moved,
    Rated,
    Source,
    VatDueFact,
)
from billing.accounting.periods import Period
from billing.accounting.receipts import Step, Waiting, vat_due
from billing.models import (
    Allocation,
    Customer,
    Document,
    DocumentKind,
    DocumentSnapshot,
    PaymentEvent,
    Seller,
)
from billing.money import ZERO

ON_DEBITS = [{"code": "vat_on_debits"}]
"""The mention by which a document says that its VAT was due when it was issued."""
MOVED: dict[str, Moved] = {
    PaymentEvent.Kind.RECEIVED: "received",
    PaymentEvent.Kind.TAKEN: "received",
    PaymentEvent.Kind.REFUNDED: "refunded",
    PaymentEvent.Kind.REFUND_RETURNED: "returned",
}


def instants(period: Period, seller: Seller) -> tuple[dt.datetime, dt.datetime]:
    """When a period begins at the seller's, and when it is over."""
    zone = ZoneInfo(seller.timezone)
    midnight = dt.time()
    end = dt.datetime.combine(period.last + dt.timedelta(days=1), midnight, zone)
    return dt.datetime.combine(period.first, midnight, zone), end


def auxiliary_of(customer: Customer) -> Auxiliary:
    """The account of a customer: its code is made of what never changes."""
    return Auxiliary(f"C{customer.pk:04d}", str(customer))


def issued(seller: Seller) -> QuerySet[Document]:
    """Documents of a seller that count in its books, with `on_debits`; a real seller's specimens do not.

    Each keeps the rule of its day, which it prints: another choice of the seller changes nothing before it. A
    credit note has that of its invoice.
    """
    rows = Document.objects.filter(seller=seller)
    if not seller.specimen:
        rows = rows.filter(specimen=False)
    says = DocumentSnapshot.objects.filter(
        Q(document=OuterRef("corrects")) | Q(document=OuterRef("pk"), document__corrects=None),
        content__mentions__contains=ON_DEBITS,
    )
    return rows.annotate(on_debits=Exists(says))


def document_facts(rows: QuerySet[Document]) -> list[DocumentFact]:
    """Turn documents of `issued()` into facts; six queries."""
    whole = rows.select_related("customer__user", "customer__organisation", "corrects").prefetch_related(
        "lines__product", "vat_rows", "deductions"
    )
    return [_document_fact(row) for row in whole.order_by("issued_at", "pk")]


def _document_fact(document: Document) -> DocumentFact:
    revenue: dict[str, Decimal] = {}
    for line in document.lines.all():
        account = line.product.revenue_account
        revenue[account] = revenue.get(account, ZERO) + line.amount_excl
    about = document.corrects or document
    return DocumentFact(
        recorded_at=document.issued_at,
        date=document.issued_on,
        number=document.number,
        customer=auxiliary_of(document.customer),
        revenue=revenue,
        vat=[Rated(row.rate, row.base, row.vat) for row in document.vat_rows.all()],
        deducted=[Rated(row.rate, row.base, row.vat) for row in document.deductions.all()],
        credit=document.kind == DocumentKind.CREDIT_NOTE,
        of_advance=about.kind == DocumentKind.ADVANCE,
        on_debits=document.on_debits,  # type: ignore[attr-defined]  # annotated by `issued`
        source=Source("document", document.pk),
    )


def money_facts(seller: Seller, period: Period) -> list[MoneyFact]:
    """What moved and was recorded within a period; one query."""
    first, end = instants(period, seller)
    events = PaymentEvent.objects.filter(seller=seller, at__gte=first, at__lt=end).select_related(
        "payment__order__customer__user", "payment__order__customer__organisation", "payment__transfer"
    )
    return [_money_fact(event, ZoneInfo(seller.timezone)) for event in events.order_by("sequence")]


def _money_fact(event: PaymentEvent, zone: ZoneInfo) -> MoneyFact:
    day = event.at.astimezone(zone).date()
    moved = MOVED[event.kind]
    value = day
    if moved == "received" and event.payment.succeeded_at:
        value = event.payment.succeeded_at.astimezone(zone).date()
    return MoneyFact(
        moved=moved,
        recorded_at=event.at,
        date=day,
        value_date=min(value, day),
        reference=f"{'RG' if moved == 'received' else 'RB'}-{event.sequence:05d}",
        method=event.method,
        amount=event.amount,
        customer=auxiliary_of(event.payment.order.customer),
        source=Source("payment", event.payment_id),
    )


def on_receipts(seller: Seller) -> QuerySet[Document]:
    """Documents of a seller whose VAT waits for the money."""
    return issued(seller).filter(Q(on_debits=False), total_vat__gt=0)


def vat_facts(seller: Seller, period: Period, *, but: QuerySet[Document] | None = None) -> list[VatDueFact]:
    """VAT that money made due within a period, of documents on receipts; each is walked from its issue on.

    `but` are documents that are told of otherwise.
    """
    first, end = instants(period, seller)
    waiting = on_receipts(seller)
    if but is not None:
        waiting = waiting.exclude(pk__in=but.values("pk"))
    touched = Q(allocations__at__gte=first, allocations__at__lt=end) | Q(
        refunds__events__at__gte=first, refunds__events__at__lt=end
    )
    ids = set(waiting.filter(touched).values_list("pk", flat=True))
    ids |= set(waiting.filter(credit_notes__in=ids).values_list("pk", flat=True))
    ids |= set(waiting.filter(allocated_to__document__in=ids).values_list("pk", flat=True))
    documents = waiting_of(waiting.filter(pk__in=ids))
    found = vat_due(documents, _steps(ids), ZoneInfo(seller.timezone))
    return [fact for fact in found if first <= fact.recorded_at < end]


def waiting_of(rows: QuerySet[Document]) -> dict[int, Waiting]:
    """What of documents is to be paid, by id, with its VAT by rate, before anything was."""
    found = {}
    for document in rows.prefetch_related("vat_rows", "deductions"):
        by_rate = {row.rate: (row.base, row.vat) for row in document.vat_rows.all()}
        left = document.total_incl
        for row in document.deductions.all():
            base, vat = by_rate.get(row.rate, (ZERO, ZERO))
            by_rate[row.rate] = (base - row.base, vat - row.vat)
            left -= row.base + row.vat
        found[document.pk] = Waiting(document.number, left, by_rate, Source("document", document.pk))
    return found


def _steps(ids: Iterable[int]) -> list[Step]:
    """What was set against these documents, and what was given back on them; two queries."""
    allocations = Allocation.objects.filter(document__in=ids).filter(
        Q(payment__isnull=False) | Q(credit_note__isnull=False)
    )
    set_ = [
        Step(row.at, row.pk, row.document_id, row.amount, credit_note=row.credit_note_id)
        for row in allocations
    ]
    events = PaymentEvent.objects.filter(refund__credit_note__in=ids).annotate(
        credit_note=F("refund__credit_note"),
        came_back=Case(
            When(kind=PaymentEvent.Kind.REFUND_RETURNED, then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        ),
    )
    back = [
        Step(row.at, row.pk, row.credit_note, row.amount, refund=row.refund_id, returned=row.came_back)
        for row in events
    ]
    return [*set_, *back]
