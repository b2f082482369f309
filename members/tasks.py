"""What the worker does for this room."""

import logging

from celery import shared_task
from django.utils import timezone

from members import retention
from members.messages.sending import send_due
from members.models import Profile
from members.services import closing, copying
from members.services.notices import remind_due
from members.services.profiles import ALBUM

log = logging.getLogger(__name__)


@shared_task(name="members.tasks.send_messages")
def send_messages() -> None:
    """Send what is due, in small batches, each with its own time."""
    while sent := send_due(timezone.now()):
        log.info("Messages dealt with: %s", sent)


@shared_task(name="members.tasks.make_copies")
def make_copies() -> None:
    """Make the copies of data that were asked for, and delete those that had their time."""
    now = timezone.now()
    log.info("Copies of data made: %s, deleted: %s", copying.make_due(now), copying.drop_over(now))


@shared_task(name="members.tasks.erase_accounts")
def erase_accounts() -> None:
    """Erase the accounts whose waiting time is over."""
    log.info("Accounts erased: %s", closing.erase_due(timezone.now()))


@shared_task(name="members.tasks.forget")
def forget() -> None:
    """Forget what has been kept long enough, and warn whoever has not signed in for years."""
    now = timezone.now()
    log.info("Forgotten: %s", retention.forget_all(now))
    log.info("Warned of an account unused: %s", closing.warn_unused(now=now))


@shared_task(name="members.tasks.remind_of_notices")
def remind_of_notices() -> None:
    """Ask whether what ends soon is still true."""
    log.info("Notices reminded of: %s", remind_due(timezone.now()))


@shared_task(name="members.tasks.drop_photos")
def drop_photos() -> None:
    """Delete the photos that were sent and that no profile shows."""
    log.info("Photos dropped: %s", ALBUM.drop_unused(Profile.objects.pictures(), now=timezone.now()))
