"""The second factor: allauth's, in our words; and who must have one."""

from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.models import User
from members.sealing import seal, unseal

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Our side of allauth's hooks; keys belong to the name of PUBLIC_URL, never to the Host header."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "add_email_blocked": gettext_lazy(
            "Retirez d’abord votre double authentification\u00a0: elle protège l’adresse du compte."
        ),
        "cannot_delete_authenticator": gettext_lazy("Ce moyen ne peut pas être retiré."),
        "cannot_generate_recovery_codes": gettext_lazy(
            "Ajoutez d’abord une clé d’accès ou une application de codes."
        ),
        "incorrect_code": gettext_lazy("Ce code ou cette clé ne convient pas."),
        "unverified_email": gettext_lazy("Vérifiez d’abord votre adresse électronique."),
    }

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """« Clé d'accès 2 »."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Clé d’accès %(number)s") % {"number": number}

    def encrypt(self, text: str) -> str:
        """Secrets of applications and seeds of recovery codes, as the database keeps them."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The same, to be used; what was kept in clear once is still read."""
        return unseal(encrypted_text)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The name that keys are bound to."""
        return {"id": urlsplit(settings.PUBLIC_URL).hostname or "localhost", "name": settings.MFA_TOTP_ISSUER}


def has_second_factor(user: User) -> bool:
    """Whether this person signs in with more than one proof; recovery codes alone are none."""
    return bool(is_mfa_enabled(user, FACTORS))


def lacks_second_factor(user: User) -> bool:
    """Whether /gestion/ waits until this person has a second factor; demonstrations need none."""
    domain = settings.SECOND_FACTOR_EXEMPT_DOMAIN
    if domain and user.email.endswith(f"@{domain}"):
        return False
    return not has_second_factor(user)
