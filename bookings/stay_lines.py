"""The lines of an accepted quote as its balance begins with them, and what stands beyond the quote."""

from dataclasses import replace
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.quotes.offers import OfferedLine, offer_of
from bookings.models import RentalQuote
from bookings.stay import party_of, period_of
from members.formats import plain, span


def as_they_stand(rental: RentalQuote) -> list[OfferedLine]:
    """The quote's lines; a detail that says the hours of the quote says those that stand.

    What was accepted stays as it is: this is for the invoice to come.
    """
    zone, tongue = rental.request.site.zone, rental.quote.language
    was, now = (
        plain(span(each.start, each.end, tongue, year=True))
        for each in (rental.period.local(zone), period_of(rental).local(zone))
    )
    lines = offer_of(rental.quote).lines
    return [replace(line, detail=now) if plain(line.detail) == was else line for line in lines]


def beyond_said(rental: RentalQuote) -> str:
    """« À ajouter : 2 heures, 8 personnes. », and what is less; nothing where the quote says it all."""
    more = period_of(rental).length - rental.period.length
    people = party_of(rental).people - rental.request.people
    added = _counted(max(more, timedelta(0)), max(people, 0))
    less = _counted(max(-more, timedelta(0)), max(-people, 0))
    said = []
    if added:
        said.append(_("À ajouter\u00a0: %(what)s.") % {"what": added})
    if less:
        said.append(_("En moins\u00a0: %(what)s.") % {"what": less})
    return " ".join(said)


def _counted(time: timedelta, people: int) -> str:
    found = []
    if time:
        minutes = int(time.total_seconds()) // 60
        hours = f"{minutes // 60}\u00a0h" if minutes >= 60 else ""
        rest = f"{minutes % 60:02}" if hours and minutes % 60 else f"{minutes}\u00a0min" if not hours else ""
        found.append("\u00a0".join(each for each in (hours, rest) if each))
    if people:
        said = ngettext("%(count)s personne", "%(count)s personnes", people)
        found.append(said % {"count": people})
    return ", ".join(found)
