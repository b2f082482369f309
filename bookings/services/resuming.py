"""Taking over a booking that another tool agreed to: its place is taken, nothing is charged here."""

from dataclasses import replace
from datetime import datetime

from django.db.models import Q

from billing.customers import customer_for
from bookings import policy
from bookings.models import Booking, Space
from bookings.period import Period
from bookings.services import rules, telling
from bookings.services.booking import facts_for
from bookings.services.expiring import expire_in_the_way
from bookings.services.occupying import occupy
from bookings.services.rules import Rules
from members.models import User
from members.transactions import own_transaction

AS_FAR_AS = 3660
"""Days ahead: what was promised elsewhere holds, however early it was."""


def check(space: Space, period: Period, read: Rules, *, now: datetime) -> None:
    """Raise what hours and shape refuse; how early and how many holds do not count."""
    facts = replace(facts_for(space, period, read), horizon_days=AS_FAR_AS, notice_minutes=0, open_holds=0)
    policy.check(facts, now=now)


@own_transaction
def resume_booking(
    *, space: Space, period: Period, person: User, note: str, now: datetime
) -> tuple[Booking, bool]:
    """Take `space` for `person`, confirmed; also say whether it is new, for the same again changes nothing.

    One that was moved or cancelled since stays so. The person gets the reminder of the eve and no other
    message. Raises a `Refused` (closed, past, taken…); nothing is written then.
    """
    customer = customer_for(person)
    customer = type(customer).objects.select_for_update(no_key=True).get(pk=customer.pk)
    same = Booking.objects.filter(customer=customer, during=period.range).exclude(state=Booking.State.EXPIRED)
    before = same.filter(Q(space=space) | Q(displaced_from=space)).first()
    if before is not None:
        return before, False
    check(space, period, rules.of_site(space.site), now=now)
    expire_in_the_way(rules.atoms_of(space), period, now=now)
    booking = Booking.objects.create(
        site=space.site,
        space=space,
        during=period.range,
        customer=customer,
        booked_by=person,
        state=Booking.State.CONFIRMED,
        note=note,
        created_at=now,
        confirmed_at=now,
    )
    occupy(booking)
    telling.owe_reminder(booking, now=now)
    return booking, True
