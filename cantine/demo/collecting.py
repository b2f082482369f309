"""The demonstration's follow-up: invoices late, partly paid, dunned, held back, and one paid in excess."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from zoneinfo import ZoneInfo

from django.db.models import F

from billing.collecting.dunning import TEMPLATE, owe_letters
from billing.collecting.pausing import pause
from billing.models import Document, DunningPause, DunningStep
from cantine.demo.diary import Diary
from cantine.demo.people import Cast
from cantine.demo.transfers import receive
from members.models import Message

LOOKED_BACK, EVERY = 140, 5
"""Letters are looked for so many days back, and so often."""
HOUR = time(9)
SHARE = Decimal("0.40")
EXCESS = Decimal("12.00")


def note_letters(*, diary: Diary, since: date, zone: ZoneInfo) -> None:
    """Let the letters of the past months be written in their time, by steps that hold from `since`."""
    DunningStep.objects.update(valid_from=since)
    today = diary.now.astimezone(zone).date()
    for days in range(0, LOOKED_BACK, EVERY):
        diary.note(today - timedelta(days=days), HOUR, zone, _write_letters)


def _write_letters(now: datetime) -> None:
    """Write what is due; it has gone out since."""
    owe_letters(now)
    Message.objects.filter(template=TEMPLATE, state=Message.OWED).update(
        state=Message.SENT, sent_at=now, subject="Relance de la démonstration"
    )


def build(*, cast: Cast, now: datetime) -> None:
    """Follow up what organisations left unpaid of their bookings: transfers, two pauses."""
    late = Document.objects.unpaid().filter(due_on__lt=now.date(), customer__in=cast.on_terms)
    late = late.select_related("customer", "seller", "order")
    rows = late.order_by(F("due_on").desc(), "pk")
    for document in islice(rows, 0, 3):
        part = (document.owed * SHARE).quantize(Decimal("0.01"))
        receive(part, of=document, by=cast.manager, now=now)
    for document in islice(rows, 3, 4):
        receive(document.owed + EXCESS, of=document, by=cast.manager, now=now)
    for place, document in enumerate(islice(late.order_by("due_on", "pk"), 2)):
        _hold_back(document, cast, now, disputed=not place)


def _hold_back(document: Document, cast: Cast, now: datetime, *, disputed: bool) -> None:
    pause(
        document=document,
        why=DunningPause.Why.DISPUTED if disputed else DunningPause.Why.PROMISED,
        reason="Montant contesté par téléphone" if disputed else "Règlement promis pour la fin du mois",
        until=None if disputed else now.date() + timedelta(days=14),
        by=cast.manager,
        now=now,
    )
