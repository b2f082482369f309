"""Community events."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("événements")

    def ready(self) -> None:
        """Fill the registries below; models can be imported only from here on."""
        from allauth.account.signals import email_changed

        from billing import fulfilment
        from bookings import purposes
        from bookings.models import Booking
        from events import forgetting, messages, messages_after, personal_data, reach
        from events.services.fulfilling import RegistrationLines
        from events.services.rooms import EventRooms
        from events.services.selling import LINE_KIND
        from events.services.visitors import follow_changed_address
        from members import personal_data as registry

        fulfilment.register(LINE_KIND, RegistrationLines())
        purposes.register(Booking.Purpose.EVENT, EventRooms())
        reach.register()
        messages.register()
        messages_after.register()
        forgetting.register()
        registry.register("events", personal_data)
        email_changed.connect(follow_changed_address, dispatch_uid="events.visitors")
