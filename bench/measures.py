"""P1 to P5 of the performance targets, each round interleaved with what it is compared to."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from django.db import connection

from bench.client import Answer, Browser, at_once
from bench.house import CODE, DESKS
from bench.results import Result, Rounds, at_least, at_most
from bench.serving import HANDS, Cost, Server

ROUNDS = 3
Ask = Callable[[Browser], Answer]


@dataclass(frozen=True)
class Bench:
    """What every measure needs: both servers (few and many bookings), people, a day."""

    few: Server
    many: Server
    sessions: list[str]
    day: date
    requests: int

    @property
    def plan(self) -> str:
        """The address of the day plan of sixty spaces."""
        return f"/{CODE}/reserver/{self.day}/"


def get(path: str) -> Ask:
    """Ask for a page."""
    return lambda browser: browser.get(path)


def post(path: str, **data: str) -> Ask:
    """Send a form."""
    return lambda browser: browser.post(path, data)


def said(name: str, cost: Cost) -> str:
    """A cost in words."""
    return f"{name} {cost.web:.1f} + {cost.database:.1f} ms CPU (web + database), {cost.rate:.0f}/s"


def free_slots(bench: Bench) -> Iterator[Ask]:
    """Bookings that all succeed: every desk, half by half, day after day."""
    for offset in range(30, 360):
        day = bench.day + timedelta(days=offset)
        for half in ("matin", "apres-midi"):
            for desk in range(1, DESKS + 1):
                yield post(f"/{CODE}/reserver/{day}/", moment=half, poste=str(desk))


def booking_against_insert(bench: Bench) -> Result:
    """P1: the CPU of a bare insert over that of a whole booking."""
    slots, rounds, costs = free_slots(bench), Rounds(), []
    for _ in range(ROUNDS):
        bare = bench.few.cost([post("/bench/insert/")] * bench.requests, bench.sessions, expect=302)
        ours = bench.few.cost(list(islice(slots, bench.requests)), bench.sessions, expect=302)
        rounds.values.append(bare.cpu / ours.cpu)
        costs = [said("booking", ours), said("bare insert", bare)]
    return at_least("P1", "whole booking against session, user and insert", rounds, 0.45, "; ".join(costs))


def plan_against_bytes(bench: Bench) -> Result:
    """P2: the CPU of answering the same bytes ready-made over that of the day plan."""
    rounds, costs = Rounds(), []
    for _ in range(ROUNDS):
        bare = bench.few.cost([get("/bench/ready/")] * bench.requests, bench.sessions[:HANDS], expect=200)
        ours = bench.few.cost([get(bench.plan)] * bench.requests, bench.sessions[:HANDS], expect=200)
        rounds.values.append(bare.cpu / ours.cpu)
        costs = [said("day plan", ours), said("ready-made", bare)]
    return at_least(
        "P2", "day plan of 60 spaces against its bytes ready-made", rounds, 0.35, "; ".join(costs)
    )


def plan_after_years(bench: Bench) -> Result:
    """P3: the CPU of the day plan at a million occupancies over that at ten thousand."""
    rounds, costs = Rounds(), []
    for _ in range(ROUNDS):
        few = bench.few.cost([get(bench.plan)] * bench.requests, bench.sessions[:HANDS], expect=200)
        many = bench.many.cost([get(bench.plan)] * bench.requests, bench.sessions[:HANDS], expect=200)
        rounds.values.append(many.cpu / few.cpu)
        costs = [said("at a million", many), said("at ten thousand", few)]
    return at_most("P3", "day plan at a million occupancies against 10,000", rounds, 1.3, "; ".join(costs))


def race(bench: Bench, ask: Ask, number: int) -> Counter[int]:
    """Let `number` people do the same thing at once."""

    def job(session: str) -> Callable[[], int]:
        def run() -> int:
            browser = bench.many.browser(session)
            status = ask(browser).status
            browser.close()
            return status

        return run

    return Counter(at_once([job(session) for session in bench.sessions[:number]]))


def one(sql: str) -> int:
    """A number the database knows."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])


DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
TAKEN = """
    SELECT count({what}) FROM bookings_booking AS b JOIN bookings_site AS s ON s.id = b.site_id
    WHERE s.code = '{site}' AND b.state = 'held'
        AND (lower(b.during) AT TIME ZONE 'Europe/Paris')::date = '{day}'
"""


def racers_for_one_slot(bench: Bench) -> Result:
    """P4: five hundred people for one desk and half-day; beside it the peers' check, then insert."""
    day, deadlocks = bench.day + timedelta(days=14), one(DEADLOCKS)
    answers = race(bench, post(f"/{CODE}/reserver/{day}/", moment="matin", poste="7"), 500)
    booked = one(TAKEN.format(what="*", site=CODE, day=day))
    odd = sum(number for status, number in answers.items() if status not in {200, 302, 409})
    value = [booked, one(DEADLOCKS) - deadlocks, odd]
    race(bench, post("/bench/peer/", slot="7"), 500)
    sold = one("SELECT count(*) FROM bench_row WHERE slot = 7")
    detail = f"bookings, deadlocks, other answers; check-then-insert, as peers do, sold it {sold} times"
    return Result("P4", "500 racers over HTTP for one slot", value, [1, 0, 0], value == [1, 0, 0], detail)


def racers_for_any_desk(bench: Bench) -> Result:
    """P5: two hundred people for any of 24 desks."""
    day = bench.day + timedelta(days=14)
    answers = race(bench, post(f"/rouen/reserver/{day}/", moment="matin", poste="libre"), 200)
    distinct = one(TAKEN.format(what="DISTINCT b.space_id", site="rouen", day=day))
    booked = one(TAKEN.format(what="*", site="rouen", day=day))
    odd = sum(number for status, number in answers.items() if status not in {302, 409})
    value = [booked, distinct, odd]
    detail = "bookings, distinct desks, errors"
    return Result("P5", "200 racers for any of 24 desks", value, [24, 24, 0], value == [24, 24, 0], detail)
