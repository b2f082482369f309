"""How allauth behaves here: its e-mails go through the outbox, a new person is a coworker with a language."""

import secrets
from datetime import timedelta
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from members import reach
from members.formats import known
from members.messages import owing
from members.models import User
from members.second_factor import waits_for_second_factor

CODE_LIFE = timedelta(minutes=15)
"""How long allauth accepts a code; an e-mail that could not leave before is dropped."""

KEPT = ("code", "ip", "from_email", "to_email", "deleted_email")
"""What of allauth's context the e-mails use; links are built from PUBLIC_URL, never from the Host header."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Our side of allauth's hooks."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Ce compte est fermé."),
        "email_password_mismatch": _("L’adresse ou le mot de passe ne convient pas."),
        "email_taken": _("Un compte existe déjà avec cette adresse."),
        "enter_current_password": _("Ce n’est pas votre mot de passe actuel."),
        "incorrect_code": _("Ce code n’est pas le bon."),
        "incorrect_password": _("Ce n’est pas votre mot de passe."),
        "same_as_current": _("C’est déjà votre adresse."),
        "duplicate_email": _("C’est déjà votre adresse."),
        "too_many_login_attempts": _("Trop d’essais en peu de temps. Attendez quelques minutes."),
        "rate_limited": _("Trop de demandes en peu de temps. Attendez quelques minutes."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Owe the e-mail instead of sending it: it is recorded first, sent by the worker."""
        name = template_prefix.rpartition("/")[2]
        ids: dict[str, Any] = {key: str(context[key]) for key in KEPT if context.get(key)}
        if "code" in ids:
            ids["expires"] = (timezone.now() + CODE_LIFE).isoformat()
        with transaction.atomic():
            owing.owe(
                owing.letter(
                    to=email,
                    template=f"account/{name}",
                    key=f"account/{name}:{secrets.token_urlsafe(12)}",
                    language=get_language() or settings.LANGUAGE_CODE,
                    **ids,
                )
            )

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Keep the name and the language of the page, and make the person a coworker."""
        user.name = form.cleaned_data.get("name", "")
        user.language = known(get_language())
        with transaction.atomic():
            super().save_user(request, user, form, commit)
            if commit:
                user.groups.add(*Group.objects.filter(name="coworker"))
        return user

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead who runs the place to their desk, first to a second factor that is due; others to « / ».

        What was asked for (`next`) goes before this.
        """
        user = cast("User", request.user)
        if not reach.runs_something(user):
            return super().get_login_redirect_url(request)  # type: ignore[no-any-return]
        return reverse("members:security" if waits_for_second_factor(user) else "admin:index")

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Show the site in the person's language from the first page on."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        remember_language(response, user)
        return response


def remember_language(response: HttpResponse, user: User) -> None:
    """Put the person's language where Django's LocaleMiddleware looks for it."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        user.language,
        max_age=365 * 24 * 3600,
        path=settings.LANGUAGE_COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
