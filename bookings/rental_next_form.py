"""The form for what is to be done next about a request."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.models import RentalRequest


class DayInput(forms.DateInput):
    """A native date field."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class NextStepForm(forms.Form):
    """What is next, and on which day; empty, nothing is."""

    action = forms.CharField(
        label=_("Prochaine étape"),
        max_length=200,
        required=False,
        help_text=_("Vide, la demande n’a pas de prochaine étape."),
    )
    on = forms.DateField(label=_("À faire le"), required=False, widget=DayInput())

    @classmethod
    def of(cls, request: RentalRequest) -> "NextStepForm":
        """The form as the record shows it."""
        return cls(initial={"action": request.next_action, "on": request.next_action_on})

    def clean(self) -> dict[str, Any]:
        """A day goes with something to do."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("on") and not data.get("action"):
            self.add_error("action", _("Dites ce qui est à faire ce jour-là."))
        return data
