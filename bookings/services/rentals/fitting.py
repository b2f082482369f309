"""Whether a rental fits, as it is typed or sent: the day, the hours, the layout, the people."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.errors_rental import GoneBy, NotSetUpLikeThis, RentalRefused, TooFarAhead, TooManyPeople
from bookings.models import RentalSpace, Space
from bookings.period import Period
from bookings.policy import closed_over
from bookings.services.availability.taken import by_atom, over, taken_in
from bookings.services.rentals.offering import Offered
from bookings.services.rules import Rules

FURTHEST = timedelta(days=730)
"""How far ahead a day may be asked for."""


def refuse_when_nobody_can_promise(period: Period, now: datetime) -> None:
    """Raise `GoneBy` or `TooFarAhead`."""
    if period.start <= now:
        raise GoneBy
    if period.start > now + FURTHEST:
        raise TooFarAhead


def refuse_what_does_not_fit(rented: RentalSpace, *, layout: str, people: int) -> None:
    """Raise `NotSetUpLikeThis` or `TooManyPeople`; no `layout` is whichever takes the most."""
    for _answer, refusal in misfits(rented, layout=layout, people=people):
        raise refusal


def misfits(
    rented: RentalSpace, *, layout: str, people: int
) -> list[tuple[Literal["layout", "people"], RentalRefused]]:
    """All that does not fit, each with the answer it is about: a form says them at once."""
    name, found = rented.space.label, list[tuple[Literal["layout", "people"], RentalRefused]]()
    layouts = {each.kind: each.capacity for each in rented.layouts.all()}
    if layout and layout not in layouts:
        found.append(("layout", NotSetUpLikeThis.in_space(name, _layouts_said(rented))))
    if people > rented.most:
        found.append(("people", TooManyPeople.whatever_the_layout(name, rented.most)))
    elif people > layouts.get(layout, people):
        found.append(("people", TooManyPeople.in_space(name, layouts[layout])))
    return found


def _layouts_said(rented: RentalSpace) -> str:
    return ", ".join(f"{each.get_kind_display()} ({_people(each.capacity)})" for each in rented.layouts.all())


def _people(count: int) -> str:
    return ngettext("%(count)s personne", "%(count)s personnes", count) % {"count": count}


@dataclass(frozen=True)
class Against:
    """What stands against a rental as typed, and what is possible; `priced` where a price still holds."""

    why: str
    instead: str = ""
    priced: bool = False


def stands_against(
    offers: Collection[Offered],
    *,
    rules: Rules,
    space: Space | None,
    period: Period,
    people: int,
    layout: str,
    now: datetime,
) -> Against | None:
    """What stands against a rental as it is typed; None where nothing does.

    Only what nobody can promise is refused when it is sent: what is closed or taken may be asked for, and
    the house decides.
    """
    offer = next((each for each in offers if space is not None and each.space.pk == space.pk), None)
    try:
        refuse_when_nobody_can_promise(period, now)
        if offer is not None:
            refuse_what_does_not_fit(offer.rental, layout=layout, people=people)
    except RentalRefused as refusal:
        return Against(str(refusal.message), str(refusal.instead or ""))
    return _closed(rules, space, period) or _taken(rules, offer, period, now)


def _closed(rules: Rules, space: Space | None, period: Period) -> Against | None:
    opening = rules.opening_of(period, space)
    shut = closed_over(period, opening, zone=rules.zone, next_open=rules.next_open(opening.day, space))
    if shut is None:
        return None
    asked = _("Vous pouvez le demander quand même\u00a0: nous vous répondons, avec son prix, par un devis.")
    return Against(str(shut.message), f"{shut.instead or ''} {asked}".strip())


def _taken(rules: Rules, offer: Offered | None, period: Period, now: datetime) -> Against | None:
    if offer is None:
        return None
    rows = taken_in(period, site=rules.site, user=None, now=now)
    if not over(offer.space, period, by_atom(rows)):
        return None
    asked = _("Demandez quand même\u00a0: nous cherchons avec vous.")
    return Against(_("Cet espace est déjà pris à ces heures."), asked, priced=True)
