"""Notes which sessions are in use, so that their owner sees them and may end them."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from members.models import User
from members.services.sessions import is_to_note, note


class NoteSessions:
    """A write an hour; a page that reads no session costs nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Note the session once the page is made, if it was read and its owner is signed in."""
        response = self.get_response(request)
        session, now = request.session, timezone.now()
        if session.accessed and session.session_key and session.get(SESSION_KEY) and is_to_note(session, now):
            note(session, user_id=int(session[SESSION_KEY]), meta=request.META, now=now)
        return response


def note_sign_in(request: HttpRequest | None, user: User, **_kwargs: Any) -> None:
    """Receive Django's `user_logged_in`: every way of signing in ends there."""
    if request is not None and request.session.session_key:
        note(request.session, user_id=user.pk, meta=request.META, now=timezone.now())
