"""Are closings still what they were made, and what the events say? Worked out again from the rows."""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import pairwise

from django.conf import settings

from billing.chain import is_signed, link
from billing.models import PaymentChain, PaymentEvent, Seller, TillClosing
from billing.till.closing import DERIVED, ENDS, content_of, derived, first_day, periods, span_of
from billing.till.reading import end_hashes, read, together
from billing.till.spans import DAY, Span
from billing.till.totals import Totals

Kind = TillClosing.Kind


def broken_closings(seller: Seller) -> Iterator[str]:
    """Walk a seller's three chains of closings, and say of each closing that is wrong what it is of."""
    rows = list(TillClosing.objects.filter(seller=seller).chained())
    by_kind = {kind: [row for row in rows if row.kind == kind] for kind in Kind.values}
    daily = by_kind[Kind.DAY]
    spans = [span_of([row]) for row in daily]
    holes = [row for before, row in pairwise(daily) if not _touch(before, row)]
    yield from (f"day {row.first_day}: it does not follow the day before" for row in holes)
    if holes:
        return  # without its days nothing can be added up
    sums = read(seller, spans)
    yield from _walk(seller, Kind.DAY, daily, spans, sums)
    yield from _wrong_end(seller, daily)
    by_day = dict(zip((row.first_day for row in daily), sums, strict=True))
    for kind in (Kind.MONTH, Kind.YEAR):
        whole = [part for part in periods(daily, kind) if ENDS[kind](part[0].first_day) == part[-1].last_day]
        wanted = [together(by_day[row.first_day] for row in part) for part in whole]
        made = by_kind[kind]
        yield from _walk(seller, kind, made, [span_of(part) for part in whole[: len(made)]], wanted)
        if len(made) != len(whole):
            yield f"{kind}: {len(made)} closings for {len(whole)} periods whose days are all closed"


def _touch(before: TillClosing, row: TillClosing) -> bool:
    return before.last_day + DAY == row.first_day and before.ends_at == row.starts_at


def _walk(
    seller: Seller, kind: str, rows: Sequence[TillClosing], spans: Sequence[Span], sums: Sequence[Totals]
) -> Iterator[str]:
    hashes, before = end_hashes(seller, sums), None
    for row, span, totals in zip(rows, spans, sums, strict=False):
        wanted = derived(seller, kind, span, totals, after=before)
        wrong = [name for name in DERIVED if getattr(row, name) != getattr(wanted, name)]
        if row.last_event_hash != hashes.get(totals.to_sequence or 0, ""):
            wrong.append("last_event_hash")
        if not _is_sealed(row):
            wrong.append("hash or signature")
        if wrong:
            yield f"{kind} {row.first_day}: {', '.join(wrong)}"
        before = row


def _is_sealed(row: TillClosing) -> bool:
    keys = (settings.SIGNING_KEY, *settings.SIGNING_KEY_FALLBACKS)
    return row.hash == link(row.previous_hash, content_of(row)) and any(
        is_signed(row.hash, row.signature, key) for key in keys
    )


def _wrong_end(seller: Seller, daily: Sequence[TillClosing]) -> Iterator[str]:
    """The chain says up to when days are closed, and nothing was recorded before the first of them."""
    chain = PaymentChain.objects.filter(seller=seller).first()
    end = (chain.closed_on, chain.closed_until) if chain else (None, None)
    if end != ((daily[-1].last_day, daily[-1].ends_at) if daily else (None, None)):
        yield f"the chain is closed up to {end[0]}, its closings are not"
    if daily and PaymentEvent.objects.filter(seller=seller, at__lt=daily[0].starts_at).exists():
        yield f"day {daily[0].first_day}: events before the first closing"


def days_left_open(seller: Seller, now: dt.datetime) -> dt.date | None:
    """The first day that is over at `now` and that nobody closed, or None."""
    chain = PaymentChain.objects.filter(seller=seller).first()
    due = chain.closed_on + DAY if chain and chain.closed_on else first_day(seller)
    return due if due is not None and due < seller.today(now) else None
