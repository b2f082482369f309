"""Desks on the plan and in the list: one description for both, so that they are equal."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

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
    mark = Mark(
        desk=desk_of(space),
        code=space.code,
        number=space.number or 0,
        name=space.label,
        state=state,
        label="",
        href=href if state in {"free", "chosen", "mine"} else "",
        faded=faded,
    )
    return replace(
        mark, label=label_of(mark, features=[str(name) for name in standing.features], price=price)
    )


def label_of(mark: Mark, *, features: Collection[str], price: str) -> str:
    """What is read aloud, « Poste 7, libre, fenêtre, 9,00 € »."""
    words = {
        "free": _("libre"),
        "taken": _("pris"),
        "mine": _("à vous"),
        "chosen": _("choisi"),
        "out": _("indisponible"),
        "past": _("passé"),
        "closed": _("fermé"),
    }
    parts = [mark.name, words[mark.state]]
    if mark.state == "free":
        parts += [*features, price]
    return ", ".join(part for part in parts if part)
