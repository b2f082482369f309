"""Why a disputed payment is lost, since when, and whether its VAT is asked back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cantine.gestion.forms import BOUNDS, DayInput


class WriteOffForm(forms.Form):
    """What the treasurer decides of a dispute."""

    date = forms.DateField(label=_("Décidé le"), widget=DayInput(), validators=BOUNDS)
    motif = forms.CharField(
        label=_("Pourquoi elle est perdue"),
        max_length=300,
        help_text=_("Décision de la banque, relances restées sans réponse\u2026"),
    )
    tva = forms.BooleanField(
        label=_("Récupérer la TVA"),
        required=False,
        help_text=_(
            "Seulement si la somme est définitivement irrécouvrable et qu’un duplicata de la facture, "
            "portant la mention légale, a été envoyé au client. À décider avec l’expert-comptable."
        ),
    )

    def __init__(self, *args: object, has_vat: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # a form's own
        if not has_vat:
            del self.fields["tva"]
