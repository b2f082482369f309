"""The cash drawer of a site: what was counted in it, and what was put in or taken out by hand."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.seller import Seller
from billing.models.triggers import append_only


class CashMovement(models.Model):
    """Cash put in or taken out of a drawer that is no sale: `amount` is negative for what left it.

    A correction names the movement that was mistyped; one that names none is a difference of the drawer.
    """

    class Kind(models.TextChoices):
        FLOAT = "float", _("fonds de caisse apporté")
        BANKED = "banked", _("remis en banque")
        CORRECTION = "fix", _("correction")

    seller = models.ForeignKey(
        Seller, models.PROTECT, related_name="cash_movements", verbose_name=_("vendeur")
    )
    site_code = models.SlugField(_("site"), max_length=32)
    kind = models.CharField(_("nature"), max_length=6, choices=Kind)
    amount = models.DecimalField(_("montant"), max_digits=12, decimal_places=2)
    reason = models.CharField(_("motif"), max_length=200, blank=True)
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("mouvement corrigé"),
    )
    at = models.DateTimeField(_("date"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("par"))

    class Meta:
        verbose_name = _("mouvement d’espèces")
        verbose_name_plural = _("mouvements d’espèces")
        ordering: ClassVar[list[str]] = ["-pk"]
        db_table_comment = "Cash put in or taken out of a drawer that is no sale"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="float", amount__gt=0)
                | Q(kind="banked", amount__lt=0)
                | (Q(kind="fix") & ~Q(amount=0) & ~Q(reason="")),
                name="cash_moves_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(corrects=None) | Q(kind="fix"), name="only_a_correction_corrects_a_movement"
            ),
        ]
        indexes = [models.Index(fields=["seller", "site_code", "-id"], name="cash_movement_of_a_drawer")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.site_code} · {self.kind} · {self.amount}"


class CashCount(models.Model):
    """A drawer was counted: what was there, beside what the payments say should have been.

    `sequence` and `movement` are the last payment event and the last movement that `expected` takes into
    account; the first count of a drawer expects nothing: it is where the drawer begins.
    """

    seller = models.ForeignKey(Seller, models.PROTECT, related_name="cash_counts", verbose_name=_("vendeur"))
    site_code = models.SlugField(_("site"), max_length=32)
    counted_at = models.DateTimeField(_("compté le"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("par"))
    expected = models.DecimalField(_("attendu"), max_digits=12, decimal_places=2, null=True, blank=True)
    counted = models.DecimalField(_("compté"), max_digits=12, decimal_places=2)
    denominations = models.JSONField(_("coupures"), default=dict, blank=True)
    note = models.CharField(_("remarque"), max_length=200, blank=True)
    sequence = models.PositiveIntegerField()
    movement = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("comptage de caisse")
        verbose_name_plural = _("comptages de caisse")
        ordering: ClassVar[list[str]] = ["-pk"]
        db_table_comment = "A cash drawer was counted, beside what should have been in it"
        constraints = [
            models.CheckConstraint(condition=Q(counted__gte=0), name="cash_counted_is_never_negative"),
        ]
        indexes = [models.Index(fields=["seller", "site_code", "-id"], name="cash_count_of_a_drawer")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.site_code} · {self.counted_at:%Y-%m-%d %H:%M}"

    @property
    def difference(self) -> Decimal:
        """What is too much in the drawer; negative where some is missing."""
        return Decimal("0.00") if self.expected is None else self.counted - self.expected
