"""The invoices of a rental on its private page: each as a file, and how what is left of them is paid."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from billing.documents.files import PDF
from billing.documents.handing import copy_of
from billing.documents.paying import TransferAsked, transfer_asked
from billing.models import Document, DocumentFile, DocumentKind, Order, Quote
from billing.money import ZERO
from bookings.models import RentalRequest
from bookings.quote_words import language, left_to_pay
from bookings.services.rentals.balancing import documents_of
from bookings.views.rent_link import KEY, by_link
from bookings.views.requests import PageRequest
from members.access import with_key
from members.formats import euros


def shown(asked: RentalRequest) -> list[tuple[Any, str]]:
    """Each document of a request, with its balance, and the address of its file; the newest first."""
    rows = documents_of(asked).with_balance().select_related("seller", "order", "snapshot", "corrects")
    return [(row, _address(asked, row)) for row in rows.order_by("-issued_on", "-pk")]


def _address(asked: RentalRequest, row: Document) -> str:
    return reverse("bookings:rent_document", args=[asked.key, row.seller.code, row.number])


@dataclass(frozen=True)
class OwedInvoice:
    """An invoice that is due: its number, what is left of it in words, and where that is paid."""

    number: str
    left: str
    address: str
    said: str


def owed_of(documents: list[tuple[Any, str]]) -> list[OwedInvoice]:
    """Those of `shown` that are not paid in full, the newest first."""
    tongue = language()
    return [
        OwedInvoice(
            row.number,
            euros(row.owed, tongue),
            reverse("billing:pay", args=[row.order.public_id]),
            left_to_pay(row, row.owed, tongue),
        )
        for row, _href in documents
        if row.kind != DocumentKind.CREDIT_NOTE and row.owed > ZERO
    ]


def advance_asked(quote: Quote, left: Decimal) -> TransferAsked | None:
    """What is `left` of the advance that waits, as a transfer: it is known by the order's reference."""
    order = quote.advance_order
    if order is None or order.state != Order.State.OPEN:
        return None
    seller = {name: getattr(order.seller, name) for name in ("name", "iban", "bic")}
    return transfer_asked(seller, owed=left, number=order.reference)


@with_key(KEY)
@never_cache
@require_safe
@by_link
def document(request: PageRequest, asked: RentalRequest, seller: str, number: str) -> HttpResponseBase:
    """Give the copy of one of its documents; the original went out by e-mail."""
    found = get_object_or_404(documents_of(asked), seller__code=seller, number=number)
    pdfs = DocumentFile.objects.filter(kind=DocumentFile.Kind.PDF).select_related("document")
    row = pdfs.filter(document=found).first()
    if row is None:
        awaited: HttpResponse = render(
            request, "billing/document_awaited.html", {"document": found, "private": True}, status=202
        )
        awaited["Refresh"] = "5"  # the browser asks again by itself, script or not
        return awaited
    return FileResponse(copy_of(row), content_type=PDF, filename=f"{number}.pdf")
