"""What a row of the agenda says of an event, in few words."""

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from events.models import Event, TicketType
from members.formats import euros

Pricing = TicketType.Pricing


def price(event: Event) -> str:
    """What it costs: « Gratuit », « 5,00 € », « À partir de 5,00 € », « Prix libre », « Entrée libre »."""
    tickets = [each for each in event.tickets.all() if each.is_active]
    if not tickets:
        return _("Entrée libre")
    if any(each.pricing == Pricing.FREE for each in tickets):
        return _("Gratuit")
    if any(each.pricing == Pricing.OPEN for each in tickets):
        return _("Prix libre")
    prices = {each.price for each in tickets}
    said = euros(min(prices), get_language() or "fr")
    return said if len(prices) == 1 else _("À partir de %(price)s") % {"price": said}


def is_free(event: Event) -> bool:
    """Whether one may come without paying."""
    tickets = [each for each in event.tickets.all() if each.is_active]
    return not tickets or any(each.pricing != Pricing.PAID for each in tickets)


def seats(event: Event) -> str:
    """How many seats are left, where they are counted and there is something to register for."""
    left = event.seats_left
    if left is None or not event.tickets.all():
        return ""
    if left:
        return ngettext("%(n)s place", "%(n)s places", left) % {"n": left}
    return _("Complet, liste d’attente") if event.has_waiting_list else _("Complet")
