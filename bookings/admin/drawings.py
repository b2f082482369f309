"""What is typed as JSON is drawn before it is kept: the page of the plan rests on it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.utils.translation import gettext as _

from bookings.plan.drawing import draw

A_DOOR = '{"side": "s", "at": 536, "w": 70}'


class FloorForm(ModelForm):  # type: ignore[type-arg]  # Django has no generics at run time
    """A storey whose drawing can be drawn, or is empty."""

    def clean_drawing(self) -> Any:
        """Refuse a drawing that lacks something."""
        drawing = self.cleaned_data["drawing"] or {}
        try:
            draw(drawing, [])
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as reason:
            raise ValidationError(_("Ce dessin ne se lit pas.")) from reason
        return drawing


class SpaceForm(ModelForm):  # type: ignore[type-arg]  # the same
    """A space whose door can be drawn, or that has none."""

    def clean_door(self) -> Any:
        """Refuse a door that lacks something."""
        door = self.cleaned_data["door"] or None
        if door is not None and not is_door(door):
            raise ValidationError(_("Une porte s’écrit %(example)s.") % {"example": A_DOOR})
        return door


def is_door(door: Any) -> bool:
    """Whether it names a side of its room, and where it stands there."""
    if not isinstance(door, dict) or door.get("side") not in tuple("nesw"):
        return False
    return all(isinstance(door.get(name), int | float) for name in ("at", "w"))
