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


def owe(
    *,
    to: str,
    template: str,
    key: str,
    language: str = "fr",
    due_at: datetime | None = None,
    attachments: Sequence[str] = (),
    **ids: Any,
) -> None:
    """Step: owe one e-mail to `to`; the same `key` again does nothing.

    `template` is a registered kind (members/messages/kinds.py) and `ids` what its `load` needs. `attachments`
    are references such as "ics:booking:17". `due_at` is when to send it; at once when it is not given.
    """
    require_transaction()
    kinds.kind_of(template)
    when = due_at or timezone.now()
    row = Message(
        key=key,
        to=to,
        language=known(language),
        template=template,
        ids=ids,
        attachments=list(attachments),
        due_at=when,
        next_try_at=when,
    )
    Message.objects.bulk_create([row], ignore_conflicts=True)
    nudge_once_committed(TASK)


@transaction.atomic(durable=True)
def owe_again(*, message: Message, now: datetime) -> Message:
    """Put a message that was given up back in the outbox, with all its tries; refused in any other state."""
    taken = Message.objects.failed().filter(pk=message.pk)
    if not taken.update(state=Message.OWED, tries=0, next_try_at=now, last_error=""):
        raise WrongState
    transaction.on_commit(partial(nudge, TASK), robust=True)
    message.refresh_from_db()
    return message
