"""Who asked to rent is forgotten some time after the day; what accounting must keep stays in billing."""

import logging
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import ProtectedError

from billing.models import Customer, Quote, QuoteFile
from bookings.models import RentalDay, RentalFeedback, RentalRequest
from members.models import Message
from members.transactions import own_transaction

log = logging.getLogger(__name__)

PERSONAL = ("name", "email", "phone", "organisation_name", "purpose", "next_action")


def erase_due(now: datetime, limit: int = 100) -> int:
    """Forget who asked for the days of long ago, a request at a time; says how many."""
    done = 0
    for request in RentalRequest.objects.to_forget(now)[:limit]:
        try:
            done += _erase(request, now=now)
        except Exception:  # one that fails must not keep the others from being forgotten
            log.exception("Rental request %s could not be erased", request.pk)
    return done


@own_transaction
def _erase(request: RentalRequest, *, now: datetime) -> bool:
    rows = RentalRequest.objects.to_forget(now).filter(pk=request.pk)
    found = rows.select_for_update(of=("self",), no_key=True, skip_locked=True).first()
    if found is None:
        return False
    forget(found, now=now)
    return True


def forget(request: RentalRequest, *, now: datetime) -> None:
    """Step: erase names, addresses and words; space, day, price and state stay, as figures."""
    _erase_quotes(request)
    _erase_day(request)
    request.changes.update(words="", answer="")
    told = Message.objects.filter(template__startswith="rentals/", ids__request=request.pk)
    told.filter(state=Message.State.OWED).update(state=Message.State.DROPPED)
    told.update(to="", subject="")
    for name in PERSONAL:
        setattr(request, name, "")
    request.erased_at, request.form_token = now, ""
    request.save(update_fields=[*PERSONAL, "erased_at", "form_token"])


def _erase_day(request: RentalRequest) -> None:
    """Step: who was on duty and what was written freely go; the mark stays, as a figure."""
    RentalDay.objects.filter(rental__request=request).update(contact_name="", contact_phone="", told={})
    RentalFeedback.objects.filter(rental__request=request).update(text="")


def _erase_quotes(request: RentalRequest) -> None:
    """Step: quotes that came to nothing go, with their files; what was accepted is kept as accounts are."""
    ended = Quote.objects.filter(rental__request=request).exclude(
        state__in=[Quote.State.SENT, Quote.State.ACCEPTED]
    )
    customers = list(ended.values_list("customer", flat=True).distinct())
    for row in QuoteFile.objects.filter(quote__in=ended):
        transaction.on_commit(partial(row.file.storage.delete, str(row.file.name)), robust=True)
    ended.delete()
    for contact in Customer.objects.filter(pk__in=customers, kind=Customer.Kind.CONTACT):
        _forget(contact)


def _forget(contact: Customer) -> None:
    """Step: a contact who only ever had quotes goes too."""
    try:
        with transaction.atomic():
            contact.delete()
    except ProtectedError:  # they ordered, registered, or have another quote
        return
