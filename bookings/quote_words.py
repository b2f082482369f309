"""Quotes in words: what they offer, their lines and sums, for pages, messages and the PDF."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.models import Quote
from bookings.models import RentalQuote
from members.formats import day, euros, span

State = Quote.State


def language() -> str:
    """The language of the screen, as our formats want it."""
    return get_language() or "fr"


def rental_where(rental: RentalQuote) -> str:
    """« Le Quai, Rouen »."""
    spaces = [option.space.label for option in rental.options.select_related("space").order_by("pk")]
    return ", ".join([*spaces, rental.request.site.name])


def rental_when(rental: RentalQuote) -> str:
    """« mardi 24 novembre 2026, 14 h – 18 h »."""
    local = rental.period.local(rental.request.site.zone)
    return span(local.start, local.end, language(), year=True)


def where_and_when(rental: RentalQuote) -> str:
    """Both, in one line."""
    return f"{rental_where(rental)}, {rental_when(rental)}"


def subject_of(rental: RentalQuote) -> list[tuple[str, str]]:
    """What a quote offers, in pairs: fixed with its words when it is sent."""
    return [
        (_("Espace"), rental_where(rental)),
        (_("Quand"), rental_when(rental)),
        *preparation_of(rental),
    ]


def preparation_of(rental: RentalQuote) -> list[tuple[str, str]]:
    """From when one may set up, and until when clear; nothing where that is not foreseen."""
    if not (rental.setup_minutes or rental.clearing_minutes):
        return []
    taken = rental.taken_period.local(rental.request.site.zone)
    return [(_("Préparation et rangement compris"), span(taken.start, taken.end, language(), year=True))]


def last_day(rental: RentalQuote) -> str:
    """« jeudi 3 décembre 2026 », the last day on which it may be accepted."""
    return day(rental.quote.last_day.astimezone(rental.request.site.zone).date(), language(), year=True)


def total_said(quote: Quote) -> str:
    """« 390,00 € HT, 450,00 € TTC »."""
    words = {"excl": euros(quote.total_excl, language()), "incl": euros(quote.total_incl, language())}
    if not quote.total_vat:
        return _("%(incl)s net de taxes") % words
    return _("%(excl)s HT, %(incl)s TTC") % words
