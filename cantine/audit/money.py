"""Invariants 3 to 5: money is exact, what is issued never changes, numbers have no gap, chains are whole."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, F, Max, Q, Sum
from django.db.models.functions import Coalesce

from billing.documents.verifying import broken_documents
from billing.models import (
    INVOICES,
    Allocation,
    Document,
    DocumentSeries,
    Order,
    OrderLine,
    Payment,
    PaymentChain,
    PaymentEvent,
    Refund,
)
from billing.payments.ledger import broken_links
from cantine.audit.late import LATE

ZERO = Decimal("0.00")


def documents_that_do_not_add_up() -> Iterator[str]:
    """Total, lines and VAT rows of a document say the same, to the cent."""
    documents = Document.objects.annotate(lines_incl=Coalesce(Sum("lines__amount_incl"), ZERO))
    wrong = documents.exclude(lines_incl=F("total_incl"))
    for number, lines, total in wrong.values_list("number", "lines_incl", "total_incl"):
        yield f"{number}: lines make {lines}, total {total}"
    rated = Document.objects.annotate(
        base=Coalesce(Sum("vat_rows__base"), ZERO), vat=Coalesce(Sum("vat_rows__vat"), ZERO)
    )
    odd = rated.exclude(base=F("total_excl"), vat=F("total_vat"))
    for number, base, vat in odd.values_list("number", "base", "vat"):
        yield f"{number}: VAT rows make {base} + {vat}"


def numbers_with_a_gap() -> Iterator[str]:
    """A series goes from 1 to its last number, and no further."""
    series = DocumentSeries.objects.annotate(count=Count("documents"), top=Max("documents__sequence"))
    for each in series:
        if each.count != each.last_sequence or (each.top or 0) != each.last_sequence:
            yield f"{each}: {each.count} documents, highest {each.top}, series at {each.last_sequence}"
    for document in Document.objects.exclude(series__in=DocumentSeries.objects.values("pk")):
        yield f"{document.number}: its series is gone"


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
        end = (0, "") if last is None else (last.sequence, last.hash)
        if end != (chain.sequence, chain.hash):
            yield f"{chain.seller.code}: the chain ends at {chain.sequence}, the events do not"
    lost = PaymentEvent.objects.exclude(seller__in=PaymentChain.objects.values("seller"))
    for code in lost.order_by("seller__code").values_list("seller__code", flat=True).distinct():
        yield f"{code}: payment events without their chain"


def movements_outside_the_chain() -> Iterator[str]:
    """Each payment received and each refund that arrived is in the chain, once, with its amount."""
    received = Payment.objects.filter(succeeded_at__isnull=False).annotate(
        links=Count("events", filter=Q(events__refund=None, events__amount=F("amount")))
    )
    for payment, order, links in received.exclude(links=1).values_list("pk", "order__public_id", "links"):
        yield f"payment {payment} of order {order} is {links} times in the chain"
    refunds = Refund.objects.filter(state=Refund.State.SUCCEEDED).annotate(
        links=Count("events", filter=Q(events__kind=PaymentEvent.Kind.REFUNDED, events__amount=F("amount")))
    )
    for refund, amount, links in refunds.exclude(links=1).values_list("pk", "amount", "links"):
        yield f"refund {refund} of {amount} is {links} times in the chain"


def orders_without_their_invoice() -> Iterator[str]:
    """What was accepted and costs something was invoiced, line by line, once."""
    accepted = OrderLine.objects.filter(
        order__state=Order.State.ACCEPTED, amount_incl__gt=0, state__in=["fulfilled", "cancelled"]
    ).annotate(invoiced=Count("document_lines", filter=Q(document_lines__document__kind__in=INVOICES)))
    for line in accepted.exclude(invoiced=1).select_related("order"):
        yield f"order {line.order}: line {line.position} is on {line.invoiced} invoices"
    early = Document.objects.invoices().exclude(order__state=Order.State.ACCEPTED)
    for document in early.select_related("order"):
        yield f"{document.number} invoices order {document.order}, which is {document.order.state}"


def cards_that_left_something_owed() -> Iterator[str]:
    """What was accepted because a card paid is paid in full."""
    owed = Document.objects.unpaid().filter(order__means=Order.Means.CARD)
    for document in owed.exclude(order__payments__state__in=[Payment.State.DISPUTED, Payment.State.LOST]):
        yield f"{document.number}, paid by card, still lacks {document.owed}"


def money_allocated_beyond_itself() -> Iterator[str]:
    """Allocations never pass the document they pay, nor the payment they come from."""
    totals = (
        Allocation.objects.filter(document__kind__in=INVOICES)
        .values("document_id", "document__number", "document__total_incl")
        .annotate(total=Sum("amount"))
        .filter(total__gt=F("document__total_incl"))
    )
    for row in totals:
        yield f"{row['document__number']}: {row['total']} allocated to {row['document__total_incl']}"
    origins = {"payment": "amount", "credit_note": "total_incl", "refund": "amount", "advance": "total_incl"}
    for origin, whole in origins.items():
        spent = (
            Allocation.objects.filter(**{f"{origin}__isnull": False})
            .values(f"{origin}_id", whole=F(f"{origin}__{whole}"))
            .annotate(total=Sum("amount"))
            .filter(total__gt=F("whole"))
        )
        for row in spent:
            yield f"{origin} {row[f'{origin}_id']}: {row['total']} allocated of {row['whole']}"


def refunds_beyond_their_payment() -> Iterator[str]:
    """What was given back never passes what was received, and each payment knows how much it was."""
    payments = Payment.objects.annotate(
        back=Coalesce(
            Sum("refunds__amount", filter=~Q(refunds__state__in=[Refund.State.FAILED, Refund.State.REFUSED])),
            ZERO,
        )
    )
    wrong = payments.filter(Q(back__gt=F("amount")) | ~Q(back=F("refunded")))
    for pk, back, amount, noted in wrong.values_list("pk", "back", "amount", "refunded"):
        yield f"payment {pk}: {back} refunded of {amount}, noted {noted}"


def payments_left_unsettled(now: datetime) -> Iterator[str]:
    """A payment received became an accepted order or a refund; a transfer may be kept as a credit."""
    for payment in Payment.objects.unsettled().filter(succeeded_at__lte=now - LATE).select_related("order"):
        yield f"payment {payment.pk} of order {payment.order} was received and led to nothing yet"
    paid = Payment.objects.filter(
        state=Payment.State.SUCCEEDED, settled_at__isnull=False, order__state__in=["cancelled", "expired"]
    ).annotate(back=Coalesce(Sum("refunds__amount", filter=~Q(refunds__state=Refund.State.REFUSED)), ZERO))
    for payment in paid.filter(transfer=None).exclude(back__gte=F("amount")):
        yield f"payment {payment.pk} of the {payment.order.state} order {payment.order} was not given back"
