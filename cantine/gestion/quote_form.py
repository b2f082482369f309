"""The form of a quote: what is offered of the house, its lines, and on what terms."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from billing.documents.discounting import Discount
from billing.documents.sums import number
from billing.models import PriceBasis, Product, Quote, Seller
from billing.quotes.offers import Offer, OfferedLine, offer_of
from bookings.choices import IN_ORDER
from bookings.models import RentalQuote, Space
from bookings.rental_hours import LONGEST, typed_period
from bookings.services.rentals.prefilling import end_of_day
from bookings.services.rentals.quoting import What
from cantine.gestion.forms import BOUNDS, DayInput
from members.errors import Refused
from members.inputs import clock_input

UNITS = [
    ("", _("forfait")),
    ("hour", _("heure")),
    ("half_day", _("demi-journée")),
    ("day", _("journée")),
    ("person", _("personne")),
]
RATES = (Decimal("20.00"), Decimal("10.00"), Decimal("5.50"), Decimal("0.00"))
SHARE = [MinValueValidator(0), MaxValueValidator(100)]
MOST_LINES = 40
MOST = Decimal(10_000_000)
"""What a line may come to, in euros: sums of documents have ten figures."""

if TYPE_CHECKING:
    OneBase = forms.ModelChoiceField[Space]
    ManyBase = forms.ModelMultipleChoiceField[Space]
else:
    OneBase = forms.ModelChoiceField
    ManyBase = forms.ModelMultipleChoiceField


class OneSpace(OneBase):
    """A space of one site, by its name."""

    def label_from_instance(self, obj: Any) -> str:
        """« Le Quai »."""
        return str(obj.label)


class ManySpaces(ManyBase):
    """Spaces of one site, by their names."""

    def label_from_instance(self, obj: Any) -> str:
        """« Le Quai »."""
        return str(obj.label)


class QuoteForm(forms.Form):
    """What is offered of the house, and on what terms."""

    spaces = ManySpaces(
        label=_("Espaces"), queryset=Space.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    day = forms.DateField(label=_("Jour"), widget=DayInput(), validators=BOUNDS)
    starts = forms.TimeField(label=_("De"), widget=clock_input())
    ends = forms.TimeField(label=_("À"), widget=clock_input())
    setup_minutes = forms.IntegerField(label=_("Mise en place, en minutes"), min_value=0, max_value=1440)
    clearing_minutes = forms.IntegerField(label=_("Rangement, en minutes"), min_value=0, max_value=1440)
    discount_excl = forms.DecimalField(
        label=_("Remise HT, en euros"), min_value=0, max_digits=12, decimal_places=2, required=False
    )
    discount_label = forms.CharField(label=_("Raison de la remise"), max_length=120, required=False)
    valid_until = forms.DateField(
        label=_("Valable jusqu’au"), widget=DayInput(), validators=BOUNDS, help_text=_("Ce jour compris.")
    )
    advance_percent = forms.IntegerField(label=_("Acompte, en %"), validators=SHARE, min_value=0)
    confirmation = forms.ChoiceField(label=_("Confirmé"), choices=Quote.Confirmation.choices)
    message = forms.CharField(
        label=_("Message"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, rental: RentalQuote, **rest: Any) -> None:
        """Offer the spaces of the site; desks are not rented by quote."""
        super().__init__(*args, **rest)
        self.site = rental.request.site
        rooms = Space.objects.active().filter(site=self.site).exclude(kind=Space.Kind.DESK)
        field = self.fields["spaces"]
        assert isinstance(field, ManySpaces)
        field.queryset = rooms.order_by(*IN_ORDER)

    def clean(self) -> dict[str, Any]:
        """Put day and hours together; a discount says why."""
        data: dict[str, Any] = super().clean() or {}
        if {"day", "starts", "ends"} <= data.keys():
            self._add_period(data)
        if data.get("discount_excl") and not data.get("discount_label"):
            self.add_error("discount_label", _("Dites pourquoi\u00a0: c’est écrit sur le devis."))
        return data

    def _add_period(self, data: dict[str, Any]) -> None:
        try:
            period = typed_period(data["day"], data["starts"], data["ends"], self.site.zone)
        except Refused as refused:
            self.add_error("ends", str(refused))
            return
        if period.length > LONGEST:
            self.add_error("ends", _("Une location dure vingt heures au plus."))
        data["period"] = period

    def what(self) -> What:
        """What it offers of the house."""
        data = self.cleaned_data
        return What(list(data["spaces"]), data["period"], data["setup_minutes"], data["clearing_minutes"])

    def offer(self, lines: Sequence[OfferedLine]) -> Offer:
        """What the quote says, with these lines."""
        data = self.cleaned_data
        discount = Discount(data["discount_excl"], data["discount_label"]) if data["discount_excl"] else None
        return Offer(
            lines=lines,
            valid_until=end_of_day(data["valid_until"], data["period"], self.site.zone),
            discount=discount,
            advance_percent=data["advance_percent"],
            confirmation=data["confirmation"],
            message=data["message"].strip(),
        )


class LineForm(forms.Form):
    """One line: an article, or free words."""

    product = forms.ChoiceField(label=_("Article"), required=False)
    label = forms.CharField(label=_("Désignation"), max_length=160)
    detail = forms.CharField(label=_("Précision"), max_length=200, required=False)
    quantity = forms.DecimalField(
        label=_("Quantité"), max_digits=12, decimal_places=4, min_value=Decimal("0.0001"), initial="1"
    )
    unit = forms.ChoiceField(label=_("Unité"), choices=UNITS, required=False)
    unit_price = forms.DecimalField(label=_("Prix unitaire"), max_digits=12, decimal_places=6, min_value=0)
    basis = forms.ChoiceField(label=_("Base"), choices=PriceBasis.choices, initial=PriceBasis.HT)
    rate = forms.TypedChoiceField(label=_("TVA, en %"), coerce=Decimal)

    def __init__(self, *args: Any, products: dict[str, Product], rates: list[Any], **rest: Any) -> None:
        """Offer the seller's articles, and the rates it may charge."""
        super().__init__(*args, **rest)
        self.products = products
        self._choices(
            "product", [("", _("Ligne libre")), *((pk, each.name) for pk, each in products.items())]
        )
        self._choices("rate", rates)
        self.fields["rate"].initial = rates[0][0]

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """A line comes to a sum that can be invoiced, forty times over."""
        data: dict[str, Any] = super().clean() or {}
        if {"quantity", "unit_price"} <= data.keys() and data["quantity"] * data["unit_price"] > MOST:
            self.add_error("unit_price", _("C’est trop pour une ligne\u00a0: dix millions d’euros au plus."))
        return data

    def line(self) -> OfferedLine:
        """What it offers."""
        data = self.cleaned_data
        return OfferedLine(
            label=data["label"],
            detail=data["detail"],
            quantity=data["quantity"],
            unit=data["unit"],
            unit_price=data["unit_price"],
            basis="ht" if data["basis"] == PriceBasis.HT else "ttc",
            rate=data["rate"],
            product=self.products.get(data["product"]),
        )


Lines = formset_factory(LineForm, extra=0, can_delete=True, max_num=MOST_LINES, absolute_max=MOST_LINES)


def lines_of(
    rental: RentalQuote, data: QueryDict | None = None, *, begin: Sequence[OfferedLine] | None = None
) -> "BaseFormSet[LineForm]":
    """The lines of a draft, or what was sent of them; they may `begin` otherwise than the quote says."""
    kwargs = {"products": products_of(rental), "rates": rates_of(rental.quote.seller)}
    if data is not None:
        return Lines(data, prefix="lignes", form_kwargs=kwargs)
    rows = [line_initial(line) for line in (offer_of(rental.quote).lines if begin is None else begin)]
    return Lines(initial=rows, prefix="lignes", form_kwargs=kwargs)


def products_of(rental: RentalQuote) -> dict[str, Product]:
    """The articles on sale, and those the draft has already."""
    had = [line.product_id for line in rental.quote.lines.all() if line.product_id]
    rows = Product.objects.filter(Q(is_active=True) | Q(pk__in=had), seller=rental.quote.seller)
    return {str(each.pk): each for each in rows.order_by("name", "pk")}


def rates_of(seller: Seller) -> list[tuple[str, str]]:
    """The rates a seller may charge, as choices."""
    rates = RATES if seller.charges_vat else RATES[-1:]
    return [(f"{rate:.2f}", number(rate, get_language() or "fr")) for rate in rates]


def plain(value: Decimal) -> str:
    """A number as a field shows it: two places, or as many as it has."""
    exact = value.normalize()
    return f"{value:.2f}" if exact == exact.quantize(Decimal("0.01")) else f"{exact:f}"


def line_initial(line: OfferedLine) -> dict[str, Any]:
    """A line as its form shows it."""
    return {
        "product": str(line.product.pk) if line.product else "",
        "label": line.label,
        "detail": line.detail,
        "quantity": f"{line.quantity.normalize():f}",
        "unit": line.unit,
        "unit_price": plain(line.unit_price),
        "basis": PriceBasis.HT if line.basis == "ht" else PriceBasis.TTC,
        "rate": f"{line.rate:.2f}",
    }


def form_of(rental: RentalQuote, data: QueryDict | None = None) -> QuoteForm:
    """The form of a draft, or what was sent of it."""
    if data is not None:
        return QuoteForm(data, rental=rental)
    quote, zone = rental.quote, rental.request.site.zone
    local = rental.period.local(zone)
    return QuoteForm(
        rental=rental,
        initial={
            "spaces": [option.space_id for option in rental.options.all()],
            "day": local.start.date(),
            "starts": local.start.time(),
            "ends": local.end.time(),
            "setup_minutes": rental.setup_minutes,
            "clearing_minutes": rental.clearing_minutes,
            "discount_excl": quote.discount_excl or None,
            "discount_label": quote.discount_label,
            "valid_until": quote.last_day.astimezone(zone).date(),
            "advance_percent": quote.advance_percent,
            "confirmation": quote.confirmation,
            "message": quote.message,
        },
    )
