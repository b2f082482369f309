"""What the e-mails about notices say: never an address, and a name only while the directory shows it."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.messages import kinds
from members.messages.topics import NOTICES
from members.models import Notice, Reply
from members.rights import house


def load_reply(ids: dict[str, Any]) -> dict[str, Any] | None:
    """An answer, while it and its notice stand."""
    now = timezone.now()
    reply = Reply.objects.with_names(now).select_related("notice").filter(pk=ids["reply"]).first()
    if reply is None:
        return None
    said = _said(Notice.objects.standing(now).filter(pk=reply.notice_id).first(), ids)
    return said and {**said, "reply": reply, "author": reply.author_name or _("Un membre")}  # type: ignore[attr-defined]


def load_solved(ids: dict[str, Any]) -> dict[str, Any] | None:
    """That a notice was solved, and the thanks."""
    now = timezone.now()
    notice = (
        Notice.objects.standing(now)
        .with_names(now)
        .select_related("helped_by")
        .filter(pk=ids["notice"])
        .first()
    )
    said = _said(notice, ids)
    if said is None or notice is None:
        return None
    is_thanked = notice.helped_by is not None and notice.helped_by.author_id == ids["user"]
    return {**said, "author": notice.author_name or _("Un membre"), "is_thanked": is_thanked}


def load_expiring(ids: dict[str, Any]) -> dict[str, Any] | None:
    """That a notice ends soon, unless it was prolonged, solved or taken back."""
    due = Notice.objects.open_at(timezone.now()).filter(pk=ids["notice"], reminded_at__isnull=False)
    return _said(due.first(), ids)


def load_hidden(ids: dict[str, Any]) -> dict[str, Any] | None:
    """Why a notice is no longer shown."""
    notice = Notice.objects.filter(pk=ids["notice"], hidden_at__isnull=False).first()
    return _said(notice, ids)


def _said(notice: Notice | None, ids: dict[str, Any]) -> dict[str, Any] | None:
    """The notice and its link, for someone who may still read it."""
    user = house(timezone.localdate()).filter(pk=ids["user"]).first()
    if notice is None or user is None:
        return None
    return {
        "notice": notice,
        "first_name": user.first_name,
        "link": settings.PUBLIC_URL + reverse("members:notice", args=[notice.slug]),
    }


def register() -> None:
    """Declare the messages of the help board; called from `apps.py:ready`."""
    kinds.register("notices/reply", load_reply, label=gettext_lazy("réponse à une annonce"), topic=NOTICES)
    kinds.register("notices/solved", load_solved, label=gettext_lazy("annonce résolue"), topic=NOTICES)
    kinds.register(
        "notices/expiring", load_expiring, label=gettext_lazy("annonce bientôt terminée"), topic=NOTICES
    )
    kinds.register("notices/hidden", load_hidden, label=gettext_lazy("annonce masquée"))
