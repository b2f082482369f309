"""The access sheet of a rental: how to come, when, what is there, whom to call, what is left to pay.

Door code and Wi-Fi are for the page alone, and only while one may enter (bookings/entrance.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from billing.models import Document, DocumentKind, Order
from billing.money import ZERO
from billing.payments.keeping import sum_kept
from billing.payments.owed import WAITING, owed_on
from bookings.entrance import may_enter
from bookings.models import RentalDay, RentalQuote
from bookings.quote_words import language, line_said, said_only
from bookings.stay import Party, Stay, party_of, stay_of
from members.formats import day, euros, hour, hours

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Contact:
    """Who is to be reached on the day; without a name it is the house."""

    name: str
    phone: str
    email: str

    @property
    def who(self) -> str:
        """The name, else the house."""
        return self.name or _("L’équipe de la Cantine")

    @property
    def said(self) -> str:
        """« Zoé Essai, 02 00 00 00 00 »."""
        return ", ".join(each for each in (self.who, self.phone) if each)


@dataclass(frozen=True)
class AccessSheet:
    """The sheet in words; each part is pairs of label and value, without what nobody knows."""

    stay: Stay
    party: Party
    where: str
    day: str
    hours: str
    coming: Pairs
    entering: Pairs
    times: Pairs
    inside: Pairs
    offered: list[str]
    contact: Contact
    left: str


def sheet_of(rental: RentalQuote, *, now: datetime) -> AccessSheet | None:
    """The sheet of a rental that is sure and not over; else nothing is to be read."""
    stay = stay_of(rental)
    if stay is None or now >= stay.taken.end:
        return None
    site, enters = rental.request.site, may_enter(stay.bookings[0], now)
    local, party = stay.period.local(site.zone), party_of(rental)
    return AccessSheet(
        stay=stay,
        party=party,
        where=f"{stay.places}, {site.name}",
        day=day(local.start.date(), language(), year=True),
        hours=hours(local.start, local.end, language()),
        coming=said_only(
            (_("Adresse"), site.where),
            (_("Entrée"), site.door),
            (_("Comment venir"), site.directions),
        ),
        entering=said_only((_("Code de la porte"), site.door_code), (_("Wi-Fi"), wifi_of(rental)))
        if enters
        else [],
        times=times_of(rental, stay),
        inside=said_only(
            (_("Disposition"), party.layout_said),
            (_("Personnes"), str(party.people)),
            (_("Équipement"), equipment_of(stay)),
        ),
        offered=offered_said(rental, stay),
        contact=contact_of(rental),
        left=left_said(rental),
    )


def times_of(rental: RentalQuote, stay: Stay) -> Pairs:
    """From when one may set up, and until when everything is cleared."""
    zone = rental.request.site.zone
    used, taken = stay.period.local(zone), stay.taken.local(zone)
    return said_only(
        (_("Mise en place dès"), hour(taken.start, language()) if rental.setup_minutes else ""),
        (_("Location"), hours(used.start, used.end, language())),
        (_("Rangé et fermé à"), hour(taken.end, language()) if rental.clearing_minutes else ""),
    )


def offered_said(rental: RentalQuote, stay: Stay) -> list[str]:
    """The lines of the quote."""
    unmoved = stay.period.utc == rental.period.utc
    return [line_said(line, language(), detail=unmoved) for line in rental.quote.lines.all()]


def equipment_of(stay: Stay) -> str:
    """What the spaces have, each thing once."""
    return ", ".join(dict.fromkeys(e.label for each in stay.bookings for e in each.space.equipment.all()))


def wifi_of(rental: RentalQuote) -> str:
    """Name and password."""
    site = rental.request.site
    return " · ".join(each for each in (site.wifi_name, site.wifi_password) if each)


def contact_of(rental: RentalQuote) -> Contact:
    """Who the manager named for the day, else the house."""
    site, named = rental.request.site, RentalDay.objects.filter(rental=rental).first()
    if named is None:
        return Contact("", site.phone, site.email)
    return Contact(named.contact_name, named.contact_phone or site.phone, site.email)


def left_said(rental: RentalQuote) -> str:
    """What is left to pay, and when."""
    left, tongue = left_to_pay(rental), language()
    if left <= 0:
        return _("Tout est réglé.")
    amount, order = {"left": euros(left, tongue)}, rental.quote.advance_order
    if hasattr(rental, "balance"):
        return _("%(left)s, sur votre facture.") % amount
    if order is not None and order.state == Order.State.OPEN:
        advance = {**amount, "advance": euros(owed_on(order), tongue)}
        return _("%(left)s, dont un acompte de %(advance)s qui est attendu.") % advance
    return _("%(left)s, sur facture après la location.") % amount


def left_to_pay(rental: RentalQuote) -> Decimal:
    """In euros with VAT: what the final invoice leaves, else the quote less what came as an advance."""
    balance = getattr(rental, "balance", None)
    if balance is not None:
        orders = Q(order=balance.order_id) | Q(order=rental.quote.advance_order_id, order__isnull=False)
        return sum((max(each.owed, ZERO) for each in invoices(orders)), ZERO)
    paid, advance = ZERO, rental.quote.advance_order
    if advance is not None and advance.state in WAITING:
        paid = sum_kept(advance)
    elif advance is not None:
        rows = invoices(Q(order=rental.quote.advance_order_id))
        paid = sum((min(each.paid, each.total_incl - each.credited) for each in rows), ZERO)
    return rental.quote.total_incl - paid


def invoices(which: Q) -> Sequence[Document]:
    """Invoices of any kind, with their balance."""
    return list(Document.objects.with_balance().filter(which).exclude(kind=DocumentKind.CREDIT_NOTE))
