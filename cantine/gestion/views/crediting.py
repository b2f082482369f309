"""« Faire un avoir… »: sums taken off an issued document, and what of them was kept for a later one."""

from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from billing.collecting.credits import refund_credit_note, use_credit_note
from billing.collecting.owed import of_customer
from billing.models import Correction, Document
from billing.settlement.correcting import correct_document, final_of
from bookings.models import Site, StaffSite
from bookings.views.requests import SignedInRequest
from cantine.gestion import correcting, shown
from cantine.gestion.collecting_forms import CreditForm
from cantine.gestion.correcting import CorrectionPage
from cantine.gestion.views.transfers import refuse_without_right
from members import reach
from members.access import role
from members.errors import Refused
from members.formats import euros
from members.models import User


@role("manager", "treasurer")
@require_http_methods(["GET", "HEAD", "POST"])
def credit_document(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the lines and what a credit note of them would do; then make it. Who may not is told who may."""
    rows = reach.seen_by(Document.objects.invoices().with_balance(), request.user)
    document = get_object_or_404(rows.select_related("snapshot", "seller", "customer", "order"), pk=pk)
    if not reach.manages(request.user, document):
        return told_who_may(request, document)
    final = final_of(document)
    if final is not None:
        words = {"final": final.number}
        messages.info(request, _("Cet acompte est déduit de %(final)s\u00a0: l’avoir se fait ici.") % words)
        return redirect("admin:credit_document", final.pk)
    draft = correcting.read(document, request.POST if request.method == "POST" else None)
    if request.POST.get("do") == "make" and draft.form.is_valid() and draft.refusal is None:
        return make(request, draft)
    return page(request, draft, status=422 if request.POST.get("do") == "make" else 200)


def told_who_may(request: SignedInRequest, document: Document) -> HttpResponse:
    """Who makes credit notes on this document, for who may not."""
    if request.method == "POST":
        raise PermissionDenied
    site = Site.objects.filter(code=document.order.site_code).first()
    standing = StaffSite.objects.of(site) if site else StaffSite.objects.current().filter(site=None)
    people = User.objects.filter(pk__in=standing.values("user"), groups__name="manager", is_active=True)
    return shown.page(
        request,
        "gestion/credit_told.html",
        title=_("Avoir sur %(number)s") % {"number": document.number},
        document=document,
        site=site,
        people=people.order_by("email"),
        may_approve=request.user.has_perm("billing.approve_refund"),
    )


def make(request: SignedInRequest, draft: CorrectionPage) -> HttpResponse:
    """Make the credit note; a refusal shows what was typed."""
    try:
        done = correct_document(
            document=draft.document,
            credits_=draft.form.sums,
            reason=draft.form.cleaned_data["reason"],
            by=request.user,
            now=timezone.now(),
            keep=draft.form.keeps,
        )
    except Refused as refused:
        shown.refuse(request, refused)
        return page(request, draft, status=409)
    assert done.credit_note is not None
    words = {"number": done.credit_note.number, "who": draft.document.customer}
    messages.success(request, _("L’avoir %(number)s part par e-mail à %(who)s.") % words)
    if any(refund.payment.at_desk for refund in done.refunds):
        messages.info(request, _("Ce qui est à rendre sur place vous attend dans «\u202fAujourd’hui\u202f»."))
    return redirect("admin:billing_document_change", done.credit_note.pk)


def page(request: SignedInRequest, draft: CorrectionPage, *, status: int = 200) -> HttpResponse:
    """The page of a credit note."""
    return shown.page(
        request,
        "gestion/credit_document.html",
        status,
        title=_("Avoir sur %(number)s") % {"number": draft.document.number},
        draft=draft,
        document=draft.document,
        buyer=draft.document.snapshot.content["buyer"]["name"],
        form=draft.form,
        sums=draft.sums,
        total=draft.total,
    )


@role("manager", "treasurer")
@require_http_methods(["GET", "HEAD", "POST"])
def use(request: SignedInRequest, pk: int) -> HttpResponse:
    """Use a credit note that was kept: against a document that is due, or back to the customer."""
    refuse_without_right(request)
    found = get_object_or_404(reach.seen_by(Correction.objects.left(), request.user), pk=pk)
    note = found.credit_note
    due = reach.seen_by(of_customer(note.customer).filter(seller=note.seller), request.user)
    form = CreditForm(
        request.POST if request.method == "POST" else None,
        documents=due,
        initial={"montant": found.credit, "document": due.first()},
    )
    if request.method == "POST" and form.is_valid():
        document, amount = form.cleaned_data["document"], form.cleaned_data["montant"]
        try:
            said = spent(request, found, document, amount=amount)
        except Refused as refused:
            shown.refuse(request, refused)
        else:
            messages.success(request, said)
            return redirect("admin:owed")
    title = _("Avoir gardé pour %(who)s") % {"who": note.customer}
    return shown.page(request, "gestion/credit.html", title=title, form=form, kept=found)


def spent(request: SignedInRequest, found: Correction, document: Document | None, *, amount: Decimal) -> str:
    """Set it against the document, or ask for its refund; what to say of it."""
    now, words = timezone.now(), {"amount": euros(amount, shown.language()), "number": document or ""}
    if document is not None:
        use_credit_note(correction=found, document=document, amount=amount, by=request.user, now=now)
        return _("%(amount)s règlent maintenant %(number)s.") % words
    refund_credit_note(correction=found, amount=amount, by=request.user, now=now)
    return _("%(amount)s repartent par le moyen du paiement.") % words
