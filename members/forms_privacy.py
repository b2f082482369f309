"""Forms about one's data and the end of one's account."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


class CloseForm(forms.Form):
    """The name, typed, so that nobody closes an account by a slip."""

    name = forms.CharField(label=_("Votre nom"), max_length=254)

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = format_lazy(_("Pour confirmer, recopiez\u00a0: {name}"), name=name)
        self.fields["name"].widget.attrs["autocomplete"] = "off"


class CodeForm(forms.Form):
    """Six digits, typed on a phone."""

    code = forms.CharField(
        label=_("Code reçu par e-mail"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
