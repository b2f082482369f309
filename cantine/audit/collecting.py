"""What was collected: transfers are whole, credits stay within themselves, letters have their e-mail."""

from collections.abc import Iterator

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from billing.models import Correction, DunningLetter, Payment, Transfer
from billing.payments.keeping import with_credit
from cantine.audit.money import ZERO
from members.models import Message


def transfers_not_whole() -> Iterator[str]:
    """The payments of a transfer add up to it, and are its customer's and its seller's."""
    sums = Transfer.objects.annotate(paid=Coalesce(Sum("payments__amount"), ZERO))
    for transfer in sums.exclude(paid=F("amount")).select_related("customer"):
        yield f"transfer {transfer}: its payments make {transfer.paid}"
    strange = Payment.objects.filter(transfer__isnull=False).exclude(
        order__customer=F("transfer__customer"), order__seller=F("transfer__seller")
    )
    for payment in strange.select_related("order", "transfer__customer"):
        yield f"payment {payment} is not of the customer or seller of transfer {payment.transfer}"


def credits_beyond_themselves() -> Iterator[str]:
    """What of a transfer was set against documents or given back never passes its payment."""
    received = Payment.objects.filter(transfer__isnull=False)
    for payment in with_credit(received).filter(Q(credit__lt=0)).select_related("order"):
        yield f"payment {payment}: {-payment.credit} more was used than it brought"
    foreign = Payment.objects.filter(allocations__isnull=False).exclude(
        allocations__document__customer=F("order__customer")
    )
    for payment in foreign.select_related("order").distinct():
        yield f"payment {payment} pays a document of another customer"
    yield from _credit_notes_used_beyond_themselves()


def _credit_notes_used_beyond_themselves() -> Iterator[str]:
    for row in Correction.objects.filter(kept__gt=F("credit_note__total_incl") - F("lowered")):
        yield f"credit note {row}: {row.lowered} lowered and {row.kept} kept"
    for row in Correction.objects.with_credit().filter(Q(credit__lt=0)):
        yield f"credit note {row}: {-row.credit} more was used than was kept"


def letters_without_their_message() -> Iterator[str]:
    """Each dunning letter has its e-mail, and asked for something of an invoice that was due by then."""
    keys = {letter.message_key: letter for letter in DunningLetter.objects.select_related("document")}
    known = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    for key, letter in keys.items():
        if key not in known:
            yield f"the letter {letter.position} about {letter.document} has no message"
        if letter.document.due_on is None or letter.on <= letter.document.due_on:
            yield f"the letter {letter.position} about {letter.document} was early"
        if letter.owed > letter.document.total_incl:
            yield f"the letter {letter.position} about {letter.document} asked for too much"
