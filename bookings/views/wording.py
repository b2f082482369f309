"""Prices and conditions in whole sentences, for tickets and buttons."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from bookings.models import Site
from bookings.pricing import Price
from bookings.services.freeing import late_sentence
from bookings.services.shown import DayOff, Terms
from members import formats


def amount(price: Price) -> str:
    """« 12,00 € TTC », or « net de taxes » where the seller charges no VAT."""
    sum_ = formats.euros(price.amount_incl, language())
    if price.vat_rate == 0:
        return _("%(amount)s net de taxes") % {"amount": sum_}
    return _("%(amount)s TTC") % {"amount": sum_}


def quantity(price: Price) -> str:
    """What the price is for: « 1 demi-journée », « 2 h à 18,00 € »."""
    if price.unit == "half_day":
        return ngettext("1 demi-journée", "%(n)s demi-journées", int(price.quantity)) % {
            "n": int(price.quantity)
        }
    if price.unit == "day":
        return _("la journée")
    unit = formats.euros(price.unit_price_incl, language())
    return _("%(length)s à %(price)s l’heure") % {"length": length(price.quantity), "price": unit}


def length(hours: Decimal) -> str:
    """« 2 h », « 1 h 30 », « 45 min »."""
    whole, minutes = divmod(int(hours * 60), 60)
    if not whole:
        return _("%(minutes)s min") % {"minutes": minutes}
    if not minutes:
        return _("%(hours)s h") % {"hours": whole}
    return _("%(hours)s h %(minutes)02d") % {"hours": whole, "minutes": minutes}


def free_until(moment: datetime, now: datetime, site: Site) -> str:
    """« Annulation gratuite jusqu'à mardi 18 h »; once that is over, what is kept."""
    if now > moment:
        return late_sentence(site)
    words = {"day": dated(moment.date()), "hour": formats.hour(moment, language())}
    return _("Annulation gratuite jusqu’au %(day)s, %(hour)s.") % words


def terms(cost: Terms) -> str:
    """What cancelling costs now, in one or two sentences."""
    words = {
        "day": dated(cost.free_until.date()),
        "hour": formats.hour(cost.free_until, language()),
        "kept": formats.euros(cost.kept, language()),
        "refunded": formats.euros(cost.refunded, language()),
    }
    if cost.is_free and cost.refunded:
        return _("Annulation gratuite jusqu’au %(day)s, %(hour)s : %(refunded)s vous seront rendus.") % words
    if cost.is_free:
        return _("L’annulation est gratuite.")
    late = _("L’annulation gratuite s’arrêtait le %(day)s à %(hour)s.") % words
    if cost.refunded:
        return late + " " + _("%(kept)s sont gardés, %(refunded)s vous seront rendus.") % words
    return late + " " + _("%(kept)s sont gardés.") % words


def cancel_button(cost: Terms) -> str:
    """What the button says that it does."""
    if cost.is_free:
        return _("Annuler la réservation")
    if cost.refunded:
        return _("Annuler et récupérer %(refunded)s") % {"refunded": formats.euros(cost.refunded, language())}
    return _("Annuler sans remboursement")


def day_off(off: DayOff) -> str:
    """Why nothing can be booked that day."""
    if off.why == "past":
        return _("Ce jour est passé.")
    if off.why == "far":
        return _("Les réservations sont ouvertes jusqu’au %(day)s.") % {"day": dated(off.last)}
    words = {"day": dated(off.day), "reason": off.reason.rstrip(".")}
    if off.reason:
        return _("La Cantine est fermée le %(day)s (%(reason)s).") % words
    return _("La Cantine est fermée le %(day)s.") % words


def nearest_link(off: DayOff) -> str:
    """What the link to another day says."""
    if off.nearest is None:
        return ""
    if off.nearest == timezone.localdate():
        return _("Voir aujourd’hui")
    return _("Voir le %(day)s") % {"day": dated(off.nearest)}


def dated(day: date) -> str:
    """A day, with its year when that is not this one."""
    return formats.day(day, language(), year=day.year != timezone.localdate().year)


def short_day(day: date) -> str:
    """« mercredi 25 », where the month is plain to see."""
    return " ".join(formats.day(day, language()).split()[:2])


def gives_up() -> str:
    """What giving up an option costs."""
    return _("Rien n’est encore débité : rendre cette option ne coûte rien.")


def give_up() -> str:
    """The button that does it."""
    return _("Rendre cette option")


def language() -> str:
    """The language of the screen, as our formats want it."""
    return get_language() or "fr"
