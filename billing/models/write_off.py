"""What a dispute took for good: the treasurer says that nobody will pay it."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.payout import BalanceMovement
from billing.models.seller import Seller
from billing.models.triggers import append_only, never_emptied

FACTS = ("seller", "movement", "amount", "decided_on", "reason", "at", "by")


class WriteOff(models.Model):
    """A disputed payment that is lost: `amount` euros, VAT included, that its customer will not pay.

    `movement` is the one by which the dispute took the money. Its figures never change. One decided by
    mistake is withdrawn, once and for good: the sum is then owed again. The VAT that is asked back of the
    State stands in `vat_rows`; without any, the whole sum is the loss.
    """

    seller = models.ForeignKey(Seller, models.PROTECT, related_name="write_offs", verbose_name=_("vendeur"))
    movement = models.ForeignKey(
        BalanceMovement, models.PROTECT, related_name="write_offs", verbose_name=_("contestation")
    )
    amount = models.DecimalField(_("montant"), max_digits=12, decimal_places=2)
    decided_on = models.DateField(_("décidé le"))
    reason = models.CharField(_("motif"), max_length=300)
    at = models.DateTimeField(_("saisi le"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("saisi par")
    )
    withdrawn_at = models.DateTimeField(_("retiré le"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("retiré par"),
    )

    class Meta:
        verbose_name = _("passage en perte")
        verbose_name_plural = _("passages en perte")
        ordering: ClassVar[list[str]] = ["-at", "-id"]
        db_table_comment = "A disputed payment that nobody will pay again"
        permissions = [("decide_writeoff", "Can decide that a disputed payment is lost")]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="write_off_is_of_something"),
            models.CheckConstraint(condition=~Q(reason=""), name="write_off_says_why"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="write_off_is_withdrawn_wholly",
            ),
            models.UniqueConstraint(
                fields=["movement"], condition=Q(withdrawn_at=None), name="dispute_is_written_off_once"
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="facts_never_change", fields=list(FACTS)),
            pgtrigger.Protect(
                name="is_withdrawn_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
            ),
            pgtrigger.Protect(name="is_kept", operation=pgtrigger.Delete),
            never_emptied(),
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.amount}"

    @property
    def number(self) -> str:
        """How its entry names it."""
        return f"PE-{self.pk:05d}"


class WriteOffVat(models.Model):
    """The VAT of a loss that is asked back, at one rate (percent)."""

    write_off = models.ForeignKey(WriteOff, models.PROTECT, related_name="vat_rows")
    rate = models.DecimalField(max_digits=5, decimal_places=2)
    base = models.DecimalField(max_digits=12, decimal_places=2)
    vat = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        verbose_name = _("TVA d’une perte")
        verbose_name_plural = _("TVA de pertes")
        ordering: ClassVar[list[str]] = ["-rate"]
        db_table_comment = "VAT of a loss that is asked back, by rate"
        constraints = [
            models.UniqueConstraint(fields=["write_off", "rate"], name="vat_of_a_loss_is_told_once_a_rate"),
            models.CheckConstraint(condition=Q(vat__gt=0), name="vat_of_a_loss_is_of_something"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.write_off_id} · {self.rate}"
