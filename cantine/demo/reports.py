"""The demonstration's report to its invented funder: the last quarter that is over, issued."""

from datetime import datetime

from django.utils import timezone, translation

from cantine.report.drafts import GENERAL
from cantine.report.issuing import issue_report, make_due
from cantine.report.metropole.reading import read
from cantine.report.metropole.term import usual
from cantine.report.metropole.writing import written
from members.models import User

WORDS = {
    GENERAL: "Texte inventé\u00a0: la rentrée remplit les postes, les locations suivent.",
    "income": "L’été reste creux, comme le budget le prévoyait.",
}


def build(*, by: User, now: datetime) -> None:
    """Issue the report of every site, with its PDF: the worker has a year of documents before it."""
    term = usual(timezone.localdate(now))
    with translation.override("fr"):
        told = written(read(None, term, now=now), WORDS)
    issue_report(
        kind=term.kind,
        site=None,
        first=term.first,
        last=term.last,
        data=told,
        commentary=WORDS[GENERAL],
        by=by,
        now=now,
    )
    make_due(now)
