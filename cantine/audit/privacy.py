"""What people may count on: who asked to be forgotten was, and nothing is kept beyond its time."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from members import personal_data
from members.models import Closing, DataRequest, User

FORGETTING = timedelta(days=1)
"""How late the looks for what is to forget may be before the audit says so."""


def erased_accounts_still_known() -> Iterator[str]:
    """Nothing is left of who closed their account."""
    people = User.objects.filter(closings__erased_at__isnull=False)
    for handler in personal_data.handlers():
        yield from handler.left(people)


def closings_left_standing(now: datetime) -> Iterator[str]:
    """Accounts whose waiting time is over were erased; what has to be settled first is named here too."""
    for closing in Closing.objects.due(now - FORGETTING):
        yield f"account {closing.user_id} should be erased since {closing.due_at:%Y-%m-%d}"


def copies_left(now: datetime) -> Iterator[str]:
    """Copies of data were made soon, and deleted in time."""
    for request in DataRequest.objects.filter(state=DataRequest.State.ASKED, asked_at__lte=now - FORGETTING):
        yield f"the copy of data {request.pk} was not made"
    for request in DataRequest.objects.over(now - FORGETTING):
        yield f"the copy of data {request.pk} is still there"
