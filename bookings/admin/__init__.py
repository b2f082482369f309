"""The manager's desk for places: one file per subject."""

from bookings.admin import bookings, reference, rentals

__all__ = ["bookings", "reference", "rentals"]
