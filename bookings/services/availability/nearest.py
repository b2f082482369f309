"""What to take instead: free, alike, and near."""

from collections.abc import Collection
from datetime import datetime
from math import dist

from bookings.models import Space
from bookings.period import Period
from bookings.services.availability.taken import by_atom, features_of, is_free, listed_spaces, taken_in
from bookings.services.rules import atoms_of

MISSED = 150.0
"""A feature that is missing weighs as much as this many units of the drawing (about a desk's width)."""
KEPT = "fauteuil"
"""Desks that a wheelchair can reach are proposed last to those who did not ask for one."""


def alternatives(
    *,
    space: Space,
    period: Period,
    now: datetime,
    limit: int = 3,
    without: Collection[int] = (),
) -> list[Space]:
    """Free spaces of the same kind for the same period, nearest first, those alike preferred.

    `without` are ids of spaces not to propose, nor any space they are a part of. Two queries.
    """
    listed = listed_spaces(space.site, kinds=[space.kind])
    asked = next((each for each in listed if each.pk == space.pk), space)
    wanted = features_of(asked)[1]
    taken = by_atom(taken_in(period, site=space.site, user=None, now=now))
    mine, barred = set(atoms_of(asked)), set(without)
    found = [
        each
        for each in listed
        if each.pk != space.pk
        and not barred & {each.pk, *atoms_of(each)}
        and is_free(each, period, taken)
        and not (space.is_desk and mine & set(atoms_of(each)))
    ]
    return sorted(found, key=lambda each: _farness(asked, each, wanted))[:limit]


def _farness(asked: Space, other: Space, wanted: frozenset[str]) -> tuple[bool, bool, float]:
    """Too small last; then the floor; then distance and missing features together."""
    codes = features_of(other)[1]
    kept = KEPT in codes and KEPT not in wanted
    far = dist(asked.centre, other.centre) + MISSED * len(wanted - codes - {KEPT})
    return (other.capacity < asked.capacity or kept, other.floor_id != asked.floor_id, far)


def rank(space: Space, equipment: Collection[str] = ()) -> tuple[bool, int]:
    """How soon "any" takes a space: the smallest first, those kept for who needs them last."""
    return KEPT in features_of(space)[1] and KEPT not in equipment, space.capacity
