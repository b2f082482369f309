"""What is owed to who asks and who answers: steps of the caller's transaction."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from members.messages import owing
from members.models import Message, Notice, Reply, User
from members.rights import house


def owe_reply(reply: Reply, *, now: datetime) -> None:
    """Step: tell the author of the notice and who answered before, but for who wrote."""
    notice = reply.notice
    people = [notice.author, *repliers(notice, now)]
    told = [user for user in people if user.pk != reply.author_id]
    owing.owe(*(_letter("reply", user, f"reply:{reply.pk}", reply=reply.pk) for user in told))


def owe_solved(notice: Notice, *, now: datetime) -> None:
    """Step: tell who answered that it is solved, with the thanks."""
    told = repliers(notice, now)
    owing.owe(*(_letter("solved", user, f"solved:{notice.pk}", notice=notice.pk) for user in told))


def owe_expiring(notice: Notice) -> None:
    """Step: ask the author whether it is still true."""
    mark = f"expiring:{notice.pk}:{notice.expires_at:%Y%m%d}"
    owing.owe(_letter("expiring", notice.author, mark, notice=notice.pk))


def owe_hidden(notice: Notice) -> None:
    """Step: tell the author why it is no longer shown; this is always said."""
    mark = f"hidden:{notice.pk}:{notice.hidden_at:%Y%m%d%H%M%S}"
    owing.owe(_letter("hidden", notice.author, mark, notice=notice.pk))


def repliers(notice: Notice, now: datetime) -> list[User]:
    """Who answered and is of the house today, but for the author."""
    people = house(timezone.localdate(now)).filter(pk__in=notice.replies.values("author"))
    return list(people.exclude(pk=notice.author_id).order_by("pk"))


def _letter(template: str, user: User, mark: str, **ids: Any) -> Message:
    return owing.letter(
        to=user.email,
        template=f"notices/{template}",
        key=f"notice:{mark}:{user.pk}",
        language=user.language,
        user=user.pk,
        **ids,
    )
