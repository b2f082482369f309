"""What a document is made of: its lines, its VAT by rate, the advances it deducts."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.models.document import Document
from billing.models.order import OrderLine
from billing.models.product import Product
from billing.models.triggers import append_only


class DocumentLine(models.Model):
    """One line issued; its words are in the snapshot, under the same position."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="lines", db_index=False)
    position = models.PositiveSmallIntegerField()
    order_line = models.ForeignKey(OrderLine, models.PROTECT, related_name="document_lines")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="credit_lines")
    quantity = models.DecimalField(max_digits=12, decimal_places=4)
    unit_price_excl = models.DecimalField(max_digits=14, decimal_places=6)
    vat_rate = models.DecimalField(max_digits=5, decimal_places=2)
    amount_excl = models.DecimalField(max_digits=12, decimal_places=2)
    amount_vat = models.DecimalField(max_digits=12, decimal_places=2)
    amount_incl = models.DecimalField(max_digits=12, decimal_places=2)
    discount_excl = models.DecimalField(
        max_digits=12, decimal_places=2, default=0, db_default=0
    )  # its part of the document's discount, already off the amounts
    supplied_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("ligne de document")
        verbose_name_plural = _("lignes de document")
        ordering: ClassVar[list[str]] = ["document", "position"]
        db_table_comment = "A line of a document issued: codes and amounts, no words"
        constraints = [
            models.UniqueConstraint(
                fields=["document", "position"], name="document_line_has_a_place_of_its_own"
            ),
            models.CheckConstraint(
                condition=Q(amount_incl=F("amount_excl") + F("amount_vat")), name="document_line_adds_up"
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.document} · {self.position}"


class DocumentVat(models.Model):
    """The VAT of a document at one rate."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="vat_rows", db_index=False)
    rate = models.DecimalField(max_digits=5, decimal_places=2)
    base = models.DecimalField(max_digits=12, decimal_places=2)
    vat = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        verbose_name = _("TVA d’un document")
        verbose_name_plural = _("TVA des documents")
        ordering: ClassVar[list[str]] = ["document", "-rate"]
        db_table_comment = "The VAT of a document at one rate"
        constraints = [
            models.UniqueConstraint(fields=["document", "rate"], name="vat_is_counted_once_a_rate"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.document} · {self.rate}"


class DocumentDeduction(models.Model):
    """What a final invoice deducts of an advance invoice, at one rate; an advance is deducted once."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="deductions")
    advance = models.ForeignKey(Document, models.PROTECT, related_name="deducted_by")
    rate = models.DecimalField(max_digits=5, decimal_places=2)
    base = models.DecimalField(max_digits=12, decimal_places=2)
    vat = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        verbose_name = _("acompte déduit")
        verbose_name_plural = _("acomptes déduits")
        ordering: ClassVar[list[str]] = ["document", "id"]
        db_table_comment = "What a final invoice deducts of an advance, at one rate"
        constraints = [
            models.UniqueConstraint(fields=["advance", "rate"], name="advance_is_deducted_once_a_rate"),
            models.CheckConstraint(condition=Q(base__gte=0, vat__gte=0), name="deduction_is_never_negative"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.document} · {self.advance} · {self.rate}"
