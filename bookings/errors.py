"""What a booking is refused for, in words a member may read; `instead` says what would be possible."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from django.utils.translation import gettext_lazy as _

from members.errors import Refused

if TYPE_CHECKING:
    from bookings.models import Space


class BookingRefused(Refused):
    """The base of what bookings refuse."""


class NotAPeriod(BookingRefused):
    """Of zero length, or backwards."""

    message = _("La fin doit venir après le début.")


class NoSuchTime(BookingRefused):
    """A local time the clocks skip."""

    message = _("Cette heure n’existe pas\u00a0: les horloges avancent cette nuit-là.")


class Closed(BookingRefused):
    """Outside the opening hours, on a public holiday, or during a closure."""

    message = _("Ce créneau est fermé.")


class Past(BookingRefused):
    """Already over, or already begun where that matters."""

    message = _("Ce créneau est déjà passé.")


class TooSoon(BookingRefused):
    """Nearer than the notice the site asks for."""


class TooFar(BookingRefused):
    """Beyond the days that may be booked ahead."""


class TooShort(BookingRefused):
    """Shorter than what the site lets."""


class TooLong(BookingRefused):
    """Longer than what the site lets."""


class NotQuarterHour(BookingRefused):
    """Hourly bookings fall on quarter-hours."""

    message = _("Les réservations commencent et finissent à un quart d’heure juste.")


class NotAHalfDay(BookingRefused):
    """Desks go by the half-day or the day."""

    message = _("Un poste se réserve à la demi-journée ou à la journée.")


class TooManyHolds(BookingRefused):
    """Too many options wait for this customer's payment."""


class NotForSale(BookingRefused):
    """No tariff says what this costs that day."""

    message = _("Cet espace ne se réserve pas en ligne ce jour-là.")


class OutOfOrder(BookingRefused):
    """The space is hidden, or broken."""

    message = _("Cet espace n’est pas disponible.")


class NotYourCustomer(BookingRefused):
    """Someone may not order in this customer's name."""

    message = _("Vous ne pouvez pas réserver au nom de ce client.")
    status: ClassVar[int] = 403


class AlreadyTaken(BookingRefused):
    """Someone else was quicker; `alternatives` are free spaces like it, nearest first."""

    message = _("Ce créneau vient d’être pris.")

    alternatives: "Sequence[Space]" = ()


class NothingFree(AlreadyTaken):
    """No space of this kind is free for the period."""

    message = _("Plus rien n’est libre sur ce créneau.")


class TooLate(BookingRefused):
    """It can no longer be cancelled: it has begun, or is over."""

    message = _("Cette réservation a déjà commencé, elle ne peut plus être annulée.")


class NotActive(BookingRefused):
    """It was cancelled or has expired already."""

    message = _("Cette réservation n’est plus active.")


class HeldByEvent(BookingRefused):
    """A room that an event has taken is let go by changing the event."""

    message = _("Cette salle est prise par un événement\u00a0: modifiez ou annulez l’événement.")


class HeldByRental(BookingRefused):
    """A space that a rental has taken is let go with its quote."""

    message = _("Cet espace est pris par une location\u00a0: passez par sa demande.")


class NotToday(BookingRefused):
    """Presence is noted on the day."""

    message = _("La présence se note le jour de la réservation.")


class NotClosable(BookingRefused):
    """A closure over something that cannot be moved from here."""
