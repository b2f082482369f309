"""Who answers requests to rent, in a program of its own that is killed too; it notes what it has done."""

import json
import random
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from time import monotonic, sleep
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from billing.collecting.transfers import Part, Received, receive_transfer
from billing.models import Document, Order, Quote, Transfer
from billing.quotes.offers import offer_of
from bookings.models import (
    Booking,
    RentalCancellation,
    RentalOption,
    RentalQuote,
    RentalRequest,
    RentalSpace,
    Site,
)
from bookings.services.rentals.balancing import make_balance
from bookings.services.rentals.cancelling import cancel_rental
from bookings.services.rentals.quoting import What, draft_quote, save_draft
from bookings.services.rentals.sending import send_quote
from cantine.roles import give_role
from members.errors import Refused
from members.models import Message, User
from tests.soak.renters import PLACES

SOON, LATER = timedelta(seconds=20), timedelta(days=5)
MANAGER = "soak-manager@cantine.example"
State = RentalRequest.State


def open_up() -> None:
    """Let the hall and the joined rooms be rented, and give the house its manager."""
    site = Site.objects.order_by("pk")[0]
    for code in PLACES:
        RentalSpace.objects.create(space=site.spaces.get(code=code), pitch="À louer.")
    manager = User.objects.create_user(MANAGER)
    with transaction.atomic():
        give_role(user=manager, role="manager", by=None)


def work(seconds: float) -> None:
    """Answer, invoice, cancel and match transfers until the time is over, or somebody kills us."""
    end, chance = monotonic() + seconds, random.Random()
    while monotonic() < end:
        for act in (send, end_rentals, enter_transfers):
            try:
                act(chance, timezone.now())
            except Refused:
                continue
            except DatabaseError:  # the database was killed
                connection.close()
        sleep(0.3)  # nobody works without a pause


def note(what: str, about: Any) -> None:
    """Write down what was done, once it is."""
    sys.stdout.write(json.dumps([what, about]) + "\n")
    sys.stdout.flush()


def send(chance: random.Random, now: datetime) -> None:
    """Send a quote for each request that waits; some stand for a moment only, some behind an option."""
    for request in RentalRequest.objects.waiting()[:10]:
        rental = draft_quote(request=request, by=None, now=now)
        what = What([each.space for each in rental.options.select_related("space")], rental.period)
        valid = now + (SOON if chance.random() < 0.25 else LATER)
        save_draft(rental=rental, what=what, offer=replace(offer_of(rental.quote), valid_until=valid))
        attempt(partial(send_quote, rental=rental, now=now, behind_options=True), "sent", rental.pk)


def attempt(act: Callable[[], object], what: str, about: Any) -> None:
    """Do it and note it, unless it is refused."""
    try:
        act()
    except Refused:
        return
    note(what, about)


def end_rentals(chance: random.Random, now: datetime) -> None:
    """Of what is paid, cancel some and invoice some."""
    rows = RentalQuote.objects.filter(
        request__state=State.WON, quote__advance_order__state=Order.State.ACCEPTED
    ).order_by("pk")
    for rental in rows.select_related("request", "quote")[:10]:
        wish = chance.random()
        if wish < 0.2:
            attempt(partial(cancel_rental, rental=rental, by=None, now=now), "cancelled", rental.pk)
        elif wish < 0.6:
            lines = offer_of(rental.quote).lines
            attempt(
                partial(make_balance, rental=rental, lines=lines, by=None, now=now, before_end=True),
                "balance",
                rental.pk,
            )


def enter_transfers(chance: random.Random, now: datetime) -> None:
    """Enter the transfer of each balance, unless it stays owed."""
    manager = User.objects.get(email=MANAGER)
    owed = Document.objects.unpaid().filter(order__rental_balance__isnull=False)
    for document in owed.select_related("seller", "customer")[:10]:
        if chance.random() < 0.4:
            continue
        received = Received(
            document.seller,
            document.customer,
            document.owed,
            timezone.localdate(now),
            f"VIR {document.number}",
        )
        attempt(
            partial(receive_transfer, received, [Part(received.amount, document)], by=manager, now=now),
            "transfer",
            document.number,
        )


def facts(requests: list[str]) -> dict[str, Any]:
    """What became of these requests, and of everything that is noted, in the end."""
    rows = RentalRequest.objects.filter(key__in=requests)
    accepted = RentalQuote.objects.filter(quote__state=Quote.State.ACCEPTED)
    finals = Document.objects.filter(order__rental_balance__isnull=False).exclude(kind="credit_note")
    held = Booking.objects.active().filter(
        pk__in=RentalOption.objects.filter(booking__isnull=False).values("booking")
    )
    return {
        "known": sorted(rows.values_list("key", flat=True)),
        "accepted": sorted(accepted.values_list("request__key", flat=True)),
        "refused": sorted(
            rows.filter(quotes__quote__state=Quote.State.REFUSED).values_list("key", flat=True).distinct()
        ),
        "sent": sorted(RentalQuote.objects.sent().values_list("pk", flat=True)),
        "balance": sorted(finals.values_list("order__rental_balance__rental", flat=True)),
        "cancelled": sorted(RentalCancellation.objects.values_list("rental", flat=True)),
        "transfer": sorted(
            Transfer.objects.filter(payments__allocations__isnull=False).values_list(
                "payments__allocations__document__number", flat=True
            )
        ),
        "expired": Quote.objects.filter(state=Quote.State.EXPIRED).count(),
        "promoted": Message.objects.filter(template="rentals/quote_news", ids__news="promoted").count(),
        "holding": held.count(),
    }
