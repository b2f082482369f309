"""The page of an invoice that is due: what is left, by card here, by transfer beside it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from billing.documents.paying import transfer_asked
from billing.models import Document
from billing.payments.services import cards_are_offered, start_invoice_checkout
from billing.views.requests import person_of
from members.errors import Refused


def page(
    request: HttpRequest, document: Document, *, back: str = "", refusal: Refused | None = None
) -> HttpResponse:
    """Say how a document with its balance is paid, and what was received so far.

    Who has no more than the order's link sees no way to the list of documents nor to its PDF, but `back`.
    """
    asked = transfer_asked(document.snapshot.content["seller"], owed=document.owed, number=document.number)
    context = {
        "document": document,
        "cards": cards_are_offered(),
        "asked": asked,
        "payments": document.allocations.filter(payment__isnull=False).select_related("payment"),
        "by_link": not request.user.is_authenticated,
        "back": back,
        "refusal": refusal,
        "section": "members:me",
    }
    return render(request, "billing/settle.html", context, status=refusal.status if refusal else 200)


def pay_invoice(request: HttpRequest, document: Document, *, back: str) -> HttpResponse:
    """GET shows what is owed; POST goes to the payment page."""
    refusal = None
    if request.method == "POST":
        try:
            return redirect(
                start_invoice_checkout(invoice=document, by=person_of(request), now=timezone.now())
            )
        except Refused as reason:
            refusal = reason
            document = (
                Document.objects.with_balance()
                .select_related("snapshot", "seller", "order")
                .get(pk=document.pk)
            )
    return page(request, document, back=back, refusal=refusal)
