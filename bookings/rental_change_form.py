"""The form by which who rents asks for a change: filled in as things stand, what differs is asked."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.models import RentalChange, RentalLayout, RentalRequest
from bookings.period import Period
from bookings.rental_form import ADVICE, MOST, capitalised
from bookings.services.rentals.changing import Wanted
from bookings.stay import Party
from members.inputs import clock_input, day_input


class RentalChangeForm(forms.Form):
    """Day, hours, number, layout as they stand, and free words."""

    day = forms.DateField(label=gettext_lazy("Date"), widget=day_input())
    people = forms.IntegerField(
        label=gettext_lazy("Personnes"),
        min_value=1,
        max_value=MOST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    starts = forms.TimeField(label=gettext_lazy("De"), widget=clock_input())
    ends = forms.TimeField(label=gettext_lazy("À"), widget=clock_input())
    layout = forms.ChoiceField(label=gettext_lazy("Disposition"))
    words = forms.CharField(
        label=gettext_lazy("Votre message"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Ce qui change, et pourquoi si cela nous aide."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        asked: RentalRequest,
        period: Period,
        party: Party,
        layouts: list[str],
        now: datetime,
    ) -> None:
        """Filled in as things stand, with what waits for an answer over it: sent, it takes its place."""
        local = period.local(asked.site.zone)
        self.stands: dict[str, Any] = {
            "day": local.start.date(),
            "starts": local.start.time(),
            "ends": local.end.time(),
            "people": party.people,
            "layout": party.layout or ADVICE,
        }
        super().__init__(data, initial={**self.stands, **_waiting(asked)})
        self.today = now.astimezone(asked.site.zone).date()
        taken = [
            each for each in RentalLayout.Kind.choices if each[0] in {*layouts, asked.layout, party.layout}
        ]
        field = self.fields["layout"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(ADVICE, _("À voir ensemble")), *capitalised(taken)]

    def clean(self) -> dict[str, Any]:
        """Refuse a day gone by, and hours that are none."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("day") and data["day"] < self.today:
            self.add_error("day", _("Ce jour est passé."))
        hours = [data.get("starts"), data.get("ends")]
        as_they_stand = hours == [self.stands["starts"], self.stands["ends"]]  # a whole day, 9 h to 9 h
        if hours[0] and hours[0] == hours[1] and not as_they_stand:
            self.add_error("ends", _("La fin doit venir après le début."))
        return data

    def wanted(self) -> Wanted:
        """What differs from what stands."""
        data = self.cleaned_data
        new = {name: data[name] for name, stood in self.stands.items() if data[name] != stood}
        hours: dict[str, time] = {}
        if "starts" in new or "ends" in new:
            hours = {name: data[name] for name in ("starts", "ends")}
        layout = new.get("layout")
        return Wanted(
            day=new.get("day"),
            people=new.get("people"),
            layout="" if layout == ADVICE else layout,
            words=data["words"].strip(),
            **hours,
        )


def _waiting(asked: RentalRequest) -> dict[str, Any]:
    """What the change that waits for an answer says."""
    change = asked.changes.unanswered().first()
    if change is None:
        return {}
    said = said_by(change)
    layout = {"layout": said["layout"] or ADVICE} if "layout" in said else {}
    return {**said, **layout, **({"words": change.words} if change.words else {})}


def said_by(change: RentalChange) -> dict[str, Any]:
    """What a change is about, by the names of its fields: what stays is left out, and its words are."""
    said = {name: getattr(change, name) for name in ("day", "starts", "ends", "people", "layout")}
    return {name: value for name, value in said.items() if value is not None}
