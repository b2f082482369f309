"""The demonstration's follow-up: invoices late, partly paid, dunned, held back, and one paid in excess."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice

from django.db.models import F

from billing.collecting.dunning import TEMPLATE, owe_letters
from billing.collecting.pausing import pause
from billing.collecting.transfers import Part, Received, receive_transfer
from billing.models import Document, DunningPause, DunningStep
from cantine.demo.people import Cast
from members.models import Message

LOOKED_BACK = timedelta(days=140)
EVERY = timedelta(days=5)
SHARE = Decimal("0.40")
EXCESS = Decimal("12.00")


def build(*, cast: Cast, since: date, now: datetime) -> None:
    """Follow up what the year left unpaid: transfers, letters of the past months, two pauses."""
    DunningStep.objects.update(valid_from=since)
    late = (
        Document.objects.unpaid().filter(due_on__lt=now.date()).select_related("customer", "seller", "order")
    )
    rows = late.order_by(F("due_on").desc(), "pk")
    for document in islice(rows, 0, 3):
        _receive(document, (document.owed * SHARE).quantize(Decimal("0.01")), cast, now)
    for document in islice(rows, 3, 4):
        _receive(document, document.owed + EXCESS, cast, now)
    _write_letters(now)
    for place, document in enumerate(islice(late.order_by("due_on", "pk"), 2)):
        _hold_back(document, cast, now, disputed=not place)


def _receive(document: Document, amount: Decimal, cast: Cast, now: datetime) -> None:
    day = now.date() - timedelta(days=1)
    words = f"VIR SEPA {document.customer} {document.number}".upper()
    received = Received(document.seller, document.customer, amount, day, words)
    parts = [Part(min(amount, document.owed), document)]
    receive_transfer(received, parts, by=cast.manager, now=now)


def _write_letters(now: datetime) -> None:
    """Write the letters of the past months in their time; they have gone out since."""
    moment = now - LOOKED_BACK
    while moment < now:
        owe_letters(moment)
        moment += EVERY
    Message.objects.filter(template=TEMPLATE).update(
        state=Message.SENT, sent_at=now - EVERY, subject="Relance de la démonstration"
    )


def _hold_back(document: Document, cast: Cast, now: datetime, *, disputed: bool) -> None:
    pause(
        document=document,
        why=DunningPause.Why.DISPUTED if disputed else DunningPause.Why.PROMISED,
        reason="Montant contesté par téléphone" if disputed else "Règlement promis pour la fin du mois",
        until=None if disputed else now.date() + timedelta(days=14),
        by=cast.manager,
        now=now,
    )
