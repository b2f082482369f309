"""What the manager adds to the evidence, and how an agreement reached her."""

from django import forms
from django.utils.translation import gettext_lazy as _

FIRST_YEAR = 2010


class CommentaryForm(forms.Form):
    """Her words on the cover."""

    commentary = forms.CharField(
        label=_("Ce qu’il faut en retenir"),
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("En tête du dossier. Sans nom de personne."),
    )


class AgreementForm(forms.Form):
    """How an organisation that has no account here agreed."""

    source = forms.CharField(
        label=_("Comment l’accord a été donné"),
        max_length=160,
        help_text=_("Par exemple\u00a0: courriel du 12 novembre 2026. Gardez-en l’original."),
    )
