"""The second factor: allauth's, in our words; and who must have one."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.access import BEFORE_SECOND_FACTOR
from members.models import User
from members.sealing import seal, unseal

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

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


def waits_for_second_factor(user: "User | AnonymousUser") -> bool:
    """Whether this person runs the place and has no second factor yet; demonstrations need none."""
    if not user.is_authenticated or not (user.is_staff or user.is_superuser):
        return False
    domain = settings.SECOND_FACTOR_EXEMPT_DOMAIN
    if domain and user.email.endswith(f"@{domain}"):
        return False
    return not has_second_factor(user)


class WaitForSecondFactor:
    """Until then a role opens nothing, here or at the desk: only what leads to the second factor answers.

    A view says itself that it is such a one (`before_second_factor`); what nobody said is shut.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the view only."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Lead who has to add one to the page that says so; who brings no session is not looked up."""
        if getattr(view, BEFORE_SECOND_FACTOR, False) or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        return redirect("members:security") if waits_for_second_factor(request.user) else None
