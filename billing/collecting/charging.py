"""The charges that a late document would allow: proposed to who decides, never invoiced by themselves."""

import datetime as dt

from billing.collecting.owed import days_late
from billing.collecting.penalties import INDEMNITY, Charges, penalties
from billing.models import Document, LateRate
from billing.money import ZERO

ANNOUNCED = ("late_penalties", "recovery_fee")
"""What an invoice must have said for it to be asked: consumers and public bodies have other words."""


def charges_on(document: Document, *, today: dt.date) -> Charges | None:
    """Work out what could be asked on `today`; None where nothing is late, or the buyer is no business.

    Penalties count on what was owed each day: a part paid stops counting from the day after.
    """
    days = days_late(document, today)
    said = {mention["code"] for mention in document.snapshot.content["mentions"]}
    if not days or not said.issuperset(ANNOUNCED):
        return None
    due_on = document.due_on or document.issued_on
    taken = [(_day(row.at, document), row.amount) for row in document.allocations.all()]
    rates = list(LateRate.objects.up_to(today).values_list("valid_from", "percent"))
    owed = penalties(due_on=due_on, today=today, total=document.total_incl, taken=taken, rates=rates)
    return Charges(days, max(owed, ZERO), INDEMNITY)


def _day(at: dt.datetime, document: Document) -> dt.date:
    return document.seller.today(at)
