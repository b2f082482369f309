"""The open sessions of a person: which device, last used when; each may be ended.

allauth's table is used, but filled here: no IP address is kept, and every way of signing in is noted.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.utils import timezone

from members.models import User

NOTED = "noted"
OFTEN = timedelta(hours=1)
"""How exactly « last used » is known: one write per session and hour."""
NO_PLACE = "0.0.0.0"  # noqa: S104 - no address is kept
LONGEST = 200


def is_to_note(session: SessionBase, now: datetime) -> bool:
    """Whether the use of a session was not noted lately, or under another key."""
    key, at = session.get(NOTED) or ("", "")
    return key != session.session_key or datetime.fromisoformat(at) < now - OFTEN


def note(session: SessionBase, *, user_id: int, meta: Mapping[str, Any], now: datetime) -> None:
    """Note that a session is used, from which device."""
    device = str(meta.get("HTTP_USER_AGENT", ""))[:LONGEST]
    UserSession.objects.update_or_create(
        session_key=session.session_key,
        defaults={"user_id": user_id, "user_agent": device, "last_seen_at": now, "ip": NO_PLACE},
    )
    session[NOTED] = (session.session_key, now.isoformat())


def sessions_of(user: User) -> list[UserSession]:
    """What is open, the last used first."""
    open_ = Session.objects.filter(expire_date__gt=timezone.now()).values("pk")
    rows = UserSession.objects.filter(user=user, session_key__in=open_)
    return list(rows.order_by("-last_seen_at", "-pk"))


def end_sessions(user: User, *, but: str | None = None, only: int | None = None) -> int:
    """End the sessions of a person at once: all, all but one key, or only one of them. Returns how many."""
    rows = UserSession.objects.filter(user=user).exclude(session_key=but)
    if only is not None:
        rows = rows.filter(pk=only)
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(pk__in=keys).delete()
    rows.filter(session_key__in=keys).delete()
    return len(keys)


def forget_ended() -> None:
    """Drop the notes of sessions that are no longer there."""
    UserSession.objects.exclude(session_key__in=Session.objects.values("pk")).delete()
