"""A person's documents: the list, and each as a file."""

from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from billing.models import Customer, Document, DocumentFile
from billing.views.requests import SignedInRequest
from members.access import signed_in

PER_PAGE = 25


@signed_in
@never_cache
@require_safe
def documents(request: SignedInRequest) -> HttpResponse:
    """List invoices and credit notes, newest first."""
    own = Customer.objects.payable_by(request.user)
    rows = (
        Document.objects.filter(customer__in=own)
        .with_balance()
        .select_related("customer", "corrects", "seller")
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "billing/documents.html", {"page": page, "section": "members:me"})


@signed_in
@never_cache
@require_safe
def document(request: SignedInRequest, seller: str, number: str) -> HttpResponse | FileResponse:
    """Hand out the PDF of a document; a short page says so while it is being made."""
    found = get_object_or_404(Document.objects.visible_to(request.user), seller__code=seller, number=number)
    row = DocumentFile.objects.filter(document=found, kind=DocumentFile.Kind.PDF).first()
    if row is None:
        awaited = render(request, "billing/document_awaited.html", {"document": found}, status=202)
        awaited["Refresh"] = "5"  # the browser asks again by itself, script or not
        return awaited
    response = FileResponse(row.file.open("rb"), content_type="application/pdf", filename=f"{number}.pdf")
    response["X-Content-Type-Options"] = "nosniff"
    return response
