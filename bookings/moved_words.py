"""What of a rental's hours and space is no longer as the quote says, in words."""

from django.utils.translation import gettext as _

from bookings.models import RentalQuote
from bookings.quote_words import language
from bookings.stay import Stay
from members.formats import hours


def moved_said(rental: RentalQuote, stay: Stay) -> str:
    """« Les horaires ont changé : 9 h – 20 h (le devis disait 9 h – 18 h). »; nothing where it did not."""
    said = []
    zone, tongue = rental.request.site.zone, language()
    now, then = stay.period.local(zone), rental.period.local(zone)
    if stay.period.utc != rental.period.utc:
        words = {"now": hours(now.start, now.end, tongue), "then": hours(then.start, then.end, tongue)}
        said.append(_("Les horaires ont changé\u00a0: %(now)s (le devis disait %(then)s).") % words)
    agreed = [option.space.label for option in rental.options.select_related("space").order_by("pk")]
    places = {"now": stay.places, "then": ", ".join(agreed)}
    if places["now"] != places["then"]:
        said.append(_("L’espace a changé\u00a0: %(now)s (le devis disait %(then)s).") % places)
    return " ".join(said)
