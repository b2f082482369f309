"""The manager's desk for places: one file per subject."""

from bookings.admin import bookings, day, reference, rental_requests, rentals, site_codes

__all__ = ["bookings", "day", "reference", "rental_requests", "rentals", "site_codes"]
