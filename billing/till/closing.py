"""Closing the till: every day that is over, then the months and years whose days are all closed.

All of it happens under the lock of the seller's chain, which every event and document takes: what is being
recorded is waited for, and what comes afterwards is of a day that is still open. So a closed day never gains
or loses an event, and what a closing says can be worked out again at any time.
"""

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db.models import Min

from billing.chain import link, sign
from billing.models import Document, PaymentChain, PaymentEvent, Seller, TillClosing
from billing.payments.ledger import lock_chain
from billing.sellers import issues_specimens
from billing.till.journal import note_mode
from billing.till.reading import end_hashes, read, together
from billing.till.spans import DAY, Span, days, end_of_month, end_of_year
from billing.till.totals import Totals, totals_of, written
from members.transactions import own_transaction, require_transaction

log = logging.getLogger(__name__)

BATCH = 366
"""Days closed in one transaction: payments wait for its lock."""

Kind = TillClosing.Kind
ENDS: dict[str, Callable[[dt.date], dt.date]] = {Kind.MONTH: end_of_month, Kind.YEAR: end_of_year}


def close_due(now: dt.datetime) -> int:
    """Process: close whatever is over, of every seller, in order; return how many closings that made."""
    made = 0
    for seller in Seller.objects.order_by("pk"):
        note_mode(seller=seller, now=now)
        while closed := close_day(seller=seller, now=now):
            made += closed
        made += close_month(seller=seller, now=now) + close_year(seller=seller, now=now)
    return made


@own_transaction
def close_day(*, seller: Seller, now: dt.datetime) -> int:
    """Close each day that is over at the seller's, at most `BATCH` of them; without movement too."""
    chain = lock_chain(seller)
    spans = list(_days_due(seller, chain, now))[:BATCH]
    if not spans:
        return 0
    _write(seller, Kind.DAY, spans, read(seller, spans), now)
    chain.closed_on, chain.closed_until = spans[-1].last_day, spans[-1].ends_at
    chain.save(update_fields=["closed_on", "closed_until"])
    return len(spans)


@own_transaction
def close_month(*, seller: Seller, now: dt.datetime) -> int:
    """Close each month whose days are all closed."""
    return _close_whole(seller, Kind.MONTH, now)


@own_transaction
def close_year(*, seller: Seller, now: dt.datetime) -> int:
    """Close each calendar year whose days are all closed."""
    return _close_whole(seller, Kind.YEAR, now)


def first_day(seller: Seller) -> dt.date | None:
    """The first day on which something moved or was issued; nothing is closed before it."""
    at = PaymentEvent.objects.filter(seller=seller).aggregate(at=Min("at"))["at"]
    issued = Document.objects.filter(seller=seller).aggregate(on=Min("issued_on"))["on"]
    return min((day for day in (at and seller.today(at), issued) if day), default=None)


def _days_due(seller: Seller, chain: PaymentChain, now: dt.datetime) -> Iterator[Span]:
    first = chain.closed_on + DAY if chain.closed_on else first_day(seller)
    if first is None:
        return iter(())
    spans = days(first, seller.today(now), seller.zone, chain.closed_until)
    return (span for span in spans if span.ends_at <= now)


def _close_whole(seller: Seller, kind: str, now: dt.datetime) -> int:
    """Step: add up the closed days of each period that is whole since the last one of this kind."""
    closed_on = lock_chain(seller).closed_on
    if closed_on is None:
        return 0
    last = TillClosing.objects.filter(seller=seller, kind=kind).order_by("-number").first()
    rows = TillClosing.objects.filter(seller=seller).days().chained()
    open_rows = rows.filter(first_day__gt=last.last_day) if last else rows
    # Who closed the last day may have had a later `now`: what is not over here waits for the next look.
    whole = [
        part
        for part in periods(open_rows, kind)
        if ENDS[kind](part[0].first_day) <= closed_on and part[-1].ends_at <= now
    ]
    if whole:
        spans = [span_of(part) for part in whole]
        _write(seller, kind, spans, [together(map(totals_of, part)) for part in whole], now)
    return len(whole)


def periods(rows: Iterable[TillClosing], kind: str) -> list[list[TillClosing]]:
    """Put closings of days together by their month or year."""
    return [list(part) for _end, part in groupby(rows, key=lambda row: ENDS[kind](row.first_day))]


def span_of(part: Sequence[TillClosing]) -> Span:
    """What closings of days that follow one another hold together."""
    first, last = part[0], part[-1]
    return Span(first.first_day, last.last_day, first.starts_at, last.ends_at)


def _write(
    seller: Seller, kind: str, spans: Sequence[Span], totals: Sequence[Totals], now: dt.datetime
) -> None:
    """Step: write closings at the end of their chain."""
    require_transaction()
    last = TillClosing.objects.filter(seller=seller, kind=kind).order_by("-number").first()
    hashes, rows = end_hashes(seller, totals), []
    for span, sums in zip(spans, totals, strict=True):
        row = derived(seller, kind, span, sums, after=last)
        row.specimen, row.made_at = issues_specimens(seller), now
        row.last_event_hash = hashes.get(sums.to_sequence or 0, "")
        row.hash = link(row.previous_hash, content_of(row))
        row.signature = sign(row.hash, settings.SIGNING_KEY)
        rows.append(row)
        last = row
    TillClosing.objects.bulk_create(rows, batch_size=500)
    log.info("Till of %s: %s closed up to %s", seller.code, kind, spans[-1].last_day)


def derived(seller: Seller, kind: str, span: Span, sums: Totals, *, after: TillClosing | None) -> TillClosing:
    """The closing that events and the closing before make, whoever works it out."""
    return TillClosing(
        seller=seller,
        kind=kind,
        number=after.number + 1 if after else 1,
        first_day=span.first_day,
        last_day=span.last_day,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        from_sequence=sums.from_sequence,
        to_sequence=sums.to_sequence,
        count=sums.count,
        received=sums.received,
        refunded=sums.refunded,
        methods=written(sums.methods),
        vat=written(sums.vat),
        documents=sums.documents,
        invoiced=sums.invoiced,
        deducted=sums.deducted,
        credited=sums.credited,
        perpetual_count=(after.perpetual_count if after else 0) + sums.count,
        perpetual_received=(after.perpetual_received if after else 0) + sums.received,
        perpetual_refunded=(after.perpetual_refunded if after else 0) + sums.refunded,
        previous_hash=after.hash if after else "",
    )


SUMS = (
    "received", "refunded", "invoiced", "deducted", "credited", "perpetual_received", "perpetual_refunded",
)  # fmt: skip
PLAIN = (
    "number", "first_day", "last_day", "starts_at", "ends_at", "from_sequence", "to_sequence", "count",
    "methods", "vat", "documents", "perpetual_count",
)  # fmt: skip
DERIVED = (*SUMS, *PLAIN, "previous_hash")
"""What events and the closing before say of a closing."""


def content_of(closing: TillClosing) -> dict[str, Any]:
    """List what the hash covers: codes, amounts, dates; no name."""
    return {
        "seller": closing.seller_id,
        "kind": str(closing.kind),
        **{name: getattr(closing, name) for name in PLAIN},
        **{name: f"{getattr(closing, name):.2f}" for name in SUMS},
        "last_event_hash": closing.last_event_hash,
        "specimen": closing.specimen,
        "made_at": closing.made_at,
    }
