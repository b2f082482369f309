"""Sending what is owed: record → commit → send → record, at least once, always under the same Message-ID."""

import logging
from datetime import datetime, timedelta

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from members.messages import kinds
from members.messages.attachments import NotReady
from members.messages.rendering import render
from members.models import Message
from members.transactions import refuse_transaction

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
"""How long a sender keeps a message to itself; one that was killed leaves it to the next after that."""

BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
)
MAX_TRIES = len(BACK_OFF) + 1
SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=3), timedelta(minutes=15)


def send_due(now: datetime, limit: int = 2) -> int:
    """Send up to `limit` messages due at `now`; return how many were dealt with (sent, dropped or put off).

    A mail server out of reach costs no message a try. `limit` × EMAIL_TIMEOUT stays under `LEASE`.
    """
    refuse_transaction()
    if not Message.objects.due_at(now).exists():
        return 0
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:
        log.warning("The mail server can't be reached: %s", error)
        return 0
    done = 0
    try:
        while done < limit and (message := _take(now)):
            _deal_with(message, connection, now)
            done += 1
    finally:
        connection.close()
    return done


@transaction.atomic
def _take(now: datetime) -> Message | None:
    """Record that the next message is about to be sent, so that no other sender takes it meanwhile."""
    message = Message.objects.due_at(now).select_for_update(skip_locked=True).first()
    if message is None:
        return None
    message.tries += 1
    message.next_try_at = now + LEASE
    message.save(update_fields=["tries", "next_try_at"])
    return message


def _deal_with(message: Message, connection: BaseEmailBackend, now: datetime) -> None:
    try:
        mail = render(message)
        if mail is None:
            _record(message, state=Message.DROPPED)
            return
        mail.connection = connection
        mail.send()
    except NotReady as waiting:
        _put_off(message, waiting, now)
    except Exception as error:
        log.exception("Message %s (%s) could not be sent", message.pk, message.template)
        _record_failure(message, error, now)
    else:
        _record(
            message,
            state=Message.SENT,
            sent_at=now,
            subject="" if _is_secret(message) else str(mail.subject)[:250],
            message_id=mail.extra_headers["Message-ID"],
        )


def _record(message: Message, **fields: object) -> None:
    """Write what became of a message, unless another sender did; wipe what must not be kept."""
    if _is_secret(message):
        fields["ids"] = {}
    Message.objects.owed().filter(pk=message.pk).update(last_error="", **fields)
    for name, value in fields.items():
        setattr(message, name, value)


def _is_secret(message: Message) -> bool:
    try:
        return kinds.kind_of(message.template).secret
    except kinds.UnknownKind:
        return False


def _put_off(message: Message, waiting: NotReady, now: datetime) -> None:
    """Look again soon, then less and less often; waiting for a file is no failed try."""
    age = max(now - message.due_at, timedelta())
    wait = min(max(age / 4, SHORTEST_WAIT), LONGEST_WAIT)
    Message.objects.owed().filter(pk=message.pk).update(
        tries=message.tries - 1, next_try_at=now + wait, last_error=f"Waits for {waiting}"
    )


def _record_failure(message: Message, error: Exception, now: datetime) -> None:
    told = f"{type(error).__name__}: {error}"[:2000]
    mine = Message.objects.owed().filter(pk=message.pk)
    if message.tries >= MAX_TRIES:
        mine.update(state=Message.FAILED, last_error=told, **({"ids": {}} if _is_secret(message) else {}))
    else:
        mine.update(next_try_at=now + BACK_OFF[message.tries - 1], last_error=told)
