"""What the worker does for the whole house."""

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from cantine import heartbeats
from cantine.importing import services as importing
from cantine.pilotage.services.reminding import remind_due
from cantine.report import issuing
from members.services.sessions import forget_ended


@shared_task
def note_that_the_worker_works() -> None:
    """Beat asked, Redis carried it, a worker took it, the database keeps it: all four work."""
    heartbeats.note("worker")


@shared_task
def forget_sessions() -> None:
    """Delete the sessions that ended: nobody asks for them again, and the table would only grow."""
    SessionStore.clear_expired()
    forget_ended()


@shared_task
def run_imports() -> None:
    """Carry on with the tables that somebody confirmed, and forget those that nobody did."""
    importing.run_due(timezone.now())
    importing.forget_unconfirmed(timezone.now())


@shared_task
def remind_of_what_is_due() -> None:
    """Owe the reminders of commitments, indicators and meetings; each is owed once."""
    remind_due(timezone.now())


@shared_task(time_limit=120)
def make_reports() -> None:
    """Make the PDF of the reports that were issued."""
    issuing.make_due(timezone.now())
