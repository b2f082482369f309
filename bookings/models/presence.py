"""Who has arrived."""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models import Customer
from bookings.models.booking import Booking
from bookings.period import Period, at

if TYPE_CHECKING:
    from bookings.models.site import Site


class PresenceQuerySet(models.QuerySet["Presence"]):
    """Who is here."""

    def shared_at(self, site: "Site", now: datetime) -> "PresenceQuerySet":
        """Those who have come, whose booking is not over, and who chose to show it, latest first."""
        day = now.astimezone(site.zone).date()
        whole_day = Period(at(day, time(0), site.zone), at(day + timedelta(days=1), time(0), site.zone))
        own = Q(booking__customer__user__preferences__shares_presence=True)
        of_organisation = Q(
            booking__customer__kind=Customer.Kind.ORGANISATION,
            booking__booked_by__preferences__shares_presence=True,
            booking__booked_by__is_staff=False,
        )
        return self.filter(
            own | of_organisation,
            booking__site=site,
            booking__during__overlap=whole_day.range,
            booking__during__endswith__gt=now,
            booking__state=Booking.State.CONFIRMED,
            booking__purpose=Booking.Purpose.MEMBER,
            arrived_at__lte=now,
        ).order_by("-arrived_at", "-pk")


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

    objects = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("présence")
        verbose_name_plural = _("présences")
        db_table_comment = "The person of a booking has come"

    def __str__(self) -> str:
        return f"{self.booking_id}"
