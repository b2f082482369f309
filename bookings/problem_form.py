"""The form by which people say what is wrong."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from bookings.album import PROBLEMS
from bookings.models import Problem, Site, Space
from members.picture_form import PictureForm


class ProblemForm(PictureForm):
    """Where, what, and a picture where one says more."""

    album = PROBLEMS
    field_order = ("space", "kind", "words", "picture", "kept_picture")
    space = forms.ModelChoiceField(
        label=_("Où"), queryset=Space.objects.none(), required=False, to_field_name="code"
    )
    kind = forms.ChoiceField(label=_("Ce que c’est"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Ce qui ne va pas"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        space, kind = self.fields["space"], self.fields["kind"]
        space.queryset = Space.objects.active().filter(site=site)  # type: ignore[attr-defined]  # a ModelChoiceField's
        space.empty_label = _("Ailleurs, ou partout")  # type: ignore[attr-defined]
        kind.choices = [(value, capfirst(str(label))) for value, label in Problem.Kind.choices]  # type: ignore[attr-defined]

    def clean_words(self) -> str:
        """Words are more than spaces."""
        words: str = self.cleaned_data["words"].strip()
        if not words:
            raise forms.ValidationError(_("Dites-le en quelques mots."))
        return words
