"""The drawing of the ecosystem: a tile for each town along the river, a mark for each organisation. Pure.

Coordinates are texts: a number would be written with a comma in French, which SVG does not read.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.models import OrganisationProfile

WIDTH, HEIGHT = 360, 300
CENTRE = (180, 158)
REACH = 116
"""How far from the centre marks may stand."""
WIDEST, NARROWEST = 26.0, 13.0
"""Room a mark takes: what few have, and what the most that are drawn have."""
MOST = 80
"""Marks that are drawn of one town; the others are counted in words."""
GOLDEN = math.pi * (3 - math.sqrt(5))
ORDER = [*OrganisationProfile.Kind.values, ""]
"""Kinds from the centre outwards."""


@dataclass(frozen=True)
class Mark:
    """An organisation on the drawing: the corner and the side of its square, and which shape fills it."""

    kind: str
    x: str
    y: str
    side: str


@dataclass(frozen=True)
class Tile:
    """A town with its marks; `text` says the same aloud."""

    name: str
    marks: list[Mark]
    number: int
    more: int
    text: str


def tile(name: str, kinds: Sequence[str]) -> Tile:
    """Draw a town: its organisations in a sunflower, kind after kind."""
    ordered = sorted(kinds, key=ORDER.index)[:MOST]
    room = min(WIDEST, max(NARROWEST, REACH / math.sqrt(max(len(ordered), 1) + 0.5)))
    marks = [mark(kind, place, room) for place, kind in enumerate(ordered)]
    return Tile(name, marks, len(kinds), max(0, len(kinds) - MOST), told(name, kinds))


def mark(kind: str, place: int, room: float) -> Mark:
    """The mark of a place: as a sunflower sets its seeds, so that none covers another."""
    away, turn = room * math.sqrt(place + 0.5), place * GOLDEN
    side = room * 1.36
    x, y = (
        centre + away * way(turn) - side / 2 for centre, way in zip(CENTRE, (math.cos, math.sin), strict=True)
    )
    return Mark(kind or "unknown", f"{x:.1f}", f"{y:.1f}", f"{side:.1f}")


def told(name: str, kinds: Sequence[str]) -> str:
    """What a tile shows, in words: « Rouen : 12 organisations. Start-up : 5. École : 1. »"""
    labels = dict(OrganisationProfile.Kind.choices)
    counted = Counter(kinds)
    sentences = [
        ngettext("%(town)s\u00a0: %(n)s organisation.", "%(town)s\u00a0: %(n)s organisations.", len(kinds))
        % {"town": name, "n": len(kinds)}
    ]
    for kind in ORDER:
        if counted[kind]:
            label = str(labels.get(kind, _("à préciser"))).capitalize()
            sentences.append(_("%(kind)s\u00a0: %(n)s.") % {"kind": label, "n": counted[kind]})
    return " ".join(sentences)
