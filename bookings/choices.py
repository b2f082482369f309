"""Choosing a space in a form of the management."""

from typing import TYPE_CHECKING

from django.forms import ModelChoiceField

from bookings.models import Space

if TYPE_CHECKING:
    Base = ModelChoiceField[Space]
else:
    Base = ModelChoiceField


IN_ORDER = ("site__position", "position", "number", "name")


class SpaceChoice(Base):
    """A select of spaces read with their site: « Rouen · Poste 1 »."""

    def label_from_instance(self, obj: Space) -> str:
        """Two sites have a « Poste 1 » each."""
        return f"{obj.site.name} · {obj.label}"
