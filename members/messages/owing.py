"""Owing an e-mail: a row in the caller's transaction, and a nudge once it is committed."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from members.errors import WrongState
from members.formats import known
from members.messages import kinds
from members.models import Message
from members.nudging import nudge, nudge_once_committed
from members.transactions import require_transaction

TASK = "members.tasks.send_messages"


def owe(*letters: Message) -> None:
    """Step: owe e-mails, many in one statement; those whose key is owed already stay as they are."""
    require_transaction()
    Message.objects.bulk_create(letters, ignore_conflicts=True)
    if letters:
        nudge_once_committed(TASK)


def letter(
    *,
    to: str,
    template: str,
    key: str,
    language: str = "fr",
    due_at: datetime | None = None,
    attachments: Sequence[str] = (),
    **ids: Any,
) -> Message:
    """One e-mail to `to`, not owed yet.

    `template` is a registered kind (members/messages/kinds.py) and `ids` what its `load` needs. `attachments`
    are references such as "ics:booking:17". `due_at` is when to send it; at once when it is not given.
    """
    kinds.kind_of(template)
    when = due_at or timezone.now()
    return Message(
        key=key,
        to=to,
        language=known(language),
        template=template,
        ids=ids,
        attachments=list(attachments),
        due_at=when,
        next_try_at=when,
    )


@transaction.atomic(durable=True)
def owe_again(*, message: Message, now: datetime) -> Message:
    """Put a message that was given up back in the outbox, with all its tries; refused in any other state."""
    taken = Message.objects.failed().filter(pk=message.pk)
    if not taken.update(state=Message.OWED, tries=0, next_try_at=now, last_error=""):
        raise WrongState
    transaction.on_commit(partial(nudge, TASK), robust=True)
    message.refresh_from_db()
    return message
