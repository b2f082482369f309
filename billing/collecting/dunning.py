"""Dunning: which document has its next letter today, and owing it, once per document and step."""

import datetime as dt
import logging
from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from billing.collecting.charging import charges_on
from billing.models import Document, DunningLetter, DunningPause, DunningStep, Payment
from billing.orders.services import lock
from members.messages import owing
from members.transactions import own_transaction

log = logging.getLogger(__name__)

TEMPLATE = "billing/dunning"


def may_be_dunned(today: dt.date) -> QuerySet[Document]:
    """Documents late on `today` about which letters may go out.

    Not those that are paused, credited in whole or in part, or whose payment is disputed: a person looks at
    these.
    """
    pauses = DunningPause.objects.standing(today).filter(
        Q(document=OuterRef("pk")) | Q(customer=OuterRef("customer"))
    )
    disputed = Payment.objects.filter(
        order=OuterRef("order"), state__in=[Payment.State.DISPUTED, Payment.State.LOST]
    )
    late = Document.objects.unpaid().filter(due_on__lt=today, credit_notes=None)
    return (
        late.exclude(Exists(pauses)).exclude(Exists(disputed)).select_related("customer", "seller", "order")
    )


def next_step(
    steps: Sequence[DunningStep], letters: Sequence[DunningLetter], *, due_on: dt.date, today: dt.date
) -> DunningStep | None:
    """Choose the step whose letter is due on `today`: the first not written, never two at once. Pure.

    After a letter the next one waits as many days as lie between their steps, so that a pause or a late start
    brings no two letters in a row. What fell due before the steps began is not asked for.
    """
    written = max((letter.position for letter in letters), default=0)
    following = [step for step in steps if step.position > written]
    if not following or due_on < min(step.valid_from for step in steps):
        return None
    step = min(following, key=lambda each: each.position)
    if today < due_on + dt.timedelta(days=step.days_after):
        return None
    before = next((each for each in steps if each.position == written), None)
    last = max((letter.on for letter in letters), default=None)
    if last and before and today < last + dt.timedelta(days=step.days_after - before.days_after):
        return None
    return step


def owe_letters(now: dt.datetime) -> int:
    """Owe every letter that is due, each in a transaction of its own; gives how many."""
    written = 0
    for document in may_be_dunned(timezone.localdate(now)).order_by("due_on", "pk"):
        try:
            written += owe_letter(document=document, now=now) is not None
        except Exception:  # one that fails must not hold up the others; tomorrow's look tries again
            log.exception("The letter about %s could not be owed", document.number)
    return written


@own_transaction
def owe_letter(*, document: Document, now: dt.datetime) -> DunningLetter | None:
    """Owe the letter of `document` that is due, if one is; two that run at once owe it once."""
    lock(document.order)
    today = document.seller.today(now)
    found = may_be_dunned(today).filter(pk=document.pk).first()
    if found is None or found.due_on is None:
        return None
    letters = list(found.letters.all())
    step = next_step(DunningStep.objects.in_force(today), letters, due_on=found.due_on, today=today)
    if step is None:
        return None
    charges = charges_on(found, today=today) if step.tells_charges else None
    letter = DunningLetter.objects.create(
        document=found,
        step=step,
        position=step.position,
        on=today,
        at=now,
        owed=found.owed,
        penalties=charges.penalties if charges else 0,
        indemnity=charges.indemnity if charges else 0,
    )
    owing.owe(
        owing.letter(
            to=found.customer.email,
            language=found.customer.language,
            template=TEMPLATE,
            key=letter.message_key,
            attachments=(f"document:{found.pk}",),
            letter=letter.pk,
        )
    )
    return letter
