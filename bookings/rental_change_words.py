"""A change asked for, in pairs of label and value: for the private page, the messages and the manager."""

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bookings.models import RentalChange
from members.formats import day, hour


def change_facts(change: RentalChange) -> list[tuple[str, str]]:
    """What is to be otherwise, then the words."""
    language = get_language() or "fr"
    clock = ""
    if change.starts is not None and change.ends is not None:
        clock = f"{hour(change.starts, language)}\u00a0–\u00a0{hour(change.ends, language)}"
    facts = [
        (_("Date"), day(change.day, language, year=True) if change.day else ""),
        (_("Horaires"), clock),
        (_("Personnes"), str(change.people) if change.people else ""),
        (_("Disposition"), capfirst(str(change.get_layout_display())) if change.layout else ""),
        (_("Message"), change.words),
    ]
    return [(label, value) for label, value in facts if value]


def change_said(change: RentalChange) -> str:
    """The same in one line."""
    return " · ".join(f"{label}\u00a0: {value}" for label, value in change_facts(change))
