"""Prices and states of rentals in words, for pages and messages."""

from datetime import date, datetime
from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from billing.models import Order
from billing.units import counted
from bookings.models import RentalQuote, RentalRequest
from bookings.period import Period
from bookings.rental_pricing import ExtraRow, From, Indication, IndicativeLine
from bookings.services.rentals.free_days import DayHours
from bookings.services.rentals.offering import Offered
from members import formats
from members.formats import euros

State = RentalRequest.State


def language() -> str:
    """The language of the screen, as our formats want it."""
    return get_language() or "fr"


def taxed(amount: Decimal, rate: Decimal) -> str:
    """« 15,00 € HT », or « net de taxes » where the seller charges no VAT."""
    words = {"amount": euros(amount, language())}
    return (_("%(amount)s HT") if rate else _("%(amount)s net de taxes")) % words


def least(price: From | None) -> dict[str, str]:
    """What a card says: the amount, and what follows it; nothing where there is no tariff."""
    if price is None:
        return {}
    units = {
        "hour": (_("HT l’heure"), _("l’heure, net de taxes")),
        "half_day": (_("HT la demi-journée"), _("la demi-journée, net de taxes")),
        "day": (_("HT la journée"), _("la journée, net de taxes")),
    }
    taxed, untaxed = units[price.unit]
    return {"amount": euros(price.excl, language()), "unit": taxed if price.rate else untaxed}


def people_said(offer: Offered) -> str:
    """« 16 places, jusqu’à 30 personnes en théâtre »: the seats, as where it is booked, and the most."""
    most = max(offer.rental.layouts.all(), key=lambda each: each.capacity, default=None)
    seats = ngettext("%(n)s place", "%(n)s places", offer.space.capacity) % {"n": offer.space.capacity}
    if most is None:
        return seats
    said = ngettext(
        "jusqu’à %(count)s personne %(layout)s", "jusqu’à %(count)s personnes %(layout)s", most.capacity
    ) % {"count": most.capacity, "layout": most.get_kind_display()}
    return f"{seats}, {said}" if offer.space.capacity < most.capacity else capfirst(said)


def each_price(extra: ExtraRow) -> str:
    """« 4,00 € HT par personne »."""
    words = {"person": _("par personne"), "hour": _("par heure"), "rental": _("par location")}
    return f"{taxed(extra.excl, extra.rate)} {words[extra.per]}"


def line_label(line: IndicativeLine) -> str:
    """« Le Quai, 4 heures », « Café d’accueil, 45 personnes »."""
    if line.unit == "rental":
        return line.name
    if line.unit == "person":
        count = int(line.quantity)
        said = ngettext("%(count)s personne", "%(count)s personnes", count) % {"count": count}
    else:
        said = counted(line.quantity, line.unit, language())
    return f"{line.name}, {said}"


def price_lines(price: Indication) -> tuple[list[tuple[str, str]], str, str]:
    """The lines of an indicative price, the words of its total, and the total."""
    total, tongue = price.total, language()
    lines = [(line_label(line), euros(line.excl, tongue)) for line in price.lines]
    if not total.vat:
        return lines, _("Prix indicatif, net de taxes"), euros(total.incl, tongue)
    lines += [(_("Total HT"), euros(total.excl, tongue)), (_("TVA"), euros(total.vat, tongue))]
    return lines, _("Prix indicatif TTC"), euros(total.incl, tongue)


def day_said(name: str, day: date, found: DayHours) -> str:
    """« Le Quai, samedi 12 décembre : libre de 9 h à 14 h ; déjà pris de 14 h à 18 h. », never by whom."""
    free = ", ".join(_from_to(each) for each in found.free)
    taken = ", ".join(_from_to(each) for each in found.taken)
    words = {"space": name, "day": formats.day(day, language()), "free": free, "taken": taken}
    if free and taken:
        return _("%(space)s, %(day)s\u00a0: libre %(free)s\u202f; déjà pris %(taken)s.") % words
    if free:
        return _("%(space)s, %(day)s\u00a0: libre %(free)s.") % words
    return _("%(space)s, %(day)s\u00a0: déjà pris %(taken)s.") % words if taken else ""


def _from_to(period: Period) -> str:
    _day, end = formats.last_hour(period.end, language())
    return _("de %(start)s à %(end)s") % {"start": formats.hour(period.start, language()), "end": end}


def standing(request: RentalRequest, *, invoiced_early: bool = False) -> tuple[str, str]:
    """Where a request stands, and what comes next, in two sentences; `invoiced_early`, before its day."""
    before = _("Nous vous écrivons avant le jour dit pour les derniers détails.")
    if invoiced_early:
        return _("Votre location est facturée, et à venir."), before
    if request.state == State.LOST and request.lost_reason == RentalRequest.Lost.WITHDRAWN:
        return _("Vous avez retiré cette demande."), _("Il n’y a plus rien à faire de votre côté.")
    said = {
        State.RECEIVED: (
            _("Nous avons bien reçu votre demande."),
            _("Nous préparons votre devis et vous répondons en un jour ouvré."),
        ),
        State.QUOTED: (
            _("Votre devis est prêt."),
            _("Il vous a été envoyé par courriel\u202f; la date vous est gardée jusqu’à sa fin de validité."),
        ),
        State.WON: (_("C’est convenu."), before),
        State.DONE: (_("Votre location est passée."), _("Merci de votre visite.")),
        State.LOST: (
            _("Cette demande est restée sans suite."),
            _("Votre projet tient toujours\u202f? Faites-nous une nouvelle demande."),
        ),
        State.CANCELLED: (
            _("Cette location est annulée."),
            _("Votre projet tient toujours\u202f? Faites-nous une nouvelle demande."),
        ),
    }
    return said[State(request.state)]


def is_over(request: RentalRequest, rental: RentalQuote | None, *, now: datetime) -> bool:
    """Whether nothing is left of a request but to ask anew."""
    if request.state in (State.LOST, State.CANCELLED) or rental is None:
        return request.state in (State.LOST, State.CANCELLED)
    if request.state == State.QUOTED:
        return not rental.quote.can_be_accepted(now)
    order = rental.quote.advance_order
    return request.state == State.WON and order is not None and order.state == Order.State.EXPIRED


def steps(request: RentalRequest) -> list[tuple[str, str]]:
    """The way of a request: (word, state), for components/stepper.html."""
    done = {State.RECEIVED: 1, State.QUOTED: 2, State.WON: 3, State.DONE: 4}.get(State(request.state), 0)
    words = (_("Demande"), _("Devis"), _("Accord"))
    marks = ["done" if index < done else "current" if index == done else "next" for index in range(3)]
    return list(zip(words, marks, strict=True)) if done else []
