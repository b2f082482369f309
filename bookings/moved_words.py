"""What of a rental is no longer as the quote says, in words: its day, hours, space, people, layout."""

from django.utils.translation import gettext as _

from bookings.models import RentalQuote
from bookings.quote_words import language, period_said, rental_when
from bookings.stay import Party, Stay, party_of
from members.formats import hours


def moved_said(rental: RentalQuote, stay: Stay) -> str:
    """« Les horaires ont changé : 9 h – 20 h (le devis disait 9 h – 18 h). »; nothing where it did not."""
    said = []
    zone, tongue = rental.request.site.zone, language()
    now, then = stay.period.local(zone), rental.period.local(zone)
    if now.start.date() != then.start.date():
        words = {"now": period_said(rental, stay.period), "then": rental_when(rental)}
        said.append(_("La date a changé\u00a0: %(now)s (le devis disait %(then)s).") % words)
    elif stay.period.utc != rental.period.utc:
        words = {"now": hours(now.start, now.end, tongue), "then": hours(then.start, then.end, tongue)}
        said.append(_("Les horaires ont changé\u00a0: %(now)s (le devis disait %(then)s).") % words)
    agreed = [option.space.label for option in rental.options.select_related("space").order_by("pk")]
    places = {"now": stay.places, "then": ", ".join(agreed)}
    if places["now"] != places["then"]:
        said.append(_("L’espace a changé\u00a0: %(now)s (le devis disait %(then)s).") % places)
    return " ".join([*said, *_party_said(rental)])


def _party_said(rental: RentalQuote) -> list[str]:
    party, asked = party_of(rental), rental.request
    agreed, said = Party(asked.people, asked.layout), list[str]()
    if party.people != agreed.people:
        words = {"now": party.people, "then": agreed.people}
        said.append(_("Le nombre de personnes a changé\u00a0: %(now)s (le devis disait %(then)s).") % words)
    if party.layout != agreed.layout:
        together = _("à voir ensemble")
        layouts = {"now": party.layout_said or together, "then": agreed.layout_said or together}
        said.append(_("La disposition a changé\u00a0: %(now)s (le devis disait %(then)s).") % layouts)
    return said
