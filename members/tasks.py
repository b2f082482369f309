"""What the worker does for this room."""

import logging

from celery import shared_task
from django.utils import timezone

from members.messages.sending import send_due

log = logging.getLogger(__name__)


@shared_task(name="members.tasks.send_messages")
def send_messages() -> None:
    """Send what is due, in small batches, each with its own time."""
    while sent := send_due(timezone.now()):
        log.info("Messages dealt with: %s", sent)
