"""The manager's desk for places: one file per subject."""

from bookings.admin import bookings, day, reference, rental_requests, rentals

__all__ = ["bookings", "day", "reference", "rental_requests", "rentals"]
