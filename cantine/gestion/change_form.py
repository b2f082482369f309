"""The form by which the manager answers a change asked for."""

from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.models import RentalChange

Outcome = RentalChange.Outcome
OFFERED = [(each.value, each.label) for each in (Outcome.DONE, Outcome.REFUSED)]


class AnswerForm(forms.Form):
    """What comes of it, and the words who asked reads."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Ce changement est"), choices=OFFERED, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=gettext_lazy("Votre réponse"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Elle part par e-mail et se lit sur la page privée."),
    )

    def __init__(self, data: Any = None, *, language: str) -> None:
        """With courteous words to go on from, in the language of who asked."""
        with translation.override(language):
            words = _(
                "Merci de nous avoir écrit. Nous avons regardé votre demande avec soin.\n"
                "S’il reste quoi que ce soit à préciser, écrivez-nous, nous en parlons volontiers."
            )
        super().__init__(data, initial={"words": words})
