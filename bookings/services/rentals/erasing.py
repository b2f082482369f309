"""Who asked to rent is forgotten some time after the day; what accounting must keep stays in billing."""

import logging
from datetime import datetime

from bookings.models import RentalRequest
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
    """Erase names, addresses and words; the space, the day, the price and the state stay, as figures."""
    rows = RentalRequest.objects.to_forget(now).filter(pk=request.pk)
    found = rows.select_for_update(of=("self",), no_key=True, skip_locked=True).first()
    if found is None:
        return False
    told = Message.objects.filter(template__startswith="rentals/", ids__request=found.pk)
    told.filter(state=Message.State.OWED).update(state=Message.State.DROPPED)
    told.update(to="", subject="")
    for name in PERSONAL:
        setattr(found, name, "")
    found.erased_at, found.form_token = now, ""
    found.save(update_fields=[*PERSONAL, "erased_at", "form_token"])
    return True
