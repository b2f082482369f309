"""What the page of a balance shows: its lines, and what they come to less the advance."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.forms import BaseFormSet
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.documents.sums import number
from billing.errors import DiscountBeyondInvoice
from billing.models import Customer
from billing.money import ZERO
from billing.quotes.offers import Offer, OfferedLine
from billing.settlement.correcting import excess_on
from bookings.models import RentalQuote
from bookings.services.rentals.balancing import (
    advanced_of,
    advances_of,
    discount_of,
    left_to_pay,
    sum_of,
)
from bookings.services.rentals.prefilling import hour_of
from bookings.stay_lines import as_they_stand
from cantine.gestion.quote_form import LineForm, lines_of, plain
from cantine.gestion.quotes import is_kept, one_more_line, sums_of
from members.formats import euros


class PurchaseOrderForm(forms.Form):
    """The number by which a public body pays what it ordered."""

    purchase_order = forms.CharField(label=gettext_lazy("Numéro d’engagement"), max_length=50, required=False)


EXTRAS = ("hours", "damages", "other")


@dataclass
class Balance:
    """A balance as it is being made; `offered` is None while something typed is wrong, `ordered` where who
    pays is no public body, `excess` what the advance is too much, `left` what is left to pay.
    """

    rental: RentalQuote
    lines: "BaseFormSet[LineForm]"
    offered: list[OfferedLine] | None
    sums: list[tuple[str, str]]
    total: tuple[str, str] | None
    ordered: PurchaseOrderForm | None
    beyond: bool = False
    excess: Decimal = ZERO
    left: Decimal = ZERO

    @property
    def purchase_order(self) -> str | None:
        """The number typed; None where none is asked."""
        return self.ordered.cleaned_data["purchase_order"] if self.ordered is not None else None


def read(rental: RentalQuote, language: str, data: QueryDict | None = None) -> Balance:
    """The balance as the quote says it, or as it was sent, with what it comes to."""
    begin = as_they_stand(rental)
    typed = lines_of(rental, data, begin=begin)
    if data is None:
        offered: list[OfferedLine] | None = begin
    else:
        offered = [form.line() for form in typed.forms if is_kept(form)] if typed.is_valid() else None
    ordered = _ordered(rental, data)
    if data is not None and ordered is not None and not ordered.is_valid():
        offered = None
    balance = Balance(rental, typed, offered, [], None, ordered)
    if offered is not None:
        try:
            balance.excess = _excess(rental, offered)
            balance.left = left_to_pay(rental.quote, offered, balance.excess)
            balance.sums = _sums(rental, offered, balance.excess, language)
            balance.total = (_("Reste à payer"), euros(balance.left, language))
        except DiscountBeyondInvoice:
            balance.beyond, balance.offered = True, None
    return balance


def _ordered(rental: RentalQuote, data: QueryDict | None) -> PurchaseOrderForm | None:
    if rental.quote.buyer.buyer != Customer.Buyer.PUBLIC:
        return None
    return PurchaseOrderForm(data, initial={"purchase_order": rental.quote.purchase_order})


def _excess(rental: RentalQuote, offered: list[OfferedLine]) -> Decimal:
    priced = [line.priced for line in offered]
    return sum_of(excess_on(advances_of(rental.quote), priced, discount_of(rental.quote)))


def _sums(
    rental: RentalQuote, offered: list[OfferedLine], excess: Decimal, language: str
) -> list[tuple[str, str]]:
    offer = Offer(offered, rental.quote.valid_until, discount_of(rental.quote), advance_percent=0)
    pairs, total = sums_of(offer, language)
    less = [total, (_("Acompte à déduire"), euros(-advanced_of(rental.quote), language))]
    if excess:
        less.append((_("Avoir sur l’acompte, qui dépasse ce qui est facturé"), euros(excess, language)))
    return [*pairs, *less]


@dataclass(frozen=True)
class ReadLine:
    """A line as it is read before it is invoiced."""

    label: str
    detail: str
    amount: str


def read_again(offered: Sequence[OfferedLine], language: str) -> list[ReadLine]:
    """Lines in words: how much of what at which price, and what that comes to before any discount."""
    return [_read(line, language) for line in offered]


def _read(line: OfferedLine, language: str) -> ReadLine:
    words = {"quantity": number(line.quantity, language), "price": euros(line.unit_price, language)}
    text = _("%(amount)s HT") if line.basis == "ht" else _("%(amount)s TTC")
    amount = text % {"amount": euros(line.priced.amount, language)}
    return ReadLine(line.label, "" if line.quantity == 1 else _("%(quantity)s × %(price)s") % words, amount)


def with_extra(rental: RentalQuote, data: QueryDict, extra: str) -> QueryDict:
    """What was sent, with one more line, filled in as far as its sort says it; the same where none fits."""
    copy = one_more_line(rental, data)
    if copy is data:
        return data
    place = int(str(copy["lignes-TOTAL_FORMS"])) - 1
    first = rental.quote.lines.first()
    usual = first.vat_rate if first is not None else Decimal("0.00")
    hour = hour_of(rental) if extra == "hours" else None
    with translation.override(rental.quote.language):
        label, unit = {
            "hours": (_("Heure supplémentaire"), "hour"),
            "damages": (_("Dégâts, hors TVA"), ""),
        }.get(extra, ("", ""))
    outside = extra == "damages" and rental.quote.seller.charges_vat
    filled = {
        "product": "",
        "label": label,
        "detail": "",
        "quantity": "1",
        "unit": unit,
        "unit_price": plain(hour.unit_price) if hour else "",
        "basis": hour.basis if hour else "ht",
        "rate": "0.00" if outside else f"{hour.rate if hour else usual:.2f}",
    }
    for name, value in filled.items():
        copy[f"lignes-{place}-{name}"] = value
    return copy
