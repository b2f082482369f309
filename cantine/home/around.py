"""« Autour de la table »: who is here, of those who chose to show it, to those who come here themselves."""

from datetime import datetime
from typing import Any

from bookings.models import Booking, Presence, Site
from cantine.home.today import Person
from members.models import Membership, Preferences, User

TONES = ("seine", "beurre", "pre", "cidre", "pomme")


def around(user: User, site: Site, now: datetime) -> dict[str, Any]:
    """What « Aujourd'hui » says of who is here; names only for whoever comes here themselves."""
    rows = Presence.objects.shared_at(site, now).select_related(
        "booking__customer__user", "booking__booked_by", "booking__space"
    )
    people = {row.booking.person: row.booking.space.label for row in rows}
    others = [(who, place) for who, place in people.items() if who and who.is_active and who != user]
    if not others:
        return {}
    named = comes_here(user, site, now)
    return {
        "around_count": len(others),
        "around": [_said(who, place) for who, place in others] if named else [],
        "shares_presence": Preferences.objects.filter(user=user, shares_presence=True).exists(),
    }


def comes_here(user: User, site: Site, now: datetime) -> bool:
    """Whether this person is one of those who come: a member, or someone with a booking that is sure."""
    today = now.astimezone(site.zone).date()
    return (
        Booking.objects.coming(user).confirmed().exists()
        or Membership.objects.covering(user).on(today).exists()
    )


def _said(who: User, place: str) -> Person:
    return Person(name=str(who), initials=who.initials, place=place, tone=TONES[who.pk % len(TONES)])
