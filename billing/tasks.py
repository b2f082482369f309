"""What the worker does for this room; each task finds what is due, so it may run twice, late or never."""

import logging

from celery import shared_task
from django.utils import timezone

from billing.collecting.dunning import owe_letters
from billing.documents.files import make_due
from billing.payouts.taking import take_due
from billing.quotes.files import make_due as make_quotes_due
from billing.settlement.expiry import expire_due
from billing.settlement.inbox import handle_due
from billing.settlement.reconciliation import reconcile as reconcile_events
from billing.settlement.reconciliation import verify_chains
from billing.settlement.refunding import send_due
from billing.settlement.sessions import release_sessions as release_due_sessions
from billing.settlement.settling import settle_due
from billing.till.archiving import archive_due
from billing.till.closing import close_due

log = logging.getLogger(__name__)


@shared_task(name="billing.tasks.expire_orders")
def expire_orders() -> None:
    """Free what was held too long."""
    log.info("Orders expired: %s", expire_due(timezone.now()))


@shared_task(name="billing.tasks.handle_events")
def handle_events() -> None:
    """Handle Stripe's events, and settle what a worker that died left half done."""
    handled, settled = handle_due(timezone.now()), settle_due(timezone.now())
    log.info("Events handled: %s; payments settled: %s", handled, settled)


@shared_task(name="billing.tasks.send_refunds")
def send_refunds() -> None:
    """Send refunds to Stripe, and ask after those on their way."""
    log.info("Refunds looked at: %s", send_due(timezone.now()))


@shared_task(name="billing.tasks.release_sessions")
def release_sessions() -> None:
    """Close the payment pages of orders that no longer wait."""
    log.info("Sessions closed: %s", release_due_sessions(timezone.now()))


@shared_task(name="billing.tasks.make_files", time_limit=120)
def make_files() -> None:
    """Make the PDF of what was issued, and of the quotes sent."""
    now = timezone.now()
    log.info("Files made: %s; of quotes: %s", make_due(now), make_quotes_due(now))


@shared_task(name="billing.tasks.reconcile")
def reconcile() -> None:
    """Fetch what Stripe never told us, and verify the chains."""
    now = timezone.now()
    log.info("Events found: %s; broken chains: %s", reconcile_events(now), verify_chains(now))


@shared_task(name="billing.tasks.gather_payouts")
def gather_payouts() -> None:
    """Fetch the payouts that Stripe never told us of, and what became of those we know."""
    log.info("Payouts recorded or moved: %s", take_due(timezone.now()))


@shared_task(name="billing.tasks.close_till")
def close_till() -> None:
    """Close the days, months and years that are over, and archive the years."""
    now = timezone.now()
    log.info("Till closings made: %s; archives: %s", close_due(now), archive_due(now))


@shared_task(name="billing.tasks.owe_dunning_letters")
def owe_dunning_letters() -> None:
    """Ask for what is late."""
    log.info("Dunning letters owed: %s", owe_letters(timezone.now()))
