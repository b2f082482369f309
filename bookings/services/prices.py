"""What a space costs this person, and the price card of the home page."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from billing.models import Customer
from billing.money import amounts_for
from bookings.models import Site, Space, Tariff
from bookings.opening import Opening
from bookings.period import Period
from bookings.pricing import Price, TariffRow, tariff_for
from bookings.services import rules
from bookings.services.rules import Person, Rules
from members.formats import euros, hours

SOLD_BY_HOUR = (Space.Kind.ROOM, Space.Kind.BOOTH)


@dataclass(frozen=True)
class CardRow:
    """One line of the card: « La demi-journée ····· 9,00 € »; `amount` in euros including VAT."""

    name: str
    note: str
    amount: Decimal


def price_for(
    *, space: Space, period: Period, now: datetime, customer: Customer | None = None, user: Person = None
) -> Price | None:
    """What `customer` would pay, or else `user`; None where nothing says. One query where atoms are read."""
    day = period.local(space.site.zone).start.date()
    read = rules.load(space.site, day=day, customer=customer, user=user)
    return read.price(space, period, read.opening_of(period, space))


def card(site: Site, day: date, user: Person = None) -> list[CardRow]:
    """The site's prices on `day`, for `user` or else for anyone: a desk's, then the rooms' by the hour."""
    read = rules.of_site(site) if user is None else rules.load(site, day=day, user=user)
    desk = _row_of(read, Space.Kind.DESK, day)
    rows = _desk_rows(desk, read.opening(day), read) if desk else []
    rooms = sorted(
        read.premises.listed(site, kinds=SOLD_BY_HOUR),
        key=lambda room: (SOLD_BY_HOUR.index(room.kind), room.position, room.pk),
    )
    return rows + [row for room in rooms if (row := _room_row(room, read, day)) is not None]


def _desk_rows(row: TariffRow, opening: Opening, read: Rules) -> list[CardRow]:
    found = []
    if row.half_day is not None:
        note = _("un poste, le Wi-Fi, le café")
        found.append(CardRow(_("La demi-journée"), note, _incl(row, row.half_day)))
    if row.day is not None:
        note = _("tous les jours ouvrés")
        if opening.whole is not None:
            local = opening.whole.local(read.site.zone)
            note = hours(local.start, local.end, get_language() or "fr")
        found.append(CardRow(_("La journée"), note, _incl(row, row.day)))
    return found


def _room_row(room: Space, read: Rules, day: date) -> CardRow | None:
    row = _row_of(read, room.kind, day, space_id=room.pk)
    if row is None or row.hour is None:
        return None
    text = ngettext("l’heure, %(count)s place", "l’heure, %(count)s places", room.capacity)
    return CardRow(room.label, text % {"count": room.capacity}, _incl(row, row.hour))


def _row_of(read: Rules, kind: str, day: date, *, space_id: int = 0) -> TariffRow | None:
    """What they pay by: a member pays as anyone where nothing says otherwise."""
    theirs = tariff_for(read.tariffs, kind=kind, space_id=space_id, audience=read.audience, day=day)
    outside = Tariff.Audience.OUTSIDE
    return theirs or tariff_for(read.tariffs, kind=kind, space_id=space_id, audience=outside, day=day)


def _incl(row: TariffRow, amount: Decimal) -> Decimal:
    return amounts_for(amount, row.rate, row.basis).incl


def said(price: Price, language: str = "fr") -> str:
    """How a price came about: « 2 h à 18,00 € », « 1 demi-journée », « 1 journée »."""
    if price.unit == "hour":
        number = f"{price.quantity.normalize():f}".replace(".", "," if language.startswith("fr") else ".")
        each = euros(price.unit_price_incl, language)
        return _("%(hours)s\u00a0h à %(each)s") % {"hours": number, "each": each}
    count = int(price.quantity)
    if price.unit == "half_day":
        text = ngettext("%(count)s demi-journée", "%(count)s demi-journées", count)
    else:
        text = ngettext("%(count)s journée", "%(count)s journées", count)
    return text % {"count": count}
