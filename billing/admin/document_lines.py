"""The lines of a document on its page in the desk, as its PDF says them."""

from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from billing.documents.content import unit_price
from billing.documents.sums import rate
from billing.models import Document, DocumentLine, DocumentSnapshot
from billing.units import counted
from members.desk import two_lines
from members.desk_read_only import ReadOnlyInline
from members.templatetags.formats import euros

OF_A_DISCOUNT = ("before", "discount")
"""Columns of documents that have one."""


def signed(amount: Decimal, document: Document) -> str:
    """A sum of a document: what a credit note gives back is below zero, in every column alike."""
    return euros(-amount if document.kind == Document.Kind.CREDIT_NOTE else amount)


class DocumentLineInline(ReadOnlyInline):
    """The lines in the words of the document, with what the discount takes off each."""

    model = DocumentLine
    verbose_name = _("ligne")
    verbose_name_plural = _("lignes")
    fields = ("said", "number", "price", "rate", "before", "discount", "excl", "vat", "incl")

    def get_queryset(self, request: HttpRequest) -> QuerySet[DocumentLine]:
        """With the words of the document, read at once."""
        rows: QuerySet[DocumentLine] = super().get_queryset(request)
        return rows.select_related("document__snapshot", "product")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """A document without a discount has no columns for it."""
        fields = super().get_readonly_fields(request, obj)
        if obj is None or obj.lines.exclude(discount_excl=0).exists():
            return fields
        return [name for name in fields if name not in OF_A_DISCOUNT]

    @admin.display(description=_("désignation"))
    def said(self, obj: DocumentLine) -> SafeString | str:
        """Label and detail; the article once the words are gone (ten years)."""
        words = _words(obj)
        return two_lines(words["label"], words["detail"]) if words else str(obj.product)

    @admin.display(description=_("quantité"))
    def number(self, obj: DocumentLine) -> str:
        """« 4 heures »."""
        return counted(obj.quantity, _words(obj).get("unit", ""), _language())

    @admin.display(description=_("prix HT"))
    def price(self, obj: DocumentLine) -> str:
        """Of one."""
        return unit_price(obj, _language())

    @admin.display(description=_("taux de TVA"))
    def rate(self, obj: DocumentLine) -> str:
        """« 20 % »."""
        return rate(obj.vat_rate, _language())

    @admin.display(description=_("HT avant remise"))
    def before(self, obj: DocumentLine) -> str:
        """What the PDF has at the end of the line."""
        return signed(obj.amount_excl + obj.discount_excl, obj.document)

    @admin.display(description=_("remise HT"))
    def discount(self, obj: DocumentLine) -> str:
        """Its part of the discount on the whole document."""
        return signed(-obj.discount_excl, obj.document)

    @admin.display(description=_("HT"))
    def excl(self, obj: DocumentLine) -> str:
        """Without VAT, after the discount."""
        return signed(obj.amount_excl, obj.document)

    @admin.display(description=_("TVA"))
    def vat(self, obj: DocumentLine) -> str:
        """The VAT."""
        return signed(obj.amount_vat, obj.document)

    @admin.display(description=_("TTC"))
    def incl(self, obj: DocumentLine) -> str:
        """With VAT."""
        return signed(obj.amount_incl, obj.document)


def _words(line: DocumentLine) -> dict[str, str]:
    """What the document says of a line; nothing once its words are gone."""
    try:
        words: dict[str, str] = line.document.snapshot.content["lines"][line.position - 1]
    except DocumentSnapshot.DoesNotExist:
        return {}
    return words


def _language() -> str:
    return get_language() or "fr"
