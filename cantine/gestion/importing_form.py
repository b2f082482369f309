"""Which table is taken over."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.models import Site
from cantine.importing.models import Import


class ImportForm(forms.Form):
    """A file, what it holds, and the site whose bookings or memberships it tells."""

    sorte = forms.ChoiceField(
        label=_("Ce que contient le fichier"), choices=Import.Kind, widget=forms.RadioSelect
    )
    site = forms.ModelChoiceField(
        label=_("Site"),
        queryset=Site.objects.order_by("position", "name"),
        to_field_name="code",
        required=False,
        empty_label=_("toute la maison"),
        help_text=_("Celui des réservations, ou des adhésions s’il y en a un."),
    )
    fichier = forms.FileField(
        label=_("Fichier CSV"),
        help_text=_(
            "Une ligne de titres, puis une ligne par personne, adhésion, réservation, montant, organisation."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
        error_messages={"empty": _("Ce fichier est vide.")},
    )

    def clean(self) -> dict[str, Any]:
        """Bookings are of a site."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("sorte") == Import.Kind.BOOKINGS and not data.get("site"):
            self.add_error("site", _("Dites de quel site."))
        return data
