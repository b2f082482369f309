"""Invariant 4 and 5 for the till: closings are what events say, none is missing, archives are as made."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from billing.models import Remittance, Seller, TillArchive
from billing.till import verifying
from billing.till.opening_archives import is_as_made
from billing.till.remitting import signed

CLOSING = timedelta(hours=3)
"""How long after midnight days may still be open."""


def broken_closing_chains() -> Iterator[str]:
    """Each closing is what its events and the one before make, signed; none is missing, double or moved."""
    for seller in Seller.objects.order_by("pk"):
        for found in verifying.broken_closings(seller):
            yield f"{seller.code}: {found}"


def archives_not_as_made() -> Iterator[str]:
    """The file of each archive is there, byte for byte."""
    for archive in TillArchive.objects.select_related("closing__seller"):
        if not is_as_made(archive):
            yield f"archive {archive}: its file {archive.file.name} is gone or is not the one that was made"


def days_left_open(now: datetime) -> Iterator[str]:
    """Every day that is over was closed."""
    for seller in Seller.objects.order_by("pk"):
        due = verifying.days_left_open(seller, now - CLOSING)
        if due is not None:
            yield f"{seller.code}: {due} is still open"


def remittances_not_whole() -> Iterator[str]:
    """Each remittance holds what makes its amount, of its seller and means; one withdrawn holds nothing."""
    for row in Remittance.objects.prefetch_related("contents__event"):
        contents = list(row.contents.all())
        held = sum(signed(each.event) for each in contents)
        if held != row.amount:
            yield f"remittance {row.pk}: it holds {held}, and says {row.amount}"
        if any((each.event.seller_id, each.event.method) != (row.seller_id, row.method) for each in contents):
            yield f"remittance {row.pk}: it holds what is not its seller's, or came otherwise"
        if any(each.stands != (row.withdrawn_at is None) for each in contents):
            yield f"remittance {row.pk}: what it holds does not stand as it does"
