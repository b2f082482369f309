"""How the space chosen in the form of a request may be set up: what it cannot take is shown, not offered."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.models import RentalLayout


class LayoutSelect(forms.Select):
    """A select of layouts; those of `impossible` cannot be chosen, but for the one that already is."""

    impossible: frozenset[str] = frozenset()

    def create_option(self, name: str, value: Any, *args: Any, **rest: Any) -> dict[str, Any]:
        """Draw one layout."""
        option = super().create_option(name, value, *args, **rest)
        if value in self.impossible and not option["selected"]:
            option["attrs"]["disabled"] = True
        return option


def layout_choices(known: set[str], taken: Mapping[str, int] | None) -> list[tuple[str, str]]:
    """The layouts of a site; where a space is chosen, `taken` says for how many it takes each."""
    labels = [(kind, capfirst(str(label))) for kind, label in RentalLayout.Kind.choices if kind in known]
    if taken is None:
        return labels
    return [(kind, _in_space(label, taken.get(kind))) for kind, label in labels]


def _in_space(label: str, capacity: int | None) -> str:
    if capacity is None:
        return _("%(layout)s (pas dans cet espace)") % {"layout": label}
    words = {"layout": label, "count": capacity}
    return ngettext("%(layout)s, %(count)s personne", "%(layout)s, %(count)s personnes", capacity) % words
