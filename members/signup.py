"""What sign-up asks beside what allauth asks; apart, because allauth's forms import it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class NamedSignup(forms.Form):
    """What we ask beside what allauth asks."""

    name = forms.CharField(
        label=_("Prénom et nom"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def clean_name(self) -> str:
        """Write a name on one line: it goes into e-mails and calendars."""
        return " ".join(str(self.cleaned_data["name"]).split())

    def signup(self, request: Any, user: Any) -> None:
        """Nothing more: the adapter keeps the name."""
