"""Reports that stand before a journey begins."""

from datetime import date

from django.utils import timezone

from cantine.report.issuing import issue_report
from cantine.report.metropole.reading import read
from cantine.report.metropole.term import Term
from cantine.report.metropole.writing import written
from members.models import User
from tests.browser.world import House


def reported_on(house: House, manager: User) -> int:
    """The report of the year that is over, issued."""
    now = timezone.now()
    term = Term("year", date(now.year - 1, 1, 1))
    return issue_report(
        kind=term.kind,
        site=house.site,
        first=term.first,
        last=term.last,
        data=written(read(house.site, term, now=now), {"income": "Une année d’essai."}),
        commentary="Une année d’essai.",
        by=manager,
        now=now,
    ).pk
