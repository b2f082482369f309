"""The manager's desk for places: one file per subject."""

from bookings.admin import bookings, reference, rental_requests, rentals

__all__ = ["bookings", "reference", "rental_requests", "rentals"]
