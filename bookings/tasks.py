"""What the worker does for this room."""

import logging

from celery import shared_task
from django.utils import timezone

from bookings.album import ALBUM, PROBLEMS
from bookings.models import Problem, RentalPicture
from bookings.services.expiring import expire_options
from bookings.services.rentals.ending import expire_due
from bookings.services.rentals.erasing import erase_due
from bookings.services.rentals.reminding import remind_due, tell_changes
from bookings.services.rentals.second_rank import promote_due
from bookings.services.rentals.thanking import thank_due

log = logging.getLogger(__name__)


@shared_task(name="bookings.tasks.expire_options")
def expire_due_options() -> None:
    """End the options nobody confirmed in time."""
    while ended := expire_options(now=timezone.now()):
        log.info("Options ended: %s", ended)


@shared_task(name="bookings.tasks.drop_rental_pictures")
def drop_rental_pictures() -> None:
    """Delete the pictures that no rentable space shows any more."""
    log.info("Pictures dropped: %s", ALBUM.drop_unused(RentalPicture.objects.names(), now=timezone.now()))


@shared_task(name="bookings.tasks.drop_problem_pictures")
def drop_problem_pictures() -> None:
    """Delete the pictures that no problem shows: forms that were never finished."""
    log.info("Pictures dropped: %s", PROBLEMS.drop_unused(Problem.objects.names(), now=timezone.now()))


@shared_task(name="bookings.tasks.erase_rental_requests")
def erase_rental_requests() -> None:
    """Forget who asked to rent for the days of long ago."""
    log.info("Rental requests forgotten: %s", erase_due(timezone.now()))


@shared_task(name="bookings.tasks.expire_quotes")
def expire_quotes() -> None:
    """End the quotes that nobody answered in time."""
    log.info("Quotes ended: %s", expire_due(timezone.now()))


@shared_task(name="bookings.tasks.remind_renters")
def remind_renters() -> None:
    """Remind who rents of the day to come, and tell what changed since."""
    now = timezone.now()
    log.info("Renters reminded: %s, told of changes: %s", remind_due(now), tell_changes(now))


@shared_task(name="bookings.tasks.thank_renters")
def thank_renters() -> None:
    """Thank who rented yesterday, and ask what they thought of it."""
    log.info("Renters thanked: %s", thank_due(timezone.now()))


@shared_task(name="bookings.tasks.promote_quotes")
def promote_quotes() -> None:
    """Hold what fell free for the quotes that stand in line."""
    log.info("Quotes promoted: %s", promote_due(timezone.now()))
