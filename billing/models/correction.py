"""Why sums were taken off a document by hand, and what of them is kept for the customer."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from billing.models.document import Allocation, Document
from billing.models.triggers import append_only

ZERO = Value(Decimal("0.00"), output_field=models.DecimalField(max_digits=12, decimal_places=2))


class CorrectionQuerySet(models.QuerySet["Correction"]):
    """What is still kept."""

    def with_credit(self) -> "CorrectionQuerySet":
        """Add `credit`: what neither a later document nor a refund has taken of what was kept, in euros."""
        used = _spent(Allocation.objects.filter(credit_note=OuterRef("credit_note")), "credit_note")
        back = _spent(Allocation.objects.filter(document=OuterRef("credit_note")), "document")
        kept = self.filter(kept__gt=0).alias(used=used, back=back)
        return kept.annotate(**{"credit": F("lowered") + F("kept") - F("used") - F("back")})

    def left(self) -> "CorrectionQuerySet":
        """Those of which something is kept still, oldest first."""
        rows = self.with_credit().filter(Q(credit__gt=0)).order_by("at", "pk")
        return rows.select_related("credit_note__customer", "credit_note__seller", "credit_note__order")


def _spent(rows: QuerySet[Allocation], by: str) -> Coalesce:
    summed = rows.order_by().values(by).annotate(total=Sum("amount")).values("total")
    return Coalesce(Subquery(summed), ZERO)


class Correction(models.Model):
    """A credit note that somebody decided on: `lowered` went off what was owed, `kept` waits for a use.

    The rest was asked to be given back. Euros, VAT included.
    """

    credit_note = models.OneToOneField(
        Document, models.PROTECT, related_name="correction", verbose_name=_("avoir")
    )
    reason = models.CharField(_("motif"), max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("décidé par")
    )
    at = models.DateTimeField(_("décidé le"))
    lowered = models.DecimalField(_("déduit de ce qui restait dû"), max_digits=12, decimal_places=2)
    kept = models.DecimalField(_("gardé pour le client"), max_digits=12, decimal_places=2)

    objects = CorrectionQuerySet.as_manager()

    # What `with_credit()` adds, in euros.
    credit: Decimal

    class Meta:
        verbose_name = _("motif d’avoir")
        verbose_name_plural = _("motifs d’avoirs")
        ordering: ClassVar[list[str]] = ["-at", "-pk"]
        db_table_comment = "Why a credit note was made by hand, and what of it is kept for the customer"
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="correction_says_why"),
            models.CheckConstraint(
                condition=Q(lowered__gte=0, kept__gte=0), name="correction_is_never_negative"
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return str(self.credit_note)
