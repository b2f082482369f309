"""The form by which anyone asks to rent: what, when, for how many; then who."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from billing.models import Customer
from bookings.errors import BookingRefused
from bookings.errors_rental import GoneBy, RentalRefused
from bookings.models import Site, Space
from bookings.period import Period
from bookings.rental_hours import LONGEST, typed_period
from bookings.rental_layouts import LayoutSelect, layout_choices
from bookings.rental_pricing import ExtraRow
from bookings.rental_words import each_price
from bookings.services.rentals.fitting import misfits, refuse_when_nobody_can_promise
from bookings.services.rentals.offering import Offered
from bookings.services.rentals.requesting import Asked, Who
from members.inputs import clock_input, day_input

INCOMPLETE = gettext_lazy("Il manque une partie de l’adresse, par exemple «\u202f.fr\u202f».")
ADVICE = "conseil"
"""Where the choice is left to the house."""
MOST = 1000


def capitalised(choices: Iterable[tuple[str, Any]]) -> list[tuple[str, str]]:
    """Choices as they stand in a select: they begin with a capital."""
    return [(value, capfirst(str(label))) for value, label in choices]


class RentalTermsForm(forms.Form):
    """What an indicative price depends on."""

    day = forms.DateField(label=gettext_lazy("Date"), widget=day_input())
    people = forms.IntegerField(
        label=gettext_lazy("Personnes"),
        min_value=1,
        max_value=MOST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    starts = forms.TimeField(label=gettext_lazy("De"), initial=time(9), widget=clock_input())
    ends = forms.TimeField(label=gettext_lazy("À"), initial=time(18), widget=clock_input())
    space = forms.ChoiceField(label=gettext_lazy("Espace"), initial=ADVICE)
    layout = forms.ChoiceField(
        label=gettext_lazy("Disposition"), required=False, initial=ADVICE, widget=LayoutSelect
    )
    extras = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Suppléments"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, site: Site, offers: Sequence[Offered], extras: Sequence[ExtraRow], **rest: Any
    ) -> None:
        super().__init__(*args, **rest)
        self.site, self.spaces = site, {each.space.code: each for each in offers}
        said = [(code, each.space.label) for code, each in self.spaces.items()]
        self._choices("space", [(ADVICE, _("Conseillez-moi")), *said])
        self._offer_layouts()
        self._choices("extras", [(each.pk, f"{each.name}, {each_price(each)}") for each in extras])
        if not extras:
            del self.fields["extras"]

    def _offer_layouts(self) -> None:
        """Offer what the chosen space takes; every layout of the site until one is chosen."""
        known = {layout.kind for each in self.spaces.values() for layout in each.rental.layouts.all()}
        offer = self.offer_said
        taken = {each.kind: each.capacity for each in offer.rental.layouts.all()} if offer else None
        self._choices("layout", [(ADVICE, _("À voir ensemble")), *layout_choices(known, taken)])
        widget = self.fields["layout"].widget
        assert isinstance(widget, LayoutSelect)
        widget.impossible = frozenset(known - taken.keys()) if taken is not None else frozenset()

    @property
    def offer_said(self) -> Offered | None:
        """What is chosen so far, whatever else is wrong; None where the house is to advise."""
        return self.spaces.get(self["space"].value())

    @property
    def day_said(self) -> date | None:
        """The day as it stands so far, whatever else is wrong."""
        with suppress(forms.ValidationError):
            said: date = self.fields["day"].clean(self["day"].value())
            return said
        return None

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_day(self) -> date:
        """Leave aside years that no calendar here reckons with."""
        day: date = self.cleaned_data["day"]
        if not 2000 <= day.year <= 2999:
            raise forms.ValidationError(_("Indiquez un jour des deux ans à venir."))
        return day

    def clean(self) -> dict[str, Any]:
        """Put day and hours together, by the site's clocks."""
        data: dict[str, Any] = super().clean() or {}
        if {"day", "starts", "ends"} <= data.keys():
            try:
                data["period"] = self._period(data["day"], data["starts"], data["ends"])
            except BookingRefused as refused:
                self.add_error("ends", str(refused))
        return data

    def _period(self, day: date, starts: time, ends: time) -> Period:
        period = typed_period(day, starts, ends, self.site.zone)
        if period.length > LONGEST:
            raise BookingRefused(
                _("Une demande porte sur un jour\u202f; dites-nous le reste dans votre projet.")
            )
        return period

    @property
    def space_chosen(self) -> Space | None:
        """The space chosen; None where the house is to advise."""
        offer = self.spaces.get(self.cleaned_data["space"])
        return offer.space if offer else None

    @property
    def layout_chosen(self) -> str:
        """The layout chosen; nothing where that is to be seen together."""
        layout: str = self.cleaned_data["layout"]
        return "" if layout == ADVICE else layout

    def terms(self) -> dict[str, Any]:
        """What the price is reckoned from."""
        data = self.cleaned_data
        return {
            "site": self.site,
            "space": self.space_chosen,
            "period": data["period"],
            "people": data["people"],
            "extras": data.get("extras", []),
        }


class RentalForm(RentalTermsForm):
    """The whole request, on one screen."""

    purpose = forms.CharField(
        label=gettext_lazy("Votre projet"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Ce qui s’y passe, le matériel, ce qu’il ne faut pas oublier."),
    )
    other_day = forms.DateField(label=gettext_lazy("Autre date possible"), required=False, widget=day_input())
    third_day = forms.DateField(label=gettext_lazy("Ou encore"), required=False, widget=day_input())
    name = forms.CharField(
        label=gettext_lazy("Prénom et nom"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Adresse électronique"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy("Vous y recevez le lien qui suit votre demande."),
        error_messages={"invalid": INCOMPLETE},
    )
    phone = forms.CharField(
        label=gettext_lazy("Téléphone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )
    organisation = forms.CharField(
        label=gettext_lazy("Organisation"),
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    buyer = forms.ChoiceField(label=gettext_lazy("Vous louez en tant que"), initial=Customer.Buyer.BUSINESS)
    # As they stand on the page (_rent_form.html): the summary of errors follows it.
    field_order = (
        "day", "people", "starts", "ends", "space", "layout", "extras", "purpose", "other_day", "third_day",
        "name", "organisation", "email", "phone", "buyer",
    )  # fmt: skip

    def __init__(self, *args: Any, now: datetime, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.now, self.today = now, now.astimezone(self.site.zone).date()
        self._choices("buyer", capitalised(each for each in Customer.Buyer.choices if each[0]))

    def clean_name(self) -> str:
        """A name is more than spaces."""
        name = " ".join(self.cleaned_data["name"].split())
        if not name:
            raise forms.ValidationError(_("Indiquez votre nom."))
        return name

    def clean(self) -> dict[str, Any]:
        """Refuse a day gone by beside the field that says it."""
        data = super().clean()
        for name in ("day", "other_day", "third_day"):
            if data.get(name) and data[name] < self.today:
                self.add_error(name, _("Ce jour est passé."))
        self._say_what_nobody_can_promise(data)
        self._say_what_does_not_fit(data)
        return data

    def _say_what_nobody_can_promise(self, data: dict[str, Any]) -> None:
        """Say it beside its field, with whatever else is wrong, rather than once the form is sent."""
        if not {"day", "period"} <= data.keys():
            return
        try:
            refuse_when_nobody_can_promise(data["period"], self.now)
        except RentalRefused as refusal:
            self.add_error("starts" if isinstance(refusal, GoneBy) else "day", str(refusal.message))

    def _say_what_does_not_fit(self, data: dict[str, Any]) -> None:
        if self.offer_said is None or "layout" not in data:
            return
        fits = misfits(self.offer_said.rental, layout=self.layout_chosen, people=data.get("people", 0))
        for name, refusal in fits:
            self.add_error(name, str(refusal.message))  # what is possible instead stands above the price

    def asked(self) -> Asked:
        """What the request is for."""
        data = self.cleaned_data
        others = [each for each in (data.get("other_day"), data.get("third_day")) if each]
        return Asked(
            **self.terms(),
            purpose=data["purpose"].strip(),
            layout=self.layout_chosen,
            alternatives=list(dict.fromkeys(each for each in others if each != data["day"])),
        )

    def who(self) -> Who:
        """Who asks."""
        data = self.cleaned_data
        return Who(
            name=data["name"],
            email=data["email"].lower(),
            phone=data.get("phone", ""),
            organisation_name=data.get("organisation", "").strip(),
            buyer=data["buyer"],
            language=get_language() or "fr",
        )
