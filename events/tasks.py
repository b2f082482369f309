"""What the worker does for this room; each task finds what is due, so it may run twice, late or never."""

import logging

from celery import shared_task
from django.utils import timezone

from events.album import ALBUM
from events.models import Event
from events.services.calling_off import call_off_due
from events.services.erasing import erase_due
from events.services.freeing import expire_offers as expire_due_offers
from events.services.thanking import thank_due

log = logging.getLogger(__name__)


@shared_task(name="events.tasks.expire_offers")
def expire_offers() -> None:
    """Pass on the seats that were offered and not taken in time."""
    log.info("Offers ended: %s", expire_due_offers(now=timezone.now()))


@shared_task(name="events.tasks.call_off_registrations")
def call_off_registrations() -> None:
    """Tell and refund everyone of the events that were called off."""
    log.info("Registrations called off: %s", call_off_due(timezone.now()))


@shared_task(name="events.tasks.thank_who_came")
def thank_who_came() -> None:
    """Thank whoever came to the events of yesterday."""
    log.info("Events thanked for: %s", thank_due(timezone.now()))


@shared_task(name="events.tasks.drop_pictures")
def drop_pictures() -> None:
    """Delete the pictures that were sent and that no event shows."""
    log.info("Pictures dropped: %s", ALBUM.drop_unused(Event.objects.pictures(), now=timezone.now()))


@shared_task(name="events.tasks.erase_registrants")
def erase_registrants() -> None:
    """Forget who registered for the events of long ago."""
    log.info("Events forgotten: %s", erase_due(timezone.now()))
