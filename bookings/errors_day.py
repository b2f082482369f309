"""What reporting and writing to the house are refused for."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from bookings.errors import BookingRefused


class TooManyReports(BookingRefused):
    """More than people see go wrong in an hour."""

    message = _("Trop de signalements en peu de temps.")
    instead = _("Attendez un peu, ou dites-le à l’accueil.")
    status: ClassVar[int] = 429


class SolvedAlready(BookingRefused):
    """Somebody else was quicker."""

    message = _("Ce signalement est déjà résolu.")
