"""Who came: people and organisations hosted, who was new, who came back. Counts only, nobody is named.

A person hosted held a confirmed booking (of a desk, a room or a rental), or came to an event and was
checked in. They count once, by their address; for a booking that an organisation pays it is who booked,
unless of the staff. Guests who left no address are not among them. Of a registration that was erased it
is whose address its pseudonym stands for, if that is still known, else the pseudonym: a count of its own,
one for a visitor and a calendar year of events.
An organisation hosted paid for a booking or a registration, or someone hosted belongs to it; a contact
who rents as a business, an association or a public body is one too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from django.db import connection

from bookings.models import Site
from bookings.period import at
from cantine.pilotage.figures.months import apart, month_of
from cantine.pilotage.figures.visits import READ

FEW, QUARTER = 5, 3
"""A count of people under this is not shown to who funds the place."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many different ones came, and how many of them for the first time."""

    number: int = 0
    new: int = 0


@dataclass(frozen=True)
class Cohort:
    """Those who first came in a quarter: how many, and how many came again so many quarters later.

    None is a count that is hidden, because it is of few people.
    """

    quarter: date
    size: int | None
    later: list[int | None] = field(default_factory=list)

    @property
    def shares(self) -> list[int | None]:
        """The percentage that came again, quarter by quarter; None where it is hidden."""
        return [
            None if number is None or not self.size else round(100 * number / self.size)
            for number in self.later
        ]


@dataclass(frozen=True)
class Hosted:
    """Who came over a period, and in each month up to its end; months without anyone are left out."""

    people: Count = Count()
    organisations: Count = Count()
    members: int = 0
    people_by_month: Mapping[date, Count] = field(default_factory=dict)
    organisations_by_month: Mapping[date, Count] = field(default_factory=dict)
    members_by_month: Mapping[date, int] = field(default_factory=dict)
    organisations_by_buyer: Mapping[str, Count] = field(default_factory=dict)
    cohorts: Sequence[Cohort] = ()


def hosted(sites: Sequence[Site], first: date, last: date, *, for_funders: bool = False) -> Hosted:
    """Who came to `sites` from the month of one day to another day, both included: one query.

    `for_funders` hides what cohorts say of fewer than five people.
    """
    return hosted_in(sites, [(first, last)], for_funders=for_funders)[0]


def hosted_in(
    sites: Sequence[Site], spans: Sequence[tuple[date, date]], *, for_funders: bool = False
) -> list[Hosted]:
    """The same over several periods, the latest first, which alone has cohorts and kinds: one query."""
    last = spans[0][1]
    with connection.cursor() as cursor:
        cursor.execute(READ, _asked(sites, spans))
        rows = cursor.fetchall()
    whole: dict[tuple[str, int | None], Count] = {}
    monthly: dict[str, dict[date, Count]] = {"people": {}, "organisations": {}, "members": {}}
    came: dict[date, dict[date, int]] = {}
    for what, span, month, later, number, new in rows:
        if what == "cohorts":
            came.setdefault(month, {})[later] = number
        elif month is None:
            whole[what, span] = Count(number, new)
        else:
            monthly[what][month] = Count(number, new)
    found = [cohort(quarter, numbers, last) for quarter, numbers in sorted(came.items())]
    return [
        Hosted(
            people=whole.get(("people", span), Count()),
            organisations=whole.get(("organisations", span), Count()),
            members=whole.get(("members", span), Count()).number,
            people_by_month=monthly["people"],
            organisations_by_month=monthly["organisations"],
            members_by_month={month: each.number for month, each in monthly["members"].items()},
            organisations_by_buyer={} if span else by_buyer(whole),
            cohorts=() if span else [without_few(each) for each in found] if for_funders else found,
        )
        for span in range(len(spans))
    ]


def by_buyer(whole: Mapping[tuple[str, int | None], Count]) -> dict[str, Count]:
    """The organisations by what they buy as; "" where nobody said."""
    return {
        what.removeprefix("buyers:"): each
        for (what, _span), each in whole.items()
        if what.startswith("buyers:")
    }


def _asked(sites: Sequence[Site], spans: Sequence[tuple[date, date]]) -> dict[str, Any]:
    until = spans[0][1] + timedelta(days=1)
    return {
        "sites": [site.pk for site in sites],
        "zones": [site.timezone for site in sites],
        "untils": [at(until, time(), site.zone) for site in sites],
        "spans": list(range(len(spans))),
        "firsts": [month_of(first) for first, _last in spans],
        "lasts": [last for _first, last in spans],
    }


def cohort(quarter: date, numbers: Mapping[date, int], last: date) -> Cohort:
    """Those who first came in `quarter`, with how many came in each quarter after it, up to `last`."""
    later = [0] * (apart(quarter, quarter_of(last)) // QUARTER)
    for each, number in numbers.items():
        if each > quarter:
            later[apart(quarter, each) // QUARTER - 1] = number
    return Cohort(quarter, numbers[quarter], list(later))


def without_few(row: Cohort) -> Cohort:
    """The same, without what it says of fewer than five people; of a small cohort nothing is said."""
    if row.size is None or row.size < FEW:
        return Cohort(row.quarter, None, [None] * len(row.later))
    return Cohort(
        row.quarter, row.size, [None if number is None or number < FEW else number for number in row.later]
    )


def quarter_of(day: date) -> date:
    """The first day of its quarter."""
    return day.replace(month=day.month - (day.month - 1) % QUARTER, day=1)
