"""Invoices and credit notes: read and downloaded, never altered."""

from decimal import Decimal
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from billing.admin.document_lines import DocumentLineInline, signed
from billing.documents.handing import handed_out
from billing.models import Correction, Document, DocumentFile, DocumentSnapshot, DunningLetter
from billing.models.document import DocumentQuerySet
from members import reach
from members.access import role
from members.desk import pill, two_lines
from members.desk_read_only import ReadOnlyAdmin, ReadOnlyInline
from members.models import User
from members.templatetags.formats import euros

BUYER_NAME = KeyTextTransform("name", KeyTransform("buyer", "snapshot__content"))


class LetterInline(ReadOnlyInline):
    """The dunning letters about it; their e-mails are among the messages."""

    model = DunningLetter
    fields = ("position", "on", "owed", "penalties", "indemnity")


class BalanceFilter(admin.SimpleListFilter):
    """What is still owed."""

    title = _("règlement")
    parameter_name = "reste"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """One choice: those not paid."""
        return [("oui", _("À régler"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Document]) -> QuerySet[Document]:
        """Invoices on which something is owed."""
        if self.value() != "oui":
            return queryset
        return queryset.filter(pk__in=Document.objects.unpaid().values("pk"))


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    """Invoices and credit notes: read and downloaded, never altered."""

    list_title = _("factures et avoirs")
    list_display = ("numbered", "kind", "buyer", "issued_on", "due_on", "shown_state", "total_amount")
    list_filter = ("kind", BalanceFilter, "seller", "specimen")
    list_select_related = ("customer", "seller", "order")
    search_fields = (
        "number",
        "snapshot__content__buyer__name",
        "customer__name",
        "customer__email",
        "order__public_id",
    )
    date_hierarchy = "issued_on"
    fields = (
        "number",
        "kind",
        "seller",
        "buyer",
        "customer",
        "order",
        "corrects",
        "reason",
        "issued_on",
        "due_on",
        "discount",
        "excl_amount",
        "vat_amount",
        "total_amount",
        "shown_state",
        "hash",
    )
    readonly_fields = (
        "shown_state",
        "excl_amount",
        "vat_amount",
        "total_amount",
        "buyer",
        "reason",
        "discount",
    )
    inlines = (DocumentLineInline, LetterInline)
    change_form_template = "admin/billing/document/change_form.html"

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Have the numbers of several sellers, which are the same ones, told apart: without a query."""
        found = super().get_changelist_instance(request)
        found.result_list = rows = list(found.result_list)
        several = len({row.seller_id for row in rows}) > 1
        for row in rows:
            row.issuer = row.seller if several else ""
        return found

    @admin.display(description=_("numéro"), ordering="number")
    def numbered(self, document: Document) -> SafeString:
        """The number, and under it who issued it where the page has documents of several sellers."""
        return two_lines(document.number, document.issuer)  # type: ignore[attr-defined]  # set for the page

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        """Read what is owed on each of the page, and the name it bears, at once."""
        found = cast("DocumentQuerySet", super().get_queryset(request))
        named = found.with_balance().annotate(buyer_name=BUYER_NAME)
        return named.order_by("-issued_at", "-id")

    def get_urls(self) -> list[URLPattern]:
        """Add the PDF."""
        guarded = self.admin_site.admin_view(role("manager", "treasurer")(self.pdf))
        own = path("<int:pk>/pdf/", guarded, name="billing_document_pdf")
        return [own, *super().get_urls()]

    def pdf(self, request: HttpRequest, pk: int) -> FileResponse:
        """Hand out a copy, marked DUPLICATA: the original is the buyer's."""
        document = get_object_or_404(reach.seen_by(Document.objects.all(), request.user), pk=pk)
        made = get_object_or_404(DocumentFile, document=document, kind=DocumentFile.Kind.PDF)
        given = handed_out(made, by=cast("User", request.user), now=timezone.now())
        return FileResponse(given, filename=f"{document.number}.pdf", content_type="application/pdf")

    @admin.display(description=_("établie au nom de"), ordering="buyer_name")
    def buyer(self, obj: Document) -> str:
        """The buyer as the document names it: a customer may have another name since."""
        return getattr(obj, "buyer_name", None) or str(obj.customer)

    @admin.display(description=_("motif"))
    def reason(self, obj: Document) -> str:
        """Why it was made, where somebody decided on it."""
        found = Correction.objects.filter(credit_note=obj).select_related("by").first()
        if found is None:
            return "–"
        return f"{found.reason} ({found.by})" if found.by else found.reason

    @admin.display(description=_("remise"))
    def discount(self, obj: Document) -> str:
        """Why it is less, in the words of the PDF, and by how much."""
        taken = obj.lines.aggregate(sum=Sum("discount_excl"))["sum"]
        words = DocumentSnapshot.objects.filter(document=obj).values_list("content__discount", flat=True)
        if not taken:
            return "–"
        return " ".join([*filter(None, words), _("%(amount)s HT") % {"amount": signed(-taken, obj)}])

    @admin.display(description=_("état"))
    def shown_state(self, obj: Document) -> SafeString:
        """Paid, or what is owed."""
        if obj.kind == Document.Kind.CREDIT_NOTE:
            return pill("off", _("avoir"), "repeat")
        owed = getattr(obj, "owed", Decimal(0))
        if owed <= 0:
            return pill("done", _("réglée"))
        return pill("due", _("reste %(amount)s") % {"amount": euros(owed)})

    @admin.display(description=_("montant TTC"), ordering="total_incl")
    def total_amount(self, obj: Document) -> str:
        """How much, with its sign."""
        return signed(obj.total_incl, obj)

    @admin.display(description=_("montant HT"))
    def excl_amount(self, obj: Document) -> str:
        """The same without VAT."""
        return signed(obj.total_excl, obj)

    @admin.display(description=_("TVA"))
    def vat_amount(self, obj: Document) -> str:
        """Its VAT."""
        return signed(obj.total_vat, obj)
