"""A person's documents: the list, and each as a file."""

from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from billing.documents.handing import handed_out
from billing.models import Customer, Document, DocumentFile
from billing.payments.services import cards_are_offered
from billing.sellers import of_several_sellers
from billing.views import settling
from billing.views.requests import SignedInRequest
from members.access import signed_in
from members.services.reading import note_read

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
    several = of_several_sellers(rows)
    context = {"page": page, "several": several, "cards": cards_are_offered(), "section": "members:me"}
    return render(request, "billing/documents.html", context)


@signed_in
@never_cache
@require_safe
def settle(request: SignedInRequest, seller: str, number: str) -> HttpResponse:
    """Say how a document that is due is paid, and what was received so far."""
    own = Document.objects.filter(customer__in=Customer.objects.payable_by(request.user))
    rows = own.invoices().with_balance().select_related("customer", "seller", "snapshot", "order")
    found = get_object_or_404(rows, seller__code=seller, number=number)
    return settling.page(request, found)


@signed_in
@never_cache
@require_safe
def document(request: SignedInRequest, seller: str, number: str) -> HttpResponse | FileResponse:
    """Hand out the PDF, marked DUPLICATA when asked again; a short page says so while it is being made."""
    rows = Document.objects.visible_to(request.user).select_related("customer")
    found = get_object_or_404(rows, seller__code=seller, number=number)
    pdfs = DocumentFile.objects.filter(kind=DocumentFile.Kind.PDF).select_related("document")
    row = pdfs.filter(document=found).first()
    if row is None:
        awaited = render(request, "billing/document_awaited.html", {"document": found}, status=202)
        awaited["Refresh"] = "5"  # the browser asks again by itself, script or not
        return awaited
    if request.method == "HEAD":
        return HttpResponse(content_type="application/pdf")  # nothing is handed out
    now = timezone.now()
    note_read(reader=request.user, person_id=found.customer.user_id, page=request.path, now=now)
    given = handed_out(row, by=request.user, now=now)
    response = FileResponse(given, content_type="application/pdf", filename=f"{number}.pdf")
    response["X-Content-Type-Options"] = "nosniff"
    return response
