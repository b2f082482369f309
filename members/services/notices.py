"""Asking, answering, thanking; and what the manager does about what should not be there."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from members.errors import NotAllowed, WrongState
from members.models import Notice, Reply, Report, User
from members.models.notice import LASTS
from members.services import notices_told


class NoLonger(WrongState):
    """The notice is over."""


def _locked(notice: Notice) -> Notice:
    found: Notice = Notice.objects.select_for_update(no_key=True).get(pk=notice.pk)
    return found


def _own(notice: Notice, by: User) -> Notice:
    """The notice, locked, when `by` wrote it and it is still open."""
    found = _locked(notice)
    if found.author_id != by.pk:
        raise NotAllowed
    if found.state != Notice.State.OPEN or found.hidden_at is not None:
        raise NoLonger
    return found


@transaction.atomic(durable=True)
def post_notice(*, author: User, kind: str, title: str, body: str, now: datetime) -> Notice:
    """Put a notice on the board for thirty days."""
    said = {"kind": kind, "title": title, "body": body}
    return Notice.objects.create(
        author=author, created_at=now, changed_at=now, expires_at=now + LASTS, **said
    )


@transaction.atomic(durable=True)
def change_notice(*, notice: Notice, by: User, kind: str, title: str, body: str, now: datetime) -> Notice:
    """Write a notice anew; its end stays."""
    found = _own(notice, by)
    found.kind, found.title, found.body, found.changed_at = kind, title, body, now
    found.save(update_fields=["kind", "title", "body", "changed_at"])
    return found


@transaction.atomic(durable=True)
def prolong_notice(*, notice: Notice, by: User, now: datetime) -> Notice:
    """Keep a notice thirty days from now, also one that just ended."""
    found = _own(notice, by)
    found.expires_at, found.reminded_at = max(found.expires_at, now + LASTS), None
    found.save(update_fields=["expires_at", "reminded_at"])
    return found


@transaction.atomic(durable=True)
def close_notice(*, notice: Notice, by: User) -> Notice:
    """Take a notice back; nobody is told."""
    found = _own(notice, by)
    found.state = Notice.State.CLOSED
    found.save(update_fields=["state"])
    return found


@transaction.atomic(durable=True)
def solve_notice(*, notice: Notice, by: User, helped_by: Reply | None, thanks: str, now: datetime) -> Notice:
    """Say that it is solved, by whose reply, and thank; who replied is told."""
    found = _own(notice, by)
    if helped_by is not None and helped_by.notice_id != found.pk:
        raise NotAllowed
    found.state, found.solved_at, found.helped_by, found.thanks = Notice.State.SOLVED, now, helped_by, thanks
    found.save(update_fields=["state", "solved_at", "helped_by", "thanks"])
    notices_told.owe_solved(found, now=now)
    return found


@transaction.atomic(durable=True)
def reply_to(*, notice: Notice, author: User, body: str, now: datetime) -> Reply:
    """Answer a notice; its author and who answered before are told."""
    found = _locked(notice)
    if not found.takes_replies(now):
        raise NoLonger
    reply = Reply.objects.create(notice=found, author=author, body=body, created_at=now)
    notices_told.owe_reply(reply, now=now)
    return reply


@transaction.atomic(durable=True)
def report_notice(*, notice: Notice, by: User, reason: str, now: datetime) -> None:
    """Tell the manager that a notice should not be there; saying it twice says it once."""
    try:
        with transaction.atomic():
            Report.objects.create(notice=notice, by=by, reason=reason, created_at=now)
    except IntegrityError:
        return


@transaction.atomic(durable=True)
def hide_notice(*, notice: Notice, by: User, reason: str, now: datetime) -> Notice:
    """Take a notice off the board, with a reason its author reads; the reports about it are judged."""
    if not by.has_role("manager"):
        raise NotAllowed
    found = _locked(notice)
    if found.hidden_at is not None:
        raise NoLonger
    found.hidden_at, found.hidden_by, found.hidden_reason = now, by, reason
    found.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    Report.objects.waiting().filter(notice=found).update(judged_at=now)
    notices_told.owe_hidden(found)
    return found


@transaction.atomic(durable=True)
def keep_notice(*, notice: Notice, by: User, now: datetime) -> Notice:
    """Judge that a notice may stand: it is shown again, and the reports about it are judged."""
    if not by.has_role("manager"):
        raise NotAllowed
    found = _locked(notice)
    found.hidden_at, found.hidden_by, found.hidden_reason = None, None, ""
    found.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    Report.objects.waiting().filter(notice=found).update(judged_at=now)
    return found


def remind_due(now: datetime) -> int:
    """Ask the authors of what ends soon whether it is still true; each once, whatever runs twice."""
    told = 0
    for pk in list(Notice.objects.due_for_a_reminder(now).values_list("pk", flat=True)[:500]):
        told += remind(pk, now)
    return told


@transaction.atomic(durable=True)
def remind(pk: int, now: datetime) -> bool:
    """Remind of one notice, unless another worker has it or it is no longer due."""
    due = Notice.objects.due_for_a_reminder(now).filter(pk=pk)
    notice = due.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
    if notice is None:
        return False
    notices_told.owe_expiring(notice)
    notice.reminded_at = now
    notice.save(update_fields=["reminded_at"])
    return True


def export_notices(user: User) -> dict[str, Any]:
    """What a person asked, offered, answered and reported, for the download of their data."""
    asked = ("slug", "kind", "title", "body", "state", "created_at", "expires_at", "solved_at", "thanks")
    replies, reports = Reply.objects.filter(author=user), Report.objects.filter(by=user).order_by("id")
    return {
        "notices": list(Notice.objects.filter(author=user).order_by("id").values(*asked, "hidden_reason")),
        "replies": list(replies.values("notice__title", "body", "created_at")),
        "reports": list(reports.values("notice__title", "reason", "created_at")),
    }


def erase_notices(user: User) -> None:
    """Step: forget what a person asked, offered, answered and reported, with the answers to it."""
    Report.objects.filter(by=user).delete()
    Reply.objects.filter(author=user).delete()
    Notice.objects.filter(author=user).delete()
