"""Every night: what Stripe knows and we don't, and whether our chains are whole."""

import datetime as dt
import logging

from django.db import transaction

from billing.documents.verifying import broken_documents
from billing.models import Anomaly, Seller, TechnicalEvent
from billing.payments import ledger
from billing.payments import stripe_gateway as gateway
from billing.payments.anomalies import notice
from billing.payments.services import cards_are_offered
from billing.settlement.inbox import HANDLED, store
from billing.till import journal
from billing.till.verifying import broken_closings

log = logging.getLogger(__name__)

REACH = dt.timedelta(days=3)


def reconcile(now: dt.datetime) -> int:
    """Process: put in the inbox the events of the last three days that never came; return how many."""
    if not cards_are_offered():
        return 0
    found = 0
    for event in gateway.list_events(now - REACH, HANDLED):
        if event.livemode == gateway.key_is_live():
            with transaction.atomic(durable=True):
                found += store(event, now=now)
    if found:
        log.warning("%s events of Stripe's had never arrived", found)
    return found


def verify_chains(now: dt.datetime) -> int:
    """Walk every seller's chains, and tell the manager of each that is broken; return how many."""
    broken = 0
    for seller in Seller.objects.order_by("pk"):
        links = [str(event.sequence) for event in ledger.broken_links(seller)]
        numbers = [document.number for series in seller.series.all() for document in broken_documents(series)]
        closings = list(broken_closings(seller))
        detail = ", ".join([*links[:3], *numbers[:3], *closings[:3]])
        if detail:
            broken += 1
            log.error("A chain of %s is broken: %s", seller.code, detail)
            with transaction.atomic(durable=True):
                notice(
                    Anomaly.Kind.BROKEN_CHAIN,
                    key=f"chain:{seller.pk}:{detail}"[:120],
                    now=now,
                    detail=f"{seller.code}: {detail}",
                )
        with transaction.atomic(durable=True):
            said = f"broken: {detail}" if detail else "whole"
            journal.note(TechnicalEvent.Kind.VERIFIED, now=now, seller=seller, detail=said)
    return broken
