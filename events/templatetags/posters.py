"""`{% load posters %}`: the poster of an event without a picture, and what a row of the agenda says of it."""

from typing import Any

from django import template

from events import posters, row_words
from events.models import Event

register = template.Library()
SIZES = {"row": (3, 4), "phone": (9, 4), "desk": (14, 4)}


@register.inclusion_tag("events/_poster.html")
def poster(event: Event, size: str = "row") -> dict[str, Any]:
    """Draw the poster of `event`: "row", "phone" or "desk"."""
    columns, rows = SIZES[size]
    return {"poster": posters.poster(event.slug, event.category.tile, columns, rows), "size": size}


@register.filter
def said_price(event: Event) -> str:
    """« Gratuit », « 5,00 € », « Entrée libre »."""
    return row_words.price(event)


@register.filter
def said_seats(event: Event) -> str:
    """« 8 places », « Complet, liste d'attente »; empty where seats are not counted."""
    return row_words.seats(event)
