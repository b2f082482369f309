"""Steps that tests of reports share."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse

from bookings.models import Site
from cantine.models import FrozenReport
from cantine.report.issuing import issue_report
from cantine.report.metropole.reading import read
from cantine.report.metropole.term import Term
from cantine.report.metropole.writing import written
from cantine.report.told import Told
from members.models import User
from tests.factories.bookings import NOW

AFTER = datetime(2027, 1, 12, 10, tzinfo=NOW.tzinfo)
TERM = Term("quarter", date(2026, 10, 1))
BRIEF: Told = {
    "title": "Rapport trimestriel",
    "subtitle": "4e trimestre 2026",
    "tiles": [],
    "sections": [],
    "notes": [],
}
"""A report whose figures nobody looks at."""
SAID = {"income": "Un trimestre de démarrage.", "general": "Le lieu tient sa trajectoire."}


def told_of(site: Site | None, term: Term = TERM) -> Told:
    return written(read(site, term, now=AFTER), SAID)


def tables(told: Told) -> dict[str, dict[str, Any]]:
    return {
        f"{part['key']}/{rank}": dict(table)
        for part in told["sections"]
        for rank, table in enumerate(part["tables"])
    }


def issue(site: Site | None, by: User, **more: Any) -> FrozenReport:
    said: dict[str, Any] = {
        "kind": TERM.kind,
        "first": TERM.first,
        "last": TERM.last,
        "commentary": SAID["general"],
        "now": AFTER,
        **more,
    }
    if "data" not in said:
        said["data"] = told_of(site)
    return issue_report(site=site, by=by, **said)


def address(name: str, site: Site, code: str = TERM.code) -> str:
    return f"{reverse(f'admin:{name}')}?site={site.code}&periode={code}"
