"""Confirming that it is you: by password (allauth), or by a code by e-mail for who has none."""

import hmac
import secrets
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from members.adapter import CODE_LIFE
from members.messages import owing
from members.models import User

ASKED = "members.confirming"
"""Where a session keeps what the code is compared with."""
TRIES = 3

View = Callable[..., HttpResponseBase]


def confirmed(view: View) -> View:
    """Let in only who confirmed a moment ago that it is them; others confirm, and come back."""
    by_allauth = cast("View", reauthentication_required(view))

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if get_reauthentication_flows(cast("User", request.user)):
            return by_allauth(request, *args, **kwargs)
        if is_fresh(request):
            return view(request, *args, **kwargs)
        return redirect(f"{reverse('members:confirm')}?{urlencode({'next': request.path})}")

    return guarded


def is_fresh(request: HttpRequest) -> bool:
    """Whether who has no password signed in, or typed a code, a moment ago."""
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


def send_code(request: HttpRequest, person: User) -> None:
    """Write a new code to a person; the session keeps what it is compared with, and not the code."""
    code = f"{secrets.randbelow(1_000_000):06d}"
    until = timezone.now() + CODE_LIFE
    request.session[ASKED] = {"digest": _digest(code), "until": until.timestamp(), "tries": TRIES}
    with transaction.atomic():
        owing.owe(
            owing.letter(
                to=person.email,
                template="account/confirm_code",
                key=f"account/confirm_code:{secrets.token_urlsafe(12)}",
                language=person.language,
                code=code,
                expires=until.isoformat(),
            )
        )


def is_awaited(request: HttpRequest) -> bool:
    """Whether a code was sent that may still be typed."""
    asked = request.session.get(ASKED)
    return asked is not None and asked["tries"] > 0 and time.time() < asked["until"]


def accept(request: HttpRequest, person: User, typed: str) -> bool:
    """Compare what was typed with the code, which serves once; a wrong one costs a try."""
    if not is_awaited(request):
        return False
    asked = request.session[ASKED]
    if not hmac.compare_digest(asked["digest"], _digest("".join(typed.split()))):
        request.session[ASKED] = {**asked, "tries": asked["tries"] - 1}
        return False
    del request.session[ASKED]
    record_authentication(request, person, method="code", reauthenticated=True)
    return True


def _digest(code: str) -> str:
    return salted_hmac(ASKED, code).hexdigest()
