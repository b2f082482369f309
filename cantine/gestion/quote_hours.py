"""The lines of a draft that the tariff made follow its hours; those that she wrote stay as they are."""

from datetime import datetime

from django.http import QueryDict
from django.utils import translation

from bookings.errors import NotAPeriod
from bookings.models import RentalQuote
from bookings.period import Period
from bookings.rental_hours import LONGEST
from bookings.services.rentals.prefilling import lines_for
from cantine.gestion.quote_form import form_of, line_initial, lines_of
from cantine.gestion.quotes import Draft


def following(rental: RentalQuote, data: QueryDict) -> QueryDict:
    """What was sent, where each line that is the tariff's for the hours before is that of the hours of now.

    `was` says which hours the lines sent were made for: the page writes them down.
    """
    form, lines, was = form_of(rental, data), lines_of(rental, data), said_period(data.get("was", ""))
    if was is None or not (form.is_valid() and lines.is_valid()):
        return data
    what, request, copy = form.what(), rental.request, data.copy()
    spaces = list(what.spaces)
    with translation.override(request.language):
        before = lines_for(request, spaces, was)
        after = lines_for(request, spaces, what.period)
    if len(before) != len(after):
        return data
    for place, line in enumerate(lines.forms):
        if line.has_changed() and (said := line.line()) in before:
            written = line_initial(after[before.index(said)])
            for name, value in written.items():
                copy[f"lignes-{place}-{name}"] = value
    return copy


def was(draft: Draft, data: QueryDict) -> str:
    """The hours that the lines of a draft are made for; while something is wrong, those told before."""
    if draft.what is None and data.get("was"):
        return str(data["was"])
    return period_said(draft.what.period if draft.what else draft.rental.period)


def period_said(period: Period) -> str:
    """How the page writes hours down."""
    return f"{period.start.isoformat()}/{period.end.isoformat()}"


def said_period(text: str) -> Period | None:
    """Read that again; None for anything else."""
    start, _slash, end = text.partition("/")
    try:
        found = Period(datetime.fromisoformat(start), datetime.fromisoformat(end))
    except (ValueError, OverflowError, NotAPeriod):
        return None
    return found if found.length <= LONGEST else None
