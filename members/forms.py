"""Forms of a person's own account."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from members.messages.topics import Topic
from members.models import Affiliation, User

ROLES_SAID = [
    (Affiliation.Role.MEMBER, _("Membre : fait partie de l’organisation, paie pour soi")),
    (Affiliation.Role.PAYER, _("Peut payer : réserve aussi au nom de l’organisation")),
    (Affiliation.Role.OWNER, _("Responsable : peut payer, invite et retire des personnes")),
]
"""What each role may do, as it is chosen."""


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]  # Django has no generics at run time
    """What people change about themselves."""

    class Meta:
        model = User
        fields = ("name", "language")
        labels = {"name": _("Prénom et nom"), "language": _("Langue du site et des e-mails")}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True

    def clean_name(self) -> str:
        """A name is more than spaces."""
        name = " ".join(self.cleaned_data["name"].split())
        if not name:
            raise forms.ValidationError(_("Indiquez votre nom."))
        return name


class InvitationForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(
        label=_("Adresse électronique"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Rôle"),
        choices=ROLES_SAID,
        initial=Affiliation.Role.MEMBER,
        widget=forms.RadioSelect,
    )


class PreferencesForm(forms.Form):
    """The e-mails one may do without, and whether one shows that one is here."""

    topics = forms.MultipleChoiceField(
        label=_("Vous recevez"), required=False, widget=forms.CheckboxSelectMultiple
    )
    shares_presence = forms.BooleanField(
        label=_("Montrer que je suis là"),
        required=False,
        help_text=_(
            "Une fois votre arrivée signalée, et jusqu’à la fin de votre réservation, votre nom et votre "
            "place apparaissent aux personnes qui viennent à la Cantine. À personne d’autre."
        ),
    )

    def __init__(self, *args: Any, topics: Sequence[Topic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(each.code, format_lazy("{}. {}", each.label, each.note)) for each in topics]
        self.fields["topics"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField's


class RulesForm(forms.Form):
    """One's agreement to the house rules, to the version that was shown."""

    page = forms.IntegerField(widget=forms.HiddenInput)
    agreed = forms.BooleanField(
        label=_("J’ai lu le règlement intérieur et je l’accepte"),
        error_messages={"required": _("Cochez la case pour accepter le règlement.")},
    )
