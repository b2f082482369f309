"""The address of an event: its title and its day."""

from datetime import date

from django.utils.text import slugify

from events.models import Event

LONGEST = 80


def free_slug(title: str, day: date) -> str:
    """An address nobody has: « midi-technique-2026-11-25 », then « …-2 ». It always ends with a number."""
    words = slugify(title)[:LONGEST].strip("-") or "evenement"
    base = f"{words}-{day.isoformat()}"
    taken = set(Event.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(
        each for each in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if each not in taken
    )
