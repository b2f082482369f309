"""The worker's tasks, run where a journey waits for them: there is no worker beside it."""

from datetime import timedelta

from django.utils import timezone

from billing.documents.files import make_due
from billing.quotes.files import make_due as make_quotes_due
from billing.settlement.refunding import send_due as send_refunds
from events.services.calling_off import call_off_due
from members.messages.sending import send_due

PUT_OFF = timedelta(seconds=15)
"""A message that met no file yet looks again a little later: it is already later here."""


def work() -> None:
    """Do what is due: cancelled events, refunds, files, then the messages that wait for them."""
    now = timezone.now()
    call_off_due(now)
    send_refunds(now)
    make_due(now)
    make_quotes_due(now)
    while send_due(now + PUT_OFF):
        pass
