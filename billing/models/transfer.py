"""Money that the bank statement shows: entered once, whatever it pays."""

import re
import unicodedata
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.customer import Customer
from billing.models.seller import Seller
from billing.models.triggers import append_only


def bare(text: str) -> str:
    """Write `text` in capitals and digits alone: banks cut, space and capitalise as they please."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Z0-9]", "", plain.upper())


class Transfer(models.Model):
    """A transfer received: its payments, one per document paid and one for what is kept as credit."""

    seller = models.ForeignKey(Seller, models.PROTECT, related_name="transfers", verbose_name=_("vendeur"))
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="transfers", verbose_name=_("client"))
    received_on = models.DateField(_("date de valeur"))
    amount = models.DecimalField(_("montant"), max_digits=12, decimal_places=2)
    reference = models.CharField(_("libellé du relevé"), max_length=200, blank=True)
    reference_key = models.CharField(max_length=200, blank=True, editable=False)
    serial = models.PositiveSmallIntegerField(
        _("rang"), default=0, help_text=_("Plus que 0\u00a0: un autre virement, au même libellé.")
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("saisi par")
    )
    entered_at = models.DateTimeField(_("saisi le"))

    class Meta:
        verbose_name = _("virement reçu")
        verbose_name_plural = _("virements reçus")
        ordering: ClassVar[list[str]] = ["-received_on", "-id"]
        db_table_comment = "A transfer of the bank statement, entered once"
        permissions = [("receive_transfer", "Can enter a transfer received")]
        constraints = [
            models.UniqueConstraint(
                fields=["seller", "received_on", "amount", "reference_key", "serial"],
                name="transfer_is_entered_once",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="transfer_is_of_something"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.received_on:%Y-%m-%d} · {self.amount} · {self.customer}"
