"""A change asked for, in pairs of label and value: for the private page, the messages and the manager."""

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bookings.models import RentalChange
from members.formats import day, hours


def change_facts(change: RentalChange) -> list[tuple[str, str]]:
    """What is to be otherwise, then the words."""
    language = get_language() or "fr"
    clock = ""
    if change.starts is not None and change.ends is not None:
        clock = hours(change.starts, change.ends, language)
    facts = [
        (_("Date"), day(change.day, language, year=True) if change.day else ""),
        (_("Horaires"), clock),
        (_("Personnes"), str(change.people) if change.people else ""),
        (_("Disposition"), _layout_said(change)),
        (_("Message"), change.words),
    ]
    return [(label, value) for label, value in facts if value]


def _layout_said(change: RentalChange) -> str:
    if change.layout is None:
        return ""
    return capfirst(str(change.get_layout_display())) if change.layout else _("À voir ensemble")


def answered_said(change: RentalChange) -> tuple[str, str]:
    """A title and a sentence for who asked; the words of who answered follow."""
    if change.outcome == RentalChange.Outcome.DONE:
        return _("Votre changement est accepté"), _("C’est d’accord pour ce que vous avez demandé\u00a0:")
    return _("Votre changement n’est pas possible"), _(
        "Nous ne pouvons pas faire ce que vous avez demandé, et rien ne change\u00a0:"
    )


def answer_pill(change: RentalChange) -> tuple[str, str]:
    """The kind and the words of the state it is in."""
    if not change.outcome:
        return "wait", _("attend une réponse")
    kind = "done" if change.outcome == RentalChange.Outcome.DONE else "off"
    return kind, str(change.get_outcome_display())


def change_said(change: RentalChange) -> str:
    """The same in one line."""
    return " · ".join(f"{label}\u00a0: {value}" for label, value in change_facts(change))
