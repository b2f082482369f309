"""Applying answers: everything in one transaction, or nothing."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from cantine.setup import managers, prices, sellers, sites, spaces
from cantine.setup.answers import Answers, Section
from cantine.setup.writing import Report

LOCK = 76140007
"""One setup at a time: the advisory lock ends with the transaction."""


class _OnlyLooking(Exception):
    """Everything was tried; nothing is to be kept."""


@dataclass
class Applied:
    """What applying did, and whom it named."""

    report: Report = field(default_factory=Report)
    named: managers.Named = field(default_factory=managers.Named)


def apply(answers: Answers, *, now: datetime, password: str = "", dry: bool = False) -> Applied:
    """Write what was answered; `dry` tries everything and keeps nothing.

    Raises `AnswersRefused`, with every problem found; nothing is written then.
    """
    applied = Applied()
    try:
        with transaction.atomic(durable=True):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            _apply(answers, applied, password, now)
            answers.stop_if_wrong()
            if dry:
                raise _OnlyLooking
    except _OnlyLooking:
        applied.named = managers.Named()
    return applied


def _apply(answers: Answers, applied: Applied, password: str, now: datetime) -> None:
    report, one, many = applied.report, answers.one, answers.many
    seller = sellers.write(one["seller"], report) if "seller" in one else None
    answers.stop_if_wrong()  # what follows would complain of the same thing again
    site = sites.write(one["site"], seller, report) if "site" in one else sites.standing()
    answers.stop_if_wrong()
    needs_site = [name for name in ("spaces", "hours", "products", "tariffs") if name in one or name in many]
    if needs_site and site is None:
        section = one.get(needs_site[0]) or many[needs_site[0]][0]
        section.refuse("", "of which site? Name it by its code under [site].")
    if site is not None and needs_site:
        if "spaces" in one:
            spaces.write(one["spaces"], site, report)
        sites.write_hours(many.get("hours", []), site, report)
        prices.write_products(many.get("products", []), site.seller, report)
        prices.write_tariffs(many.get("tariffs", []), site, now.astimezone(site.zone).date(), report)
    if "manager" in one:
        managers.write(one["manager"], password, applied.named, report)
    managers.write_more(many.get("managers", []), applied.named, report)
    if "treasurer" in one:
        managers.write_treasurer(one["treasurer"], applied.named, report)
    _look_at(one.get("mail"), "test_to")
    _look_at(one.get("cards"), "check")


def _look_at(section: Section | None, *known: str) -> None:
    if section is not None:
        section.only(*known)
