"""Which rooms are ready for who comes."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Preparation(models.Model):
    """The room of a booking has been made ready."""

    booking = models.OneToOneField(
        "bookings.Booking", models.CASCADE, related_name="preparation", verbose_name=_("réservation")
    )
    ready_at = models.DateTimeField(_("prête à"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("notée par"),
    )

    class Meta:
        verbose_name = _("préparation")
        verbose_name_plural = _("préparations")
        db_table_comment = "The room of a booking has been made ready"

    def __str__(self) -> str:
        return f"{self.booking_id}"
