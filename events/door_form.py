"""Who comes unannounced: a name is enough."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from events.models import Event, TicketType
from events.register_form import INCOMPLETE, price_label


class WalkInForm(forms.Form):
    """A name, an address if they like, a ticket where there is a choice."""

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
    as_guest = forms.BooleanField(label=gettext_lazy("Entrée offerte, rien n’est encaissé"), required=False)
    add_place = forms.BooleanField(
        label=gettext_lazy("Faire entrer quand même, avec une place de plus"),
        required=False,
    )

    prefix = "entree"

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tickets = list(event.tickets.filter(is_active=True))
        choices = self.fields["ticket"]
        assert isinstance(choices, forms.ModelChoiceField)
        choices.queryset = event.tickets.filter(is_active=True)
        choices.choices = [(ticket.pk, _said(ticket)) for ticket in tickets]
        if tickets:
            choices.initial = tickets[0].pk
        if not any(ticket.pricing == TicketType.Pricing.PAID for ticket in tickets):
            del self.fields["as_guest"]
        if len(tickets) == 1:
            choices.widget = forms.HiddenInput()
        self.offers_tickets = bool(tickets)
        if event.seats_left != 0 and not any(ticket.seats_left == 0 for ticket in tickets):
            del self.fields["add_place"]

    def asked(self) -> dict[str, Any]:
        """What `let_in` takes."""
        return dict(self.cleaned_data)


def _said(ticket: TicketType) -> str:
    """Its name and what it costs."""
    price = price_label(ticket, member=False)
    return f"{ticket.name} ({price})" if ticket.name else price
