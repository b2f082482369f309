"""The two forms of an address that is corrected: the address, then the code it received."""

from django import forms
from django.utils.translation import gettext_lazy as _

from events.register_form import INCOMPLETE


class AddressForm(forms.Form):
    """The right address."""

    email = forms.EmailField(
        label=_("Adresse électronique"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": INCOMPLETE},
    )


class CodeForm(forms.Form):
    """The code of the e-mail, and the sign that says which address it proves."""

    code = forms.CharField(
        label=_("Code reçu par e-mail"),
        max_length=12,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}
        ),
    )
    sign = forms.CharField(widget=forms.HiddenInput, max_length=600)
