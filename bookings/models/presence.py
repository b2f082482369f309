"""Who has arrived."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Presence(models.Model):
    """The person of a booking has come."""

    booking = models.OneToOneField(
        "bookings.Booking", models.CASCADE, related_name="presence", verbose_name=_("réservation")
    )
    arrived_at = models.DateTimeField(_("arrivée à"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("notée par"),
    )

    class Meta:
        verbose_name = _("présence")
        verbose_name_plural = _("présences")
        db_table_comment = "The person of a booking has come"

    def __str__(self) -> str:
        return f"{self.booking_id}"
