"""The one form by which anyone registers; what it asks depends on the event and on who asks."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from events import rights
from events.models import Event, Question, TicketType
from events.services.telling import reminder_time
from members.formats import euros
from members.keys import new_key
from members.models import User

INCOMPLETE = gettext_lazy("Il manque une partie de l’adresse, par exemple «\u202f.fr\u202f».")
YES, NO = gettext_lazy("Oui"), gettext_lazy("Non")


def tickets_on_sale(event: Event, now: datetime) -> list[TicketType]:
    """What may be had of an event now, in its order, seats left or not."""
    return [
        ticket
        for ticket in event.tickets.all()
        if ticket.is_active and ticket.has_opened(now) and not ticket.has_closed(now, event.starts_at)
    ]


def price_label(ticket: TicketType, *, member: bool) -> str:
    """What a ticket costs this person, in a few words: « Gratuit », « 12,00 € », « Prix libre »."""
    if ticket.pricing != TicketType.Pricing.PAID:
        return str(ticket.get_pricing_display())
    return euros(ticket.price_for(member=member), get_language() or "fr")


class RegisterForm(forms.Form):
    """Name and address for who is not signed in; ticket, seats, names, questions where there is a choice."""

    name = forms.CharField(
        label=gettext_lazy("Prénom et nom"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Adresse électronique"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy("Votre billet y est envoyé."),
        error_messages={"invalid": INCOMPLETE},
    )

    def __init__(
        self,
        *args: Any,
        event: Event,
        tickets: Sequence[TicketType],
        user: User | None,
        now: datetime,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.event, self.tickets, self.user = event, {str(each.pk): each for each in tickets}, user
        by_membership = any(each.member_price is not None for each in tickets)
        self.member = by_membership and user is not None and rights.is_member(user, now)
        if user is not None:
            del self.fields["email"]
            self.fields["name"].initial = user.name
            if user.name:
                del self.fields["name"]
        self._ask_ticket()
        self._ask_seats()
        self._ask_price()
        self.questions = list(event.questions.filter(is_active=True))
        for question in self.questions:
            self.fields[f"question_{question.pk}"] = _field_of(question)
        self.fields["token"] = forms.CharField(
            required=False, max_length=40, initial=new_key(), widget=forms.HiddenInput
        )
        if reminder_time(event) > now:
            self.fields["reminder"] = forms.BooleanField(
                label=_("Me le rappeler la veille"), required=False, initial=True
            )

    def _ask_ticket(self) -> None:
        if len(self.tickets) < 2:
            return
        choices = [
            (key, f"{ticket.label}, {price_label(ticket, member=self.member)}")
            for key, ticket in self.tickets.items()
        ]
        self.fields["ticket"] = forms.ChoiceField(
            label=_("Tarif"),
            choices=choices,
            widget=forms.RadioSelect,
            initial=choices[0][0],
            error_messages={"required": _("Choisissez un tarif.")},
        )

    def _ask_seats(self) -> None:
        most = self._most_seats()
        if most < 2:
            return
        self.fields["seats"] = forms.TypedChoiceField(
            label=_("Places"),
            choices=[(n, n) for n in range(1, most + 1)],
            coerce=int,
            initial=1,
            error_messages={"invalid_choice": _("Il n’y a plus autant de places.")},
        )
        self.fields["names"] = forms.CharField(
            label=_("Qui vient avec vous"),
            required=False,
            max_length=600,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_("Un nom par ligne."),
        )

    def _most_seats(self) -> int:
        """How many at once: by the tickets and what is left; nobody waits for more than there are at all."""
        most, event = max((ticket.limit for ticket in self.tickets.values()), default=1), self.event
        if event.capacity is None:
            return most
        waits = event.has_queue or not event.seats_left
        return min(most, event.capacity if waits else event.seats_left or 1)

    def _ask_price(self) -> None:
        free = [ticket for ticket in self.tickets.values() if ticket.pricing == TicketType.Pricing.OPEN]
        if not free:
            return
        suggested = free[0].price_for(member=self.member)
        language = get_language() or "fr"
        self.fields["price"] = forms.DecimalField(
            label=_("Votre prix, par place"),
            min_value=Decimal(0),
            max_value=Decimal(10_000),
            max_digits=7,
            decimal_places=2,
            required=len(self.tickets) == 1,
            initial=suggested,
            help_text=_("Ce que vous voulez, à partir de %(zero)s.") % {"zero": euros(Decimal(0), language)},
            localize=True,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 8}),
        )

    def clean_name(self) -> str:
        """A name is more than spaces."""
        name = " ".join(self.cleaned_data["name"].split())
        if not name:
            raise forms.ValidationError(_("Indiquez votre nom."))
        return name

    @property
    def ticket(self) -> TicketType:
        """The ticket chosen, or the only one."""
        return self.tickets[self.cleaned_data.get("ticket") or next(iter(self.tickets))]

    def asked(self) -> dict[str, Any]:
        """What `registering.register` is asked."""
        data, user = self.cleaned_data, self.user
        return {
            "ticket": self.ticket,
            "name": data.get("name") or (user.name if user else ""),
            "email": user.email if user else data["email"].lower(),
            "seats": data.get("seats", 1),
            "form_token": data.get("token", ""),
            "names": [
                " ".join(line.split())[:120] for line in data.get("names", "").splitlines() if line.strip()
            ],
            "answers": {each.pk: str(data.get(f"question_{each.pk}") or "") for each in self.questions},
            "price": data.get("price") if self.ticket.pricing == TicketType.Pricing.OPEN else None,
            "wants_reminder": data.get("reminder", False),
        }


def _field_of(question: Question) -> forms.Field:
    """The field that asks a question of the organiser."""
    required, label = question.is_required, question.label
    missing = {"required": _("Répondez à cette question.")}
    if question.kind == Question.Kind.TEXT:
        return forms.CharField(label=label, required=required, max_length=500, error_messages=missing)
    choices = question.choices if question.kind == Question.Kind.CHOICE else [str(YES), str(NO)]
    return forms.ChoiceField(
        label=label,
        required=required,
        choices=[(each, each) for each in choices],
        widget=forms.RadioSelect,
        error_messages=missing,
    )
