"""allauth's forms with our words: labels and hints in the language of the page, no placeholders."""

from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

LABELS = {
    "login": _("Adresse électronique"),
    "email": _("Adresse électronique"),
    "password": _("Mot de passe"),
    "password1": _("Mot de passe"),
    "password2": _("Le même mot de passe"),
    "oldpassword": _("Mot de passe actuel"),
    "code": _("Code reçu par e-mail"),
}


class PlainWords:
    """Gives the fields of an allauth form our labels."""

    labels: dict[str, Any] = {}
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name) or LABELS.get(name) or field.label
            field.help_text = ""
        self.say_more()

    def say_more(self) -> None:
        """Add hints; for the forms that have some."""


PASSWORD_HINT = _("Au moins 10 caractères.")
"""What AUTH_PASSWORD_VALIDATORS of the settings asks, in one line."""


class SignupForm(PlainWords, allauth.SignupForm):  # type: ignore[misc]  # allauth has no types
    """Name, address, and a password for those who want one."""

    field_order = ("name", "email", "password1")

    def say_more(self) -> None:
        """Say that the password is optional, and why."""
        self.fields["password1"].help_text = format_lazy(
            "{} {}",
            _("Sans mot de passe, vous recevez un code par e-mail à chaque connexion."),
            PASSWORD_HINT,
        )


class LoginForm(PlainWords, allauth.LoginForm):  # type: ignore[misc]  # allauth has no types
    """Address and password."""


class CodeWords(PlainWords):
    """A code of six digits, typed on a phone."""

    def say_more(self) -> None:
        """Bring up digits, and let the phone offer the code it has just received."""
        self.fields["code"].widget.attrs.update(
            inputmode="numeric", autocomplete="one-time-code", maxlength="12"
        )


class RequestLoginCodeForm(PlainWords, allauth.RequestLoginCodeForm):  # type: ignore[misc]  # allauth has no types
    """The address a code is sent to."""


class ConfirmLoginCodeForm(CodeWords, allauth.ConfirmLoginCodeForm):  # type: ignore[misc]  # allauth has no types
    """The code that signs in."""


class ConfirmEmailCodeForm(CodeWords, allauth.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]  # no types
    """The code that proves an address."""


class ConfirmResetCodeForm(CodeWords, allauth.ConfirmPasswordResetCodeForm):  # type: ignore[misc]  # no types
    """The code that opens the choice of a new password."""


class AddEmailForm(PlainWords, allauth.AddEmailForm):  # type: ignore[misc]  # allauth has no types
    """Another address for the account."""

    labels = {"email": _("Nouvelle adresse")}


class ResetPasswordForm(PlainWords, allauth.ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """The address of a person who forgot the password."""


class NewPasswordWords(PlainWords):
    """A new password, typed twice."""

    labels = {"password1": _("Nouveau mot de passe")}

    def say_more(self) -> None:
        """Say what a password must be."""
        self.fields["password1"].help_text = PASSWORD_HINT


class ResetPasswordKeyForm(NewPasswordWords, allauth.ResetPasswordKeyForm):  # type: ignore[misc]  # no types
    """The new password after a reset."""


class ChangePasswordForm(NewPasswordWords, allauth.ChangePasswordForm):  # type: ignore[misc]  # no types
    """The new password of someone who knows the old one."""


class SetPasswordForm(NewPasswordWords, allauth.SetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """The first password of someone who had none."""


class ReauthenticateForm(PlainWords, allauth.ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The password once more, before something sensitive."""
