"""Who comes unannounced: a name is enough; to pay, an address for the invoice."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from billing.models import Payment
from events.models import Event, TicketType
from events.register_form import INCOMPLETE, price_label
from members.formats import euros
from members.inputs import price_field
from members.keys import new_key

GUEST = "guest"
MEANS = [
    (each.value, each.label) for each in (Payment.Method.TERMINAL, Payment.Method.CASH, Payment.Method.CHEQUE)
]
Pricing = TicketType.Pricing


class MeansForm(forms.Form):
    """How the money of a registration came."""

    method = forms.ChoiceField(label=gettext_lazy("Reçu en"), choices=MEANS)


class WalkInForm(forms.Form):
    """A name, an address if they like, a ticket where there is a choice; for who takes money, how it came."""

    name = forms.CharField(
        label=gettext_lazy("Prénom et nom"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Adresse électronique"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Pour le mot du lendemain, avec les supports."),
        error_messages={"invalid": INCOMPLETE},
    )
    ticket = forms.ModelChoiceField(
        label=gettext_lazy("Tarif"), queryset=TicketType.objects.none(), empty_label=None
    )
    price = price_field(gettext_lazy("Prix donné"))
    method = forms.ChoiceField(
        label=gettext_lazy("Reçu en"),
        choices=[*MEANS, (GUEST, gettext_lazy("entrée offerte"))],
        required=False,
    )
    as_guest = forms.BooleanField(label=gettext_lazy("Entrée offerte, rien n’est encaissé"), required=False)
    add_place = forms.BooleanField(
        label=gettext_lazy("Faire entrer quand même, avec une place de plus"),
        required=False,
    )
    due = forms.DecimalField(required=False, widget=forms.HiddenInput)
    token = forms.CharField(required=False, max_length=40, initial=new_key, widget=forms.HiddenInput)

    prefix = "entree"

    def __init__(self, *args: Any, event: Event, takes_money: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tickets = list(event.tickets.filter(is_active=True))
        pricings = {ticket.pricing for ticket in tickets}
        choices = self.fields["ticket"]
        assert isinstance(choices, forms.ModelChoiceField)
        choices.queryset = event.tickets.filter(is_active=True)
        choices.choices = [(ticket.pk, _said(ticket)) for ticket in tickets]
        if tickets:
            choices.initial = tickets[0].pk
        if len(tickets) == 1 and (not takes_money or pricings == {Pricing.FREE}):
            choices.widget = forms.HiddenInput()
        self.offers_tickets = bool(tickets)
        self.takes_money = takes_money and pricings != {Pricing.FREE}
        if not self.takes_money:
            del self.fields["method"], self.fields["due"]
        if not self.takes_money or Pricing.OPEN not in pricings:
            del self.fields["price"]
        if self.takes_money or Pricing.PAID not in pricings:
            del self.fields["as_guest"]
        if event.seats_left != 0 and not any(ticket.seats_left == 0 for ticket in tickets):
            del self.fields["add_place"]

    def clean_email(self) -> str:
        """An address is kept in small letters, as everywhere: its owner finds what hangs on it."""
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> dict[str, Any]:
        """An invoice needs where to go."""
        data = super().clean() or self.cleaned_data
        if "ticket" in data and self.is_sale and not data.get("email") and "email" not in self.errors:
            self.add_error("email", _("Donnez une adresse\u00a0: la facture y est envoyée."))
        return data

    @property
    def is_sale(self) -> bool:
        """Whether something is to be paid."""
        data = self.cleaned_data
        if not self.takes_money or data.get("method") in {"", None, GUEST}:
            return False
        pricing = data["ticket"].pricing
        return pricing == Pricing.PAID or (pricing == Pricing.OPEN and bool(data.get("price")))

    def asked(self) -> dict[str, Any]:
        """What `let_in` takes."""
        data = self.cleaned_data
        as_guest = data.get("as_guest", False) or data.get("method") == GUEST
        return {**self._who(), "as_guest": as_guest}

    def sale(self) -> dict[str, Any]:
        """What `sell_at_door` takes."""
        return {**self._who(), "method": self.cleaned_data["method"], "price": self.cleaned_data.get("price")}

    def _who(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            **{name: data[name] for name in ("name", "email", "ticket")},
            "add_place": data.get("add_place", False),
            "form_token": data.get("token", ""),
        }

    def ask(self, due: Decimal) -> None:
        """Show the same form again with what is due, which the next tap agrees to."""
        self.data = {**self.data, self.add_prefix("due"): str(due)}


def _said(ticket: TicketType) -> str:
    """Its name and what it costs, members and others."""
    price = price_label(ticket, member=False)
    if ticket.member_price is not None:
        said = {"price": price, "member": euros(ticket.member_price, get_language() or "fr")}
        price = _("%(price)s, membres %(member)s") % said
    return f"{ticket.name} ({price})" if ticket.name else price
