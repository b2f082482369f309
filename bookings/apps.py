"""Sites, spaces, prices of use, bookings."""

from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class BookingsConfig(AppConfig):
    name = "bookings"
    verbose_name = _("réservations")

    def ready(self) -> None:
        """Fill the registries below; models can be imported only from here on."""
        from billing import fulfilment
        from bookings import messages, purposes, rental_messages
        from bookings.services.booking import LINE_KIND
        from bookings.services.fulfilling import BookingLines

        fulfilment.register(LINE_KIND, BookingLines())
        messages.register()
        rental_messages.register()
        checks.register(purposes.check_purposes)
