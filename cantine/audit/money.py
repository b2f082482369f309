"""Invariants 3 to 5: money is exact, what is issued never changes, numbers have no gap, chains are whole."""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Count, F, Max, Q, Sum
from django.db.models.functions import Coalesce

from billing.documents.verifying import broken_documents
from billing.models import (
    Allocation,
    Document,
    DocumentSeries,
    Order,
    OrderLine,
    Payment,
    PaymentChain,
    Refund,
)
from billing.payments.ledger import broken_links

ZERO = Decimal("0.00")


def documents_that_do_not_add_up() -> Iterator[str]:
    """Total, lines and VAT rows of a document say the same, to the cent."""
    documents = Document.objects.annotate(lines_incl=Coalesce(Sum("lines__amount_incl"), ZERO))
    for document in documents.exclude(lines_incl=F("total_incl")):
        yield f"{document.number}: lines make {document.lines_incl}, total {document.total_incl}"
    rated = Document.objects.annotate(
        base=Coalesce(Sum("vat_rows__base"), ZERO), vat=Coalesce(Sum("vat_rows__vat"), ZERO)
    )
    for document in rated.exclude(base=F("total_excl"), vat=F("total_vat")):
        yield f"{document.number}: VAT rows make {document.base} + {document.vat}"


def numbers_with_a_gap() -> Iterator[str]:
    """A series goes from 1 to its last number, and no further."""
    series = DocumentSeries.objects.annotate(count=Count("documents"), top=Max("documents__sequence"))
    for each in series:
        if each.count != each.last_sequence or (each.top or 0) != each.last_sequence:
            yield f"{each}: {each.count} documents, highest {each.top}, series at {each.last_sequence}"


def broken_document_chains() -> Iterator[str]:
    """Each document's hash is that of its content, its words and the document before it."""
    for series in DocumentSeries.objects.select_related("seller"):
        for document in broken_documents(series):
            yield f"{document.number}: its hash is not that of what it says"
        last = series.documents.order_by("-sequence").first()
        if last is not None and last.hash != series.last_hash:
            yield f"{series}: the series ends with another hash than its last document's"


def broken_payment_chains() -> Iterator[str]:
    """Each payment event's hash and signature are right, none is missing, the end is where the chain says."""
    for chain in PaymentChain.objects.select_related("seller"):
        for event in broken_links(chain.seller):
            yield f"{chain.seller.code}: payment event {event.sequence} is not what was signed"
        last = chain.seller.payment_events.order_by("-sequence").first()
        if last is None or (last.sequence, last.hash) != (chain.sequence, chain.hash):
            yield f"{chain.seller.code}: the chain ends at {chain.sequence}, the events do not"


def orders_without_their_invoice() -> Iterator[str]:
    """What was accepted and costs something was invoiced, line by line, once."""
    accepted = OrderLine.objects.filter(
        order__state=Order.State.ACCEPTED, amount_incl__gt=0, state__in=["fulfilled", "cancelled"]
    ).annotate(
        invoiced=Count("document_lines", filter=Q(document_lines__document__kind=Document.Kind.INVOICE))
    )
    for line in accepted.exclude(invoiced=1).select_related("order"):
        yield f"order {line.order}: line {line.position} is on {line.invoiced} invoices"


def money_allocated_beyond_itself() -> Iterator[str]:
    """Allocations never pass the document they pay, nor the payment they come from."""
    totals = (
        Allocation.objects.filter(document__kind=Document.Kind.INVOICE)
        .values("document_id", "document__number", "document__total_incl")
        .annotate(total=Sum("amount"))
        .filter(total__gt=F("document__total_incl"))
    )
    for row in totals:
        yield f"{row['document__number']}: {row['total']} allocated to {row['document__total_incl']}"
    payments = (
        Allocation.objects.filter(payment__isnull=False)
        .values("payment_id", "payment__amount")
        .annotate(total=Sum("amount"))
        .filter(total__gt=F("payment__amount"))
    )
    for row in payments:
        yield f"payment {row['payment_id']}: {row['total']} allocated of {row['payment__amount']}"


def refunds_beyond_their_payment() -> Iterator[str]:
    """What was given back never passes what was received."""
    payments = Payment.objects.annotate(
        back=Coalesce(
            Sum("refunds__amount", filter=~Q(refunds__state__in=[Refund.State.FAILED, Refund.State.REFUSED])),
            ZERO,
        )
    )
    for payment in payments.filter(back__gt=F("amount")):
        yield f"payment {payment.pk}: {payment.back} refunded of {payment.amount}"


def payments_left_unsettled() -> Iterator[str]:
    """A payment received became an accepted order or a refund."""
    for payment in Payment.objects.unsettled().select_related("order"):
        yield f"payment {payment.pk} of order {payment.order} was received and led to nothing yet"
    paid = Payment.objects.filter(
        state=Payment.State.SUCCEEDED, settled_at__isnull=False, order__state__in=["cancelled", "expired"]
    ).annotate(back=Coalesce(Sum("refunds__amount", filter=~Q(refunds__state=Refund.State.REFUSED)), ZERO))
    for payment in paid.exclude(back__gte=F("amount")):
        yield f"payment {payment.pk} of the {payment.order.state} order {payment.order} was not given back"
