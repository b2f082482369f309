"""A message that proves that e-mails leave, and that the sender is known."""

import secrets
import threading
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from members.messages import kinds, owing
from members.messages.sending import send_due
from members.models import Message
from members.transactions import refuse_transaction

TEMPLATE = "setup/trial"
INVENTED = (".example", ".example>", ".invalid", ".invalid>", "localhost", "localhost>")
AT_ONCE, LOOKS = 50, 30
PAUSE = threading.Event()  # never set


def load(ids: dict[str, Any]) -> dict[str, Any] | None:
    """Give what the message says: from whom it comes."""
    return {"sender": settings.DEFAULT_FROM_EMAIL}


def register() -> None:
    """Declare the message."""
    kinds.register(TEMPLATE, load, label=_("message d’essai"))


def owe_trial(*, to: str, language: str, now: datetime) -> Message:
    """Owe a message to `to`, which the worker sends."""
    letter = owing.letter(
        to=to,
        template=TEMPLATE,
        key=f"{TEMPLATE}:{secrets.token_urlsafe(9)}",
        language=language,
        due_at=now,
    )
    with transaction.atomic(durable=True):
        owing.owe(letter)
    return Message.objects.get(key=letter.key)


def send_trial(*, to: str, now: datetime) -> str:
    """Process: send a message to `to` at once, worker or not; say what came of it."""
    refuse_transaction()
    message = owe_trial(to=to, language="fr", now=now)
    send_due(now, limit=AT_ONCE)
    for _look in range(LOOKS):  # a worker that runs may have it in hand
        message.refresh_from_db()
        if message.state != Message.OWED or message.last_error or not message.tries:
            break
        PAUSE.wait(0.5)
    if message.state == Message.SENT:
        return f"test mail to {to}: sent from {settings.DEFAULT_FROM_EMAIL}"
    why = message.last_error or "the mail server does not answer, check EMAIL_URL"
    return f"test mail to {to}: NOT sent yet ({why})"


def sender_is_real() -> bool:
    """Whether e-mails come from an address of somebody's."""
    return not settings.DEFAULT_FROM_EMAIL.strip().lower().endswith(INVENTED)


def trial_left() -> bool:
    """Whether a message of this sort ever left."""
    return Message.objects.filter(template=TEMPLATE, state=Message.SENT).exists()
