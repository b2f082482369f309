"""A payout found on the bank's statement."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cantine.gestion.collecting_forms import EurosField
from cantine.gestion.forms import BOUNDS, DayInput


class MatchForm(forms.Form):
    """What the bank received, when, under which words."""

    montant = EurosField(label=_("Montant reçu, en euros"))
    date = forms.DateField(label=_("Date de valeur"), widget=DayInput(), validators=BOUNDS)
    libelle = forms.CharField(label=_("Libellé du relevé"), max_length=200, required=False)
    ecart = EurosField(required=False, widget=forms.HiddenInput)
