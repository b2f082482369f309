"""What is free, when, and at what price for whom: readings for the pages, a flat query over a range each."""

from bookings.services.availability.days import day_plan, day_to_come, half_period, plan_of, strip
from bookings.services.availability.nearest import alternatives, rank
from bookings.services.availability.off import day_off
from bookings.services.availability.reading import DayRead, read_day
from bookings.services.availability.rooms import first_free_room
from bookings.services.availability.taken import free_spaces
from bookings.services.availability.weeks import week

__all__ = [
    "DayRead",
    "alternatives",
    "day_off",
    "day_plan",
    "day_to_come",
    "first_free_room",
    "free_spaces",
    "half_period",
    "plan_of",
    "rank",
    "read_day",
    "strip",
    "week",
]
