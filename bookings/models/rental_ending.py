"""How a rental that was won ends: by its balance."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.models import Order
from bookings.models.rental_quote import RentalQuote


class RentalBalance(models.Model):
    """The balance of a rental, made once: its order, whose document is the final invoice."""

    rental = models.OneToOneField(
        RentalQuote, models.PROTECT, related_name="balance", verbose_name=_("devis de location")
    )
    order = models.OneToOneField(
        Order, models.PROTECT, related_name="rental_balance", verbose_name=_("commande du solde")
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("établi par")
    )
    made_at = models.DateTimeField(_("établi le"))

    class Meta:
        verbose_name = _("solde de location")
        verbose_name_plural = _("soldes de location")
        ordering: ClassVar[list[str]] = ["-made_at", "-pk"]
        db_table_comment = "The balance of a rental: the order whose document is the final invoice"

    def __str__(self) -> str:
        return str(self.rental)
