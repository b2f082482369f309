"""A mark and a few words, for whatever someone came to."""

from django import forms
from django.utils.translation import gettext_lazy as _

TEXT_LENGTH = 2000
RATINGS = (
    (5, _("5, très bien")),
    (4, _("4, bien")),
    (3, _("3, moyen")),
    (2, _("2, décevant")),
    (1, _("1, mauvais")),
)


class OpinionForm(forms.Form):
    """What someone thought of it."""

    rating = forms.TypedChoiceField(
        label=_("Votre note"), choices=RATINGS, coerce=int, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("Quelques mots"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class RentalOpinionForm(OpinionForm):
    """The same of a rental, with whether one would rent again."""

    again = forms.TypedChoiceField(
        label=_("Loueriez-vous de nouveau chez nous\u202f?"),
        choices=(("oui", _("Oui")), ("non", _("Non"))),
        coerce=lambda value: value == "oui",
        widget=forms.RadioSelect,
    )

    field_order = ("rating", "again", "text")
