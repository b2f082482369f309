"""Sites, their hours, what can be booked there, at what price, and who has booked it."""

from bookings.models.booking import Booking
from bookings.models.contact_message import ContactMessage
from bookings.models.occupancy import Occupancy
from bookings.models.opening import Closure, OpeningHours
from bookings.models.preparation import Preparation
from bookings.models.presence import Presence
from bookings.models.problem import Problem
from bookings.models.rental import RentalExtra, RentalLayout, RentalPicture, RentalSpace
from bookings.models.rental_change import RentalChange
from bookings.models.rental_day import RentalDay, RentalFeedback
from bookings.models.rental_ending import RentalBalance, RentalCancellation, ScaleStep
from bookings.models.rental_quote import RentalDiscount, RentalOption, RentalQuote
from bookings.models.rental_request import RentalRequest
from bookings.models.site import Site
from bookings.models.space import Equipment, Floor, Space, SpacePart
from bookings.models.staff import StaffSite
from bookings.models.tariff import Tariff

__all__ = [
    "Booking",
    "Closure",
    "ContactMessage",
    "Equipment",
    "Floor",
    "Occupancy",
    "OpeningHours",
    "Preparation",
    "Presence",
    "Problem",
    "RentalBalance",
    "RentalCancellation",
    "RentalChange",
    "RentalDay",
    "RentalDiscount",
    "RentalExtra",
    "RentalFeedback",
    "RentalLayout",
    "RentalOption",
    "RentalPicture",
    "RentalQuote",
    "RentalRequest",
    "RentalSpace",
    "ScaleStep",
    "Site",
    "Space",
    "SpacePart",
    "StaffSite",
    "Tariff",
]
