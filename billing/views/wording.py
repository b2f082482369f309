"""What the payment pages say: means, prices, steps."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from billing import fulfilment
from billing.documents.sums import rate
from billing.models import Order, OrderLine, PriceBasis
from billing.money import round2, total_of
from billing.payments.owed import owed_on
from billing.units import counted
from members.formats import day, euros, hour


@dataclass(frozen=True, slots=True)
class Offer:
    """A means of payment as a choice on the page."""

    code: str
    name: str
    note: str


def means_offered(order: Order, *, cards: bool, payable: bool, desk_until: dt.datetime | None) -> list[Offer]:
    """List how this order may be paid, the usual one first."""
    offers = []
    if cards:
        offers.append(Offer("card", _("Carte bancaire"), _("page sécurisée de notre prestataire")))
    if payable and order.customer.terms_days is not None:
        offers.append(Offer("terms", _("Sur facture"), _terms_note(order)))
    if desk_until:
        offers.append(Offer("desk", _("Sur place"), _desk_note(desk_until)))
    return offers


def _terms_note(order: Order) -> str:
    days = order.customer.terms_days or 0
    if not days:
        return _("%(customer)s, à réception") % {"customer": order.customer}
    return ngettext("%(customer)s, à %(days)s\u00a0jour", "%(customer)s, à %(days)s\u00a0jours", days) % {
        "customer": order.customer,
        "days": days,
    }


def _desk_note(until: dt.datetime) -> str:
    language, local = get_language() or "fr", timezone.localtime(until)
    return _("gardé jusqu’au %(day)s, %(hour)s") % {
        "day": day(local.date(), language),
        "hour": hour(local, language),
    }


def steps(order: Order) -> list[tuple[str, str]]:
    """The three steps, the second of which is paying; an advance confirms what was agreed."""
    if any(fulfilment.is_advance(line) for line in order.lines.all()):
        return [(_("Accord"), "done"), (_("Acompte"), "current"), (_("Confirmation"), "next")]
    return [(_("Choix"), "done"), (_("Paiement"), "current"), (_("Billet"), "next")]


def price_lines(order: Order) -> dict[str, object]:
    """Write what is to be paid: each line without VAT, the VAT by rate, the total, what came of it before."""
    language, rows = get_language() or "fr", order.vat_rows()
    taxed = [row for row in rows if row.rate]
    lines = [(_line_label(line, language), euros(line.amount_excl, language)) for line in order.lines.all()]
    lines += [
        (_("TVA %(rate)s") % {"rate": rate(row.rate, language)}, euros(row.amounts.vat, language))
        for row in taxed
    ]
    label, total = _("Total TTC") if taxed else _("Total net de taxes"), total_of(rows).incl
    left = owed_on(order)
    if left < total:
        received = (_("Déjà reçu par virement"), f"−{euros(total - left, language)}")
        lines, label = [*lines, (label, euros(total, language)), received], _("Reste à payer")
    return {"lines": lines, "total_label": label, "total": euros(left, language)}


def _line_label(line: OrderLine, language: str) -> str:
    words = {
        "label": line.label,
        "quantity": counted(line.quantity, line.unit, language),
        "price": euros(line.unit_price, language),
    }
    if fulfilment.is_advance(line):  # named above: here is what it is made of
        return (
            _("Base à %(rate)s, HT") % {"rate": rate(line.vat_rate, language)}
            if line.vat_rate
            else _("Sans TVA")
        )
    if not line.unit:
        return _("%(label)s, HT") % words
    if line.price_basis == PriceBasis.HT and round2(line.unit_price) == line.unit_price:
        return _("%(quantity)s à %(price)s HT") % words
    return _("%(label)s, %(quantity)s, HT") % words
