"""Desks on the plan and in the list: one description for both, so that they are equal."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bookings.plan.desks import Desk, desk_of
from bookings.services.shown import SpaceState

LOOKS = {
    "free": "free",
    "taken": "taken",
    "mine": "mine",
    "chosen": "chosen",
    "out": "out",
    "past": "out",
    "closed": "out",
    "expected": "expected",
}
WORDS = {
    "free": _("libre"),
    "taken": _("pris"),
    "mine": _("à vous"),
    "chosen": _("choisi"),
    "out": _("indisponible"),
    "past": _("passé"),
    "closed": _("fermé"),
}
TURNING = frozenset({"free", "taken"})


@dataclass(frozen=True)
class Mark:
    """A desk as it is drawn and said."""

    desk: Desk
    code: str
    number: int
    name: str
    state: str
    label: str
    href: str = ""
    faded: bool = False

    @property
    def look(self) -> str:
        """Which drawing it gets."""
        return LOOKS[self.state]

    @property
    def turns(self) -> bool:
        """Whether that drawing turns with the desk; apples and ticks stay upright."""
        return self.state in TURNING


def mark_of(standing: SpaceState, *, href: str, chosen: bool, faded: bool = False, price: str = "") -> Mark:
    """Draw one desk: `href` leads to choosing it (free) or to its booking (mine)."""
    space = standing.space
    state: str = "chosen" if chosen and standing.state == "free" else standing.state
    if state not in LOOKS:
        state = "taken"
    name = space.label
    return Mark(
        desk=desk_of(space),
        code=space.code,
        number=space.number or 0,
        name=name,
        state=state,
        label=label_of(name, state, features=[str(word) for word in standing.features], price=price),
        href=href if state in {"free", "chosen", "mine"} else "",
        faded=faded,
    )


def label_of(name: str, state: str, *, features: Collection[str], price: str) -> str:
    """What is read aloud, « Poste 7, libre, fenêtre, 9,00 € »."""
    parts = [name, str(WORDS[state])]
    if state == "free":
        parts += [*features, price]
    return ", ".join(part for part in parts if part)
