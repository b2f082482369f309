"""The tickets and the questions of an event's form: a fixed number of blank ones, so no script is needed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.period import asked_at
from events.models import Event, Question, TicketType
from events.publish_form import EventForm
from events.publish_values import initial_of
from events.services.drafts import Draft, QuestionDraft, TicketDraft
from members.inputs import moment_input, price_field
from members.texts import typed

TICKETS, QUESTIONS = 3, 4
NONE = "none"


class TicketForm(forms.Form):
    """One ticket; left without a pricing, it is not there."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    pricing = forms.ChoiceField(label=gettext_lazy("Tarif"), required=False)
    price = price_field(gettext_lazy("Prix TTC"), help_text=gettext_lazy("En euros."))
    member_price = price_field(gettext_lazy("Prix membre TTC"))
    name = forms.CharField(label=gettext_lazy("Nom du tarif"), max_length=80, required=False)
    quota = forms.IntegerField(
        label=gettext_lazy("Places à ce tarif"), min_value=1, max_value=10_000, required=False
    )
    limit = forms.IntegerField(
        label=gettext_lazy("Places par personne"), min_value=1, max_value=50, initial=4
    )
    opens_at = forms.DateTimeField(
        label=gettext_lazy("Inscriptions à partir du"), required=False, widget=moment_input()
    )
    closes_at = forms.DateTimeField(
        label=gettext_lazy("Inscriptions jusqu’au"), required=False, widget=moment_input()
    )

    def __init__(self, *args: Any, first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nothing = _("Entrée libre, sans inscription") if first else _("Pas d’autre tarif")
        choices = (
            [*TicketType.Pricing.choices, (NONE, nothing)]
            if first
            else [(NONE, nothing), *TicketType.Pricing.choices]
        )
        self.fields["pricing"].required = first
        self.fields["price"].sometimes_required = True  # type: ignore[attr-defined]  # django/forms/field.html
        self.fields["pricing"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField's

    def clean(self) -> dict[str, Any]:
        """What is paid has a price; what is free has none."""
        data = super().clean() or self.cleaned_data
        if data.get("pricing") == TicketType.Pricing.PAID and not data.get("price"):
            self.add_error("price", _("Donnez le prix d’une place."))
        return data

    def draft(self, zone: ZoneInfo) -> TicketDraft | None:
        """The ticket as plain values; None where there is none."""
        data = self.cleaned_data
        if data["pricing"] in {"", NONE}:
            return None
        free = data["pricing"] == TicketType.Pricing.FREE
        moments = {
            name: asked_at(data[name].date(), data[name].time(), zone) if data[name] else None
            for name in ("opens_at", "closes_at")
        }
        return TicketDraft(
            pricing=data["pricing"],
            price=Decimal(0) if free else data["price"] or Decimal(0),
            member_price=None if free else data["member_price"],
            name=data["name"],
            quota=data["quota"],
            limit=data["limit"],
            pk=data["pk"],
            **moments,
        )


class QuestionForm(forms.Form):
    """One question; left blank, it is not there."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    label = forms.CharField(label=gettext_lazy("Question"), max_length=160, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Réponse"), choices=Question.Kind.choices, initial="text")
    choices = forms.CharField(
        label=gettext_lazy("Choix possibles"),
        max_length=600,
        required=False,
        help_text=gettext_lazy("Séparés par des virgules."),
    )
    is_required = forms.BooleanField(label=gettext_lazy("Réponse obligatoire"), required=False)

    def clean(self) -> dict[str, Any]:
        """A choice is between two things at least."""
        data = super().clean() or self.cleaned_data
        said = dict.fromkeys(" ".join(each.split())[:80] for each in data.get("choices", "").split(","))
        data["choices"] = tuple(each for each in said if each)
        if data.get("label") and data.get("kind") == Question.Kind.CHOICE and len(data["choices"]) < 2:
            self.add_error("choices", _("Donnez au moins deux choix, séparés par une virgule."))
        return data

    def draft(self) -> QuestionDraft | None:
        """The question as plain values; None where there is none."""
        data = self.cleaned_data
        if not data["label"]:
            return None
        return QuestionDraft(data["label"], data["kind"], data["choices"], data["is_required"], data["pk"])


class PublishForms:
    """Everything the page asks, checked and put together at once."""

    def __init__(
        self,
        data: QueryDict | None = None,
        files: "MultiValueDict[str, Any] | None" = None,
        *,
        event: Event | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        given = initial_of(event) if event is not None else dict(initial or {})
        self.event = event
        data = typed(data) if data is not None else None
        self.main = EventForm(data, files, initial=given, has_picture=bool(event and event.picture))
        self.tickets = [
            TicketForm(data, prefix=f"tarif-{n}", initial=each, first=n == 0)
            for n, each in enumerate(_tickets_of(event))
        ]
        self.questions = [
            QuestionForm(data, prefix=f"question-{n}", initial=each)
            for n, each in enumerate(_questions_of(event))
        ]

    @property
    def all(self) -> list[forms.Form]:
        """Each form, in the order of the page."""
        return [self.main, *self.tickets, *self.questions]

    @property
    def errors(self) -> int:
        """How many answers are to be corrected."""
        return sum(len(form.errors) for form in self.all)

    @property
    def parts_with_errors(self) -> dict[str, bool]:
        """Which folded parts must come open, for what is to be corrected in them."""
        return {
            "tickets": any(form.errors for form in self.tickets),
            "questions": any(form.errors for form in self.questions),
        }

    def is_valid(self, *, published_at: datetime | None = None) -> bool:
        """Check every form, whatever the others say; `published_at` where it is sent or published now."""
        if published_at is not None:
            self.main.full_clean()
            self.main.check_to_publish(published_at)
        return self.errors == 0 and all(form.is_valid() for form in self.all)

    def draft(self) -> Draft:
        """The event as written."""
        zone = self.main.cleaned_data["site"].zone
        tickets = (form.draft(zone) for form in self.tickets)
        questions = (form.draft() for form in self.questions)
        return Draft(
            **self.main.written(),
            tickets=tuple(each for each in tickets if each is not None),
            questions=tuple(each for each in questions if each is not None),
        )


def _tickets_of(event: Event | None) -> Sequence[dict[str, Any]]:
    had: list[dict[str, Any]] = []
    if event is not None:
        zone = event.site.zone
        for ticket in event.tickets.all():
            if ticket.is_active:
                row = {name: getattr(ticket, name) for name in TicketForm.base_fields}
                for name in ("opens_at", "closes_at"):
                    row[name] = row[name] and row[name].astimezone(zone)
                had.append(row)
    blank = {"pricing": NONE if event is not None else TicketType.Pricing.FREE.value}
    rows = had or [blank]
    return [*rows, *[{"pricing": NONE}] * (max(TICKETS, len(rows) + 1) - len(rows))]


def _questions_of(event: Event | None) -> Sequence[dict[str, Any]]:
    had = []
    for question in event.questions.filter(is_active=True) if event is not None else []:
        row = {name: getattr(question, name) for name in QuestionForm.base_fields}
        had.append({**row, "choices": ", ".join(question.choices)})
    return [*had, *[{}] * (max(QUESTIONS, len(had) + 1) - len(had))]
