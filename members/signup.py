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

    def signup(self, request: Any, user: Any) -> None:
        """Nothing more: the adapter keeps the name."""
