"""The form of a profile: what to tell, and what of it the others see."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.models import Profile
from members.pictures import BadPicture, StoredPicture, prepare
from members.services.profiles import ALBUM, WORDS, ProfileDraft
from members.texts import folded

MOST_SKILLS = 12
LONGEST_SKILL = 40
FIELDS = (*WORDS, "skills", "is_listed", "shown")


def _prose(label: Any, *, longest: int, rows: int) -> forms.CharField:
    text = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=longest, required=False, widget=text)


def _link(label: Any) -> forms.URLField:
    return forms.URLField(label=label, max_length=200, required=False, assume_scheme="https")


class ProfileForm(forms.Form):
    """Everything is optional but the choice to be listed."""

    is_listed = forms.BooleanField(
        label=gettext_lazy("Figurer dans l’annuaire des membres"),
        required=False,
        help_text=gettext_lazy(
            "Décochez pour en disparaître aussitôt\u202f; vos réponses restent, sans votre nom."
        ),
    )
    photo = forms.FileField(
        label=gettext_lazy("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
        help_text=gettext_lazy("JPEG, PNG, WebP ou GIF, 10\u00a0Mo au plus\u202f; recadrée en carré."),
    )
    kept_photo = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
    drop_photo = forms.BooleanField(label=gettext_lazy("Retirer la photo"), required=False)
    job = forms.CharField(
        label=gettext_lazy("Métier"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    organisation = forms.CharField(
        label=gettext_lazy("Organisation"),
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    skills = forms.CharField(
        label=gettext_lazy("Compétences"),
        max_length=600,
        required=False,
        help_text=gettext_lazy("Séparées par des virgules, douze au plus."),
    )
    about = _prose(gettext_lazy("Présentation"), longest=1200, rows=4)
    looking_for = _prose(gettext_lazy("Je cherche"), longest=400, rows=2)
    offering = _prose(gettext_lazy("Je propose"), longest=400, rows=2)
    website = _link(gettext_lazy("Site"))
    network = _link(gettext_lazy("Réseau professionnel"))
    shown = forms.MultipleChoiceField(
        label=gettext_lazy("Ce que les membres voient"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Le reste n’est vu de personne. Rien n’est jamais public."),
    )

    def __init__(self, data: Any, files: Any, *, profile: Profile) -> None:
        initial = {name: getattr(profile, name) for name in FIELDS} | {"skills": ", ".join(profile.skills)}
        super().__init__(data, files, initial=initial)
        self.profile = profile
        self.prepared: StoredPicture | None = None
        choice = self.fields["shown"]
        assert isinstance(choice, forms.MultipleChoiceField)
        choice.choices = [(value, capfirst(str(label))) for value, label in Profile.Field.choices]
        if not profile.photo:
            del self.fields["drop_photo"]

    def clean_photo(self) -> Any:
        """Draw the photo anew and keep it, whatever else is to be corrected; or say what is wrong."""
        upload = self.cleaned_data.get("photo")
        if not upload:
            return None
        try:
            self.prepared = ALBUM.keep(prepare(upload, size=upload.size, portrait=True))
        except BadPicture as refused:
            raise forms.ValidationError(str(refused)) from refused
        return upload

    def clean_skills(self) -> list[str]:
        """In words of forty letters at most, once each whatever their accents."""
        words = [" ".join(word.split()) for word in self.cleaned_data["skills"].replace("\n", ",").split(",")]
        once = {folded(word): word for word in reversed(words) if word}
        found = list(reversed(once.values()))
        if long := next((word for word in found if len(word) > LONGEST_SKILL), None):
            raise forms.ValidationError(_("«\u202f%(word)s…\u202f» est trop long.") % {"word": long[:30]})
        if len(found) > MOST_SKILLS:
            raise forms.ValidationError(_("Douze compétences au plus\u00a0: gardez celles qui comptent."))
        return found

    def clean_is_listed(self) -> bool:
        """A directory without names is none."""
        listed = bool(self.cleaned_data["is_listed"])
        if listed and not self.profile.user.name:
            raise forms.ValidationError(
                _("Indiquez d’abord votre prénom et nom dans «\u202fMon compte\u202f».")
            )
        return listed

    def clean(self) -> dict[str, Any]:
        """Take up the photo that was sent before."""
        data: dict[str, Any] = super().clean() or {}
        self.prepared = self.prepared or ALBUM.read_ticket(data.get("kept_photo", ""))
        return data

    @property
    def photo_ticket(self) -> str:
        """What brings the photo back when the form is sent again."""
        return ALBUM.ticket_of(self.prepared) if self.prepared else ""

    @property
    def photo_shown(self) -> str:
        """The photo that was sent, to be looked at before it is kept."""
        return ALBUM.shown(self.prepared) if self.prepared else ""

    def draft(self) -> ProfileDraft:
        """The profile as it was written."""
        said = {name: self.cleaned_data[name] for name in FIELDS}
        drop = bool(self.cleaned_data.get("drop_photo"))
        return ProfileDraft(**said, photo=self.prepared, drop_photo=drop)
