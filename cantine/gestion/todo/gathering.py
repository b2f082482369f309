"""Gathers « À faire » for one person: what their roles let them do something about."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from bookings.models import Site
from cantine.gestion import late
from cantine.gestion.arrivals import Arrival
from cantine.gestion.todo import asked, money, rooms
from cantine.gestion.todo.line import Todo
from members import reach
from members.models import User


def todo(
    arrivals: Sequence[Arrival],
    counts: Mapping[str, int],
    *,
    site: Site,
    today: date,
    now: datetime,
    language: str,
    user: User,
) -> list[Todo]:
    """Rooms to make ready, what is wrong, who writes, who asks to rent, money, messages, what is stuck.

    A line whose verb leads to a page of the managers is for them alone.
    """
    manages = user.has_role("manager")
    found: list[Todo] = []
    if manages:
        found += [*rooms.rooms(arrivals, language), *rooms.tomorrow(site, today)]
        found += [*asked.problems(counts), *asked.rentals(counts)]
    if user.has_perm("billing.approve_refund"):
        found += money.approvals(counts, language, user)
    if manages:
        found += money.refunds(counts, language, user)
    if user.has_perm("billing.view_document"):
        found += [*money.unpaid(today, language, user), *money.money(counts)]
    if manages:
        found += [*asked.promised(counts), *asked.notices(counts), *asked.organisations(counts)]
        found += asked.messages(counts)
    return [*found, *stuck(now, user)]


def stuck(now: datetime, user: User) -> list[Todo]:
    """What the programs behind the pages have left undone for too long; no one is asked to act on it here."""
    found = late.sentences(now, counted=reach.sees_everything(user))
    return [Todo("clock", "bette", title, detail, "", "") for title, detail in found]
