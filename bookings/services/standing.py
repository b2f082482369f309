"""Who someone is at a site: in whose name they may book, whether as a member, and which desk they like.

One query, with the stamp of the premises: every page of booking begins with it.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection

from bookings.models import Site
from bookings.services import premises as reading
from bookings.services import rules
from bookings.services.premises import STAMP, Premises
from bookings.services.rules import HABIT, MEMBER, USUAL, Person, Rules

READ = ("id", "kind", "user_id", "organisation_id", "name", "email", "language", "siren", "terms_days")
"""What is read of a customer, in the order of the model."""
# Who may be paid for is said as Customer.objects.payable_by(user) says it: a test compares them. The first of
# each array is whether the organisation is a member itself; then the columns are READ's.
CUSTOMERS = """ARRAY(SELECT json_build_array(
    {member},
    id, kind, user_id, organisation_id, name, email, language, siren, terms_days)
  FROM billing_customer customer WHERE user_id = %(person)s OR organisation_id = ANY
    (ARRAY(SELECT organisation_id FROM members_affiliation WHERE user_id = %(person)s AND may_pay))
  ORDER BY name, email)"""
# Not EXISTS, for which the planner would rather read every membership there is.
ITS_OWN = """(SELECT count(*) > 0 FROM members_membership WHERE organisation_id = customer.organisation_id
    AND valid_from <= %(day)s AND coalesce(valid_to >= %(day)s, true))"""


@dataclass(frozen=True)
class Standing:
    """`customers` are rows of `READ`; the ids in `members` are of those organisations that are members."""

    premises: Premises
    customers: tuple[tuple[Any, ...], ...] = ()
    members: frozenset[int] = frozenset()
    is_member: bool = False
    usual_id: int | None = None

    def rules(self, site: Site, organisation_id: int | None = None) -> Rules:
        """The site's rules for this person, or for the organisation that pays for them."""
        is_member = self.is_member if organisation_id is None else organisation_id in self.members
        return rules.of_premises(self.premises, site, is_member=is_member, usual_id=self.usual_id)


def standing(
    user: Person, *, site_code: str, day: date, habits: bool = False, prices: bool = True
) -> Standing:
    """Read who `user` is on `day`, and the usual desk if `habits` are asked for.

    Without `prices` nobody is looked up as a member: whoever books is, under a lock, in `rules.load`.
    A visitor, or a site that does not exist, has the premises alone.
    """
    if user is None or not user.is_authenticated:
        return Standing(reading.current())
    asked: dict[str, str | int | date | None] = {
        "day": day,
        "payer": user.pk,
        "person": user.pk,
        "organisation": None,
        "habit": HABIT,
        "code": site_code,
    }
    with connection.cursor() as cursor:
        cursor.execute(_statement(habits=habits, prices=prices), asked)
        row = cursor.fetchone()
    if row is None:
        return Standing(reading.current())
    stamp, is_member, usual, customers = row
    return Standing(
        reading.stamped(stamp),
        tuple(tuple(said) for _member, *said in customers),
        frozenset(said[3] for member, *said in customers if member),
        is_member,
        usual,
    )


@lru_cache
def _statement(*, habits: bool, prices: bool) -> str:
    member = MEMBER if prices else "false"
    customers = CUSTOMERS.format(member=ITS_OWN if prices else "false")
    said = ", ".join((STAMP, member, USUAL if habits else "NULL", customers))
    return " ".join((f"SELECT {said}", "FROM bookings_site site WHERE code = %(code)s"))
