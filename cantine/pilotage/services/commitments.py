"""Keeping a commitment, and taking it back."""

from datetime import datetime

from cantine.pilotage.models import Commitment
from members import reach
from members.errors import NotAllowed
from members.models import User
from members.transactions import own_transaction

RIGHT = "cantine.change_commitment"


@own_transaction
def keep_commitment(*, commitment: Commitment, by: User, now: datetime) -> bool:
    """Note that it is kept; a second time keeps the first day and who it was, and says False."""
    _allowed(commitment, by)
    kept = Commitment.objects.open().filter(pk=commitment.pk).update(done_at=now, done_by=by)
    return bool(kept)


@own_transaction
def reopen_commitment(*, commitment: Commitment, by: User) -> bool:
    """Note that it is to be kept after all."""
    _allowed(commitment, by)
    return bool(Commitment.objects.filter(pk=commitment.pk).update(done_at=None, done_by=None))


def _allowed(commitment: Commitment, by: User) -> None:
    if not (by.has_perm(RIGHT) and reach.manages(by, commitment)):
        raise NotAllowed
