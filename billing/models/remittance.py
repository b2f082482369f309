"""What was taken at the desk and given to the bank: cheques, and the card terminal's takings."""

from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.models.event import PaymentEvent
from billing.models.seller import Seller
from billing.models.triggers import never_emptied

FACTS = ("seller", "method", "received_on", "amount", "fees", "reference", "at", "by")


class Remittance(models.Model):
    """Cheques or terminal takings that the bank received: `amount` is what it holds, `fees` the bank's part.

    Its figures never change. One entered by mistake is withdrawn, once and for good: what it held is then to
    be given to the bank again.
    """

    class Method(models.TextChoices):
        CHEQUE = "cheque", _("chèques")
        TERMINAL = "terminal", _("cartes sur place")

    seller = models.ForeignKey(Seller, models.PROTECT, related_name="remittances", verbose_name=_("vendeur"))
    method = models.CharField(_("moyen"), max_length=8, choices=Method)
    received_on = models.DateField(_("date de valeur"))
    amount = models.DecimalField(_("montant"), max_digits=12, decimal_places=2)
    fees = models.DecimalField(_("frais"), max_digits=12, decimal_places=2, default=0)
    reference = models.CharField(_("libellé du relevé"), max_length=200, blank=True)
    at = models.DateTimeField(_("saisie le"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("saisie par")
    )
    withdrawn_at = models.DateTimeField(_("retirée le"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("retirée par"),
    )

    class Meta:
        verbose_name = _("remise en banque")
        verbose_name_plural = _("remises en banque")
        ordering: ClassVar[list[str]] = ["-received_on", "-id"]
        db_table_comment = "Cheques or terminal takings that the bank received"
        permissions = [("record_remittance", "Can enter what the bank received of the desk's takings")]
        constraints = [
            models.CheckConstraint(
                condition=Q(method__in=["cheque", "terminal"]), name="remittance_is_of_a_known_method"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="remittance_is_of_something"),
            models.CheckConstraint(
                condition=Q(fees=0) | Q(method="terminal", fees__gt=0, fees__lt=F("amount")),
                name="bank_takes_fees_on_cards_only",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="remittance_is_withdrawn_wholly",
            ),
        ]
        indexes = [models.Index(fields=["seller", "at"], name="remittance_by_date")]
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
        return f"{self.received_on:%Y-%m-%d} · {self.method} · {self.amount}"

    @property
    def net(self) -> Decimal:
        """What reached the account."""
        return self.amount - self.fees

    @property
    def number(self) -> str:
        """How its entry names it."""
        return f"RM-{self.pk:05d}"


class RemittedEvent(models.Model):
    """One taking, or one that was given back, of a remittance; `stands` until that is withdrawn."""

    remittance = models.ForeignKey(Remittance, models.PROTECT, related_name="contents")
    event = models.ForeignKey(PaymentEvent, models.PROTECT, related_name="remitted")
    stands = models.BooleanField(default=True, db_default=True)

    class Meta:
        verbose_name = _("contenu d’une remise")
        verbose_name_plural = _("contenus de remises")
        ordering: ClassVar[list[str]] = ["event"]
        db_table_comment = "A movement of money that a remittance holds"
        constraints = [
            models.UniqueConstraint(
                fields=["event"], condition=Q(stands=True), name="taking_is_given_to_the_bank_once"
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="facts_never_change", fields=["remittance", "event"]),
            pgtrigger.Protect(
                name="falls_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__stands=False),
            ),
            pgtrigger.Protect(name="is_kept", operation=pgtrigger.Delete),
            never_emptied(),
        ]

    def __str__(self) -> str:
        return f"{self.remittance_id} · {self.event_id}"
