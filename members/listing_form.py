"""The form of what an organisation tells everyone of itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.models import Agglomeration, OrganisationProfile, Sector
from members.services.listing import PUBLIC_PART, consent_words


class ListingForm(forms.Form):
    """Its public part, and the agreement to show it."""

    kind = forms.ChoiceField(
        label=_("Genre"),
        required=False,
        choices=[("", _("À préciser")), *OrganisationProfile.Kind.choices],
    )
    sector = forms.ModelChoiceField(
        label=_("Secteur"), queryset=Sector.objects.all(), required=False, empty_label=_("À préciser")
    )
    agglomeration = forms.ModelChoiceField(
        label=_("Agglomération"),
        queryset=Agglomeration.objects.all(),
        required=False,
        empty_label=_("À préciser"),
    )
    city = forms.CharField(label=_("Ville"), max_length=80, required=False)
    website = forms.URLField(label=_("Site web"), max_length=200, required=False, assume_scheme="https")
    description = forms.CharField(
        label=_("Présentation"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Ce que fait l’organisation, sans nom de personne ni adresse personnelle."),
    )
    listed = forms.BooleanField(label=_("Montrer cette organisation à tous"), required=False)

    def __init__(self, data: Any, *, profile: OrganisationProfile | None, listed: bool) -> None:
        initial = {name: getattr(profile, name) for name in PUBLIC_PART} if profile else {}
        super().__init__(data, initial={**initial, "listed": listed})
        self.fields["listed"].help_text = consent_words()

    @property
    def values(self) -> dict[str, Any]:
        """What was told, by field."""
        return {name: self.cleaned_data[name] for name in PUBLIC_PART}
