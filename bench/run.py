"""Prepare two databases, start two web servers, measure, write down. Run inside `manage.py shell`."""

import sys
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from bench import (
    attendance,
    documents,
    house,
    importing,
    measures,
    models,
    pages,
    results,
    searching,
    starting,
)
from bench.application import ROOT
from bench.client import Browser
from bench.measures import Bench
from bench.people import make_people
from bench.results import Result
from bench.serving import Server
from billing.models import Customer
from bookings.models import Site

FEW, MANY = 10_000, 1_000_000
PEOPLE = 520
FEW_DATABASE = "few"
REGULARS = 500
"""Among how many people the history is shared: enough each that their lists are long."""


def main(*, postgres: int, requests: int, occupancies: int, with_suite: bool) -> int:
    """Measure everything; returns how many targets were missed."""
    data = Path(settings.DATA_DIR)
    today = timezone.localdate()
    say("making a house, people and ten thousand bookings")
    site, sessions, customers = prepare(today)
    day = house.busy_day(today)
    few_queries = pages.queries(day, slot=1)
    copy_database(postgres_says=FEW_DATABASE)
    say(f"adding {searching.MANY} profiles")
    searching.add_profiles(searching.FEW, searching.MANY)
    say(f"adding history up to {occupancies} occupancies")
    house.add_history(site, first=FEW + 1, last=occupancies, today=today, customers=customers)
    many_queries = pages.queries(day, slot=2)
    name = connection.settings_dict["NAME"]
    few = Server(FEW_DATABASE, postgres, data / "plan.html")
    many = Server(str(name), postgres, data / "plan.html")
    try:
        few.start()
        many.start()
        bench = Bench(few, many, sessions, day, requests)
        keep_bytes(bench)
        found = measure(bench)
    finally:
        few.stop()
        many.stop()
    found.append(tell(pages.constant_queries(few_queries, many_queries)))
    found.append(tell(documents.issued_against_inserts()))
    found.append(tell(documents.files_against_layout()))
    found.append(tell(importing.taking_over_against_inserts()))
    say(f"adding three sites with {occupancies} occupancies over three years")
    told = attendance.page_against_raw(today, occupancies=occupancies, customers=customers, like=site)
    found.append(tell(told))
    found.append(tell(starting.second_start(with_suite=with_suite)))
    found.sort(key=lambda each: int(each.name[1:]))
    results.write(found, json_file=ROOT / "bench" / "results.json", document=ROOT / "docs" / "performance.md")
    return sum(not each.holds for each in found)


def prepare(today: date) -> tuple[Site, list[str], list[int]]:
    """The house, the people's sessions, and the customers who have a history."""
    with connection.cursor() as cursor:
        cursor.execute(models.TABLE)
    site = house.build(today)
    sessions = make_people(PEOPLE)
    searching.add_readers()
    searching.add_profiles(0, searching.FEW)
    customers = list(Customer.objects.order_by("pk").values_list("pk", flat=True)[:REGULARS])
    house.add_history(site, first=1, last=FEW, today=today, customers=customers)
    return site, sessions, customers


def copy_database(*, postgres_says: str) -> None:
    """Keep the database as it is now under another name."""
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {connection.ops.quote_name(postgres_says)} TEMPLATE {name}")


def keep_bytes(bench: Bench) -> None:
    """Write the day plan down, for the view that answers it ready-made."""
    answer = bench.few.browser(bench.sessions[0]).get(bench.plan)
    bench.few.bytes_ready.write_bytes(answer.body)
    for server in (bench.few, bench.many):
        warm_up(server.browser(bench.sessions[1]), bench.plan)


def warm_up(browser: Browser, path: str) -> None:
    """Have templates compiled before anything is measured."""
    for _ in range(20):
        browser.get(path)
    browser.close()


def measure(bench: Bench) -> list[Result]:
    """Everything that needs the web servers."""
    return [
        tell(measures.booking_against_insert(bench)),
        tell(measures.plan_against_bytes(bench)),
        tell(measures.plan_after_years(bench)),
        tell(measures.racers_for_one_slot(bench)),
        tell(measures.racers_for_any_desk(bench)),
        tell(pages.first_view(bench.few)),
        tell(searching.search_after_growth(bench)),
    ]


def tell(found: Result) -> Result:
    """Print a result as it comes."""
    verdict = "holds" if found.holds else "FALLS SHORT"
    reach = results.shown(found.target)
    value = results.shown(found.value)
    say(f"{found.name}  {found.what}: {value} (to reach: {reach}) {verdict}; {found.detail}")
    return found


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
