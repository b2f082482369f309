"""allauth's forms of the second factor, with our words."""

from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

from members.account_forms import CodeWords, PlainWords


class AuthenticateForm(CodeWords, base.AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """A code of the application, or a recovery code."""

    labels = {"code": _("Code de l’application, ou code de secours")}


class ReauthenticateCodeForm(CodeWords, base.ReauthenticateForm):  # type: ignore[misc]  # no types
    """The same, before something sensitive."""

    labels = AuthenticateForm.labels


class ActivateTOTPForm(CodeWords, totp.ActivateTOTPForm):  # type: ignore[misc]  # no types
    """The first code of an application proves that it counts as we do."""

    labels = {"code": _("Code que montre l’application")}


class AddPasskeyForm(PlainWords, webauthn.AddWebAuthnForm):  # type: ignore[misc]  # no types
    """A passkey: it signs in by itself, so that the device must ask for a finger, a face or a PIN."""

    labels = {"name": _("Nom de la clé")}

    def say_more(self) -> None:
        """Say what the name is for; every key is a passkey."""
        self.fields["name"].help_text = _(
            "Pour la reconnaître\u00a0: «\u202fTéléphone\u202f», «\u202fClé USB\u202f»."
        )
        self.fields["passwordless"].widget = forms.HiddenInput()
        self.fields["passwordless"].initial = True


class RenamePasskeyForm(PlainWords, webauthn.EditWebAuthnForm):  # type: ignore[misc]  # no types
    """Another name for a key."""

    labels = {"name": _("Nom de la clé")}
