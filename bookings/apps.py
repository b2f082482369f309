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
        from billing.till import journal
        from bookings import (
            day_messages,
            forgetting,
            messages,
            personal_data,
            purposes,
            quote_messages,
            reach,
            rental_messages,
            stay_messages,
        )
        from bookings.models import Booking
        from bookings.services.booking import LINE_KIND
        from bookings.services.fulfilling import BookingLines
        from bookings.services.rentals import balancing
        from bookings.services.rentals.advances import RentalAdvances
        from bookings.services.rentals.answering import KIND
        from bookings.services.rentals.second_rank import RentalSpaces
        from members import personal_data as registry

        fulfilment.register(LINE_KIND, BookingLines())
        fulfilment.register(KIND, RentalAdvances(), advance=True)
        fulfilment.register(balancing.KIND, balancing.RentalBalances())
        purposes.register(Booking.Purpose.RENTAL, RentalSpaces())
        journal.watch("bookings.tariff")
        reach.register()
        messages.register()
        rental_messages.register()
        quote_messages.register()
        stay_messages.register()
        day_messages.register()
        forgetting.register()
        registry.register("bookings", personal_data)
        checks.register(purposes.check_purposes)
