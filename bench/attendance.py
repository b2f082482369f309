"""P15: « Fréquentation » over three sites and three years, against adding up the raw hours in one statement."""

from datetime import date, timedelta
from time import process_time, perf_counter

from django.db import connection
from django.test import Client
from django.utils import timezone

from bench import house
from bench.measures import ROUNDS
from bench.results import Result, Rounds, at_most
from bookings.models import Site
from cantine.roles import synchronise
from members.models import User

SITES, DAYS = 3, 3 * 365
PAGE = "/gestion/pilotage/frequentation/?mois=36" + "".join(
    f"&site={house.CODE}-{n}" for n in range(1, SITES + 1)
)
RAW = """
    SELECT occupancy.atom_id, date_trunc('month', lower(occupancy.during) AT TIME ZONE site.timezone),
        sum(upper(occupancy.during) - lower(occupancy.during))
    FROM bookings_occupancy AS occupancy
    JOIN bookings_booking AS booking ON booking.id = occupancy.booking_id
    JOIN bookings_site AS site ON site.id = booking.site_id
    WHERE booking.state = 'confirmed' AND booking.purpose <> 'closure' AND site.code LIKE %(like)s
        AND occupancy.during && tstzrange(%(first)s, NULL)
    GROUP BY 1, 2
"""
