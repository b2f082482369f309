"""What the worker does for this room."""

import logging

from celery import shared_task
from django.utils import timezone

from members.messages.sending import send_due
from members.models import Profile
from members.services.notices import remind_due
from members.services.profiles import ALBUM

log = logging.getLogger(__name__)


@shared_task(name="members.tasks.send_messages")
def send_messages() -> None:
    """Send what is due, in small batches, each with its own time."""
    while sent := send_due(timezone.now()):
        log.info("Messages dealt with: %s", sent)


@shared_task(name="members.tasks.remind_of_notices")
def remind_of_notices() -> None:
    """Ask whether what ends soon is still true."""
    log.info("Notices reminded of: %s", remind_due(timezone.now()))


@shared_task(name="members.tasks.drop_photos")
def drop_photos() -> None:
    """Delete the photos that were sent and that no profile shows."""
    log.info("Photos dropped: %s", ALBUM.drop_unused(Profile.objects.pictures(), now=timezone.now()))
