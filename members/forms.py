"""Forms of a person's own account."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.models import User


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
