"""The forms of the day of a rental: whom its holder is to call; its hours and its rooms."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.choices import IN_ORDER
from bookings.models import RentalChange, RentalDay, RentalLayout, RentalQuote, Site, Space
from bookings.rental_change_form import said_by
from bookings.rental_form import MOST, capitalised
from bookings.rental_hours import LONGEST, typed_period
from bookings.stay import Party, Stay, party_of
from cantine.gestion.quote_form import OneSpace
from members.errors import Refused
from members.inputs import clock_input, day_input


class ContactForm(forms.Form):
    """Whom the holder is to call; empty, it is the house."""

    name = forms.CharField(label=_("Personne à joindre"), max_length=120, required=False)
    phone = forms.CharField(label=_("Téléphone"), max_length=30, required=False)

    @classmethod
    def of(cls, rental: RentalQuote) -> "ContactForm":
        """The form with who was named."""
        day = RentalDay.objects.filter(rental=rental).first()
        return cls(initial={"name": day.contact_name, "phone": day.contact_phone} if day else {})


class MoveForm(forms.Form):
    """Another day, other hours, how many, how they sit, other rooms: a choice for each that is held."""

    day = forms.DateField(label=_("Date"), widget=day_input())
    starts = forms.TimeField(label=_("De"), widget=clock_input())
    ends = forms.TimeField(label=_("À"), widget=clock_input())
    people = forms.IntegerField(
        label=_("Personnes"),
        min_value=1,
        max_value=MOST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    layout = forms.ChoiceField(label=_("Disposition"), required=False)

    def __init__(
        self, data: Any = None, *, rental: RentalQuote, stay: Stay, wanted: RentalChange | None = None
    ) -> None:
        """As it is now, with what is `wanted` over it."""
        site = rental.request.site
        self.zone, self.stay = site.zone, stay
        self.local = stay.period.local(self.zone)
        party = party_of(rental)
        initial: dict[str, Any] = {
            "day": self.local.start.date(),
            "starts": self.local.start.time(),
            "ends": self.local.end.time(),
            "people": party.people,
            "layout": party.layout,
        }
        super().__init__(data, initial={**initial, **(said_by(wanted) if wanted else {})})
        self._offer_layouts(site, {party.layout, rental.request.layout, wanted.layout if wanted else ""})
        held = [each.space_id for each in stay.bookings]
        rooms = Space.objects.filter(Q(is_active=True) | Q(pk__in=held), site=site)
        rooms = rooms.exclude(kind=Space.Kind.DESK).order_by(*IN_ORDER)
        for each in stay.bookings:
            label = (
                _("À la place de %(space)s") % {"space": each.space.label} if len(held) > 1 else _("Espace")
            )
            self.fields[self.name_of(each.pk)] = OneSpace(label=label, queryset=rooms, initial=each.space_id)

    def _offer_layouts(self, site: Site, said: set[str | None]) -> None:
        rows = RentalLayout.objects.filter(rental_space__space__site=site)
        taken = {*rows.values_list("kind", flat=True), *said}
        field = self.fields["layout"]
        assert isinstance(field, forms.ChoiceField)
        kinds = capitalised([each for each in RentalLayout.Kind.choices if each[0] in taken])
        field.choices = [("", gettext("À voir ensemble")), *kinds]

    @staticmethod
    def name_of(booking: int) -> str:
        """The field of what is held."""
        return f"space_{booking}"

    def clean(self) -> dict[str, Any]:
        """Put the hours on the day, by the site's clocks."""
        data: dict[str, Any] = super().clean() or {}
        if {"day", "starts", "ends"} <= data.keys():
            try:
                data["period"] = typed_period(data["day"], data["starts"], data["ends"], self.zone)
            except Refused as refused:
                self.add_error("ends", str(refused))
                return data
            if data["period"].length > LONGEST:
                self.add_error("ends", _("Une location dure vingt heures au plus."))
        return data

    @property
    def party(self) -> Party:
        """For how many, and how they sit."""
        return Party(self.cleaned_data["people"], self.cleaned_data["layout"])

    @property
    def spaces(self) -> dict[int, Space]:
        """The room chosen for each booking."""
        return {each.pk: self.cleaned_data[self.name_of(each.pk)] for each in self.stay.bookings}
