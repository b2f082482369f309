"""P15: « Fréquentation » over three sites and three years, against adding up the raw hours."""

from collections.abc import Callable
from datetime import date
from time import perf_counter

from django.db import connection, transaction
from django.test import Client

from bench import house
from bench.measures import ROUNDS
from bench.results import Result, Rounds, at_most
from bookings.models import Site
from members.models import User

SITES, DAYS = 3, 3 * 365
MARK = "trois"
PAGE = "/gestion/pilotage/frequentation/?mois=36" + "".join(f"&site={MARK}-{n}" for n in range(SITES))
RAW = """
    SELECT occupancy.atom_id, date_trunc('month', lower(occupancy.during) AT TIME ZONE site.timezone),
        sum(upper(occupancy.during) - lower(occupancy.during))
    FROM bookings_occupancy AS occupancy
    JOIN bookings_booking AS booking ON booking.id = occupancy.booking_id
    JOIN bookings_site AS site ON site.id = booking.site_id
    WHERE booking.state = 'confirmed' AND booking.purpose <> 'closure' AND site.code LIKE 'trois-%'
        AND occupancy.during && tstzrange(now() - interval '3 years', NULL)
    GROUP BY 1, 2
"""


def add_sites(today: date, *, occupancies: int, customers: list[int], like: Site) -> None:
    """Make three sites of sixty spaces, with so many occupancies in all, evenly over three years."""
    with transaction.atomic():
        sites = [house.add_site(f"{MARK}-{number}", like=like) for number in range(SITES)]
    each = occupancies // SITES
    a_day = max(1, -(-each // (DAYS * (house.DESKS + house.ROOMS))))
    for number, site in enumerate(sites):
        house.add_history(
            site, first=1, last=each, today=today, customers=customers, a_day=a_day, mark=f"t{number}-"
        )


def page_against_raw(today: date, *, occupancies: int, customers: list[int], like: Site) -> Result:
    """P15: the time of the page over that of one statement that adds up the same hours, as they are."""
    add_sites(today, occupancies=occupancies, customers=customers, like=like)
    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.create_superuser(f"{MARK}@cantine.example"))
    seconds(lambda: page(client))  # what managers set up is read, templates are compiled
    rounds, said = Rounds(), ""
    for _ in range(ROUNDS):
        raw, ours = seconds(add_up), seconds(lambda: page(client))
        rounds.values.append(ours / raw)
        said = f"page {ours:.2f} s, raw statement {raw:.2f} s"
    what = f"attendance page of {SITES} sites and 3 years against the raw aggregate"
    return at_most("P15", what, rounds, 3.0, said)


def page(client: Client) -> None:
    """Ask for the page."""
    answer = client.get(PAGE)
    if answer.status_code != 200:
        raise RuntimeError(f"the page answers {answer.status_code}")


def add_up() -> None:
    """Add up the hours by desk and month in the database, and take them."""
    with connection.cursor() as cursor:
        cursor.execute(RAW)
        cursor.fetchall()


def seconds(what: Callable[[], None]) -> float:
    """How long it takes."""
    start = perf_counter()
    what()
    return perf_counter() - start
