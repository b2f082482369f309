"""How far requests have come, since when and what they are worth: read from their rows, never kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    Exists,
    F,
    Min,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import OuterRef
from django.db.models.functions import Coalesce, TruncMonth
from django.utils import timezone

from billing.models import Document, Quote
from bookings.models import Booking, RentalBalance, RentalOption, RentalQuote, RentalRequest
from bookings.models.rental_quote import stood

ZERO = Decimal("0.00")
State = RentalRequest.State


class Stage(StrEnum):
    """Where a request stands for who answers; « à facturer » is won and sure, and its day is over."""

    RECEIVED = "recue"
    QUOTED = "devis"
    WON = "gagnee"
    TO_INVOICE = "a-facturer"
    DONE = "terminee"
    LOST = "perdue"


def standing_quotes(now: datetime) -> QuerySet[RentalQuote]:
    """Quotes that may still be accepted, of requests that wait for an answer: what « Devis envoyés » adds up.

    Sent and still valid, but for those in second rank: only one of two that share a date can be accepted.
    """
    return RentalQuote.objects.filter(
        request__state=State.QUOTED,
        quote__state=Quote.State.SENT,
        quote__valid_until__gt=now,
        shares_date=False,
    )


OPEN = (Stage.RECEIVED, Stage.QUOTED, Stage.WON, Stage.TO_INVOICE)
"""Those that somebody still has to do something about."""


def staged(now: datetime) -> QuerySet[Any]:
    """Requests with `stage`, `since`, `starts_at`, `ends_at`, `excl`, `incl` (euros), `invoice`, `is_late`…

    The amount and the time are those of the quote that stands, else of the last one sent, else what was
    asked and the price that was told; once it is sure the time is that of what it holds. Once there is a
    balance the amount is what it invoices (`invoice` is its number), advance and all. What was quoted
    `counts` while its quote stands.
    """
    invoices = Document.objects.invoices().filter(order__rental_balance__rental__request=OuterRef("pk"))
    quotes = RentalQuote.objects.filter(request=OuterRef("pk"), quote__sent_at__isnull=False)
    stands = Case(When(quote__state__in=[Quote.State.SENT, Quote.State.ACCEPTED], then=0), default=1)
    best = quotes.order_by(stands.asc(), "-quote__version", "-pk")
    rows: QuerySet[Any] = RentalRequest.objects.annotate(
        starts_at=Coalesce(Subquery(stood(best).values("stood_from")[:1]), F("during__startswith")),
        ends_at=Coalesce(Subquery(stood(best).values("stood_until")[:1]), F("during__endswith")),
        invoice=Subquery(invoices.values("number")[:1]),
        excl=Coalesce(
            Subquery(invoices.values("total_excl")[:1]),
            Subquery(best.values("quote__total_excl")[:1]),
            F("price_excl"),
        ),
        incl=Coalesce(
            Subquery(invoices.values("total_incl")[:1]),
            Subquery(best.values("quote__total_incl")[:1]),
            F("price_incl"),
        ),
        sent_first=Subquery(quotes.order_by("quote__sent_at").values("quote__sent_at")[:1]),
        accepted=Subquery(best.values("quote__accepted_at")[:1]),
        stands=Exists(standing_quotes(now).filter(request=OuterRef("pk"))),
    )
    rows = rows.annotate(
        stage=_stage(now), counts=Q(excl__isnull=False) & (~Q(state=State.QUOTED) | Q(stands=True))
    )
    late = Q(stage__in=OPEN, next_action_on__lt=timezone.localdate(now))
    told: QuerySet[Any] = rows.annotate(since=_since(), is_late=Case(When(late, then=True), default=False))
    return told


def _stage(now: datetime) -> Case:
    sure = RentalOption.objects.filter(
        rental__request=OuterRef("pk"),
        rental__quote__state=Quote.State.ACCEPTED,
        booking__state=Booking.State.CONFIRMED,
    )
    over = Q(Exists(sure), state=State.WON, ends_at__lte=now)
    plain = {State.RECEIVED: Stage.RECEIVED, State.QUOTED: Stage.QUOTED, State.WON: Stage.WON}
    return Case(
        When(over, then=Value(Stage.TO_INVOICE.value)),
        *(When(state=state, then=Value(stage.value)) for state, stage in plain.items()),
        When(state=State.DONE, then=Value(Stage.DONE.value)),
        default=Value(Stage.LOST.value),
        output_field=CharField(),
    )


def _since() -> Case:
    """When a request came to its stage."""
    return Case(
        When(stage=Stage.QUOTED, then=Coalesce("sent_first", "received_at")),
        When(stage=Stage.WON, then=Coalesce("accepted", "received_at")),
        When(stage=Stage.TO_INVOICE, then=F("ends_at")),
        When(stage__in=[Stage.DONE, Stage.LOST], then=Coalesce("closed_at", "received_at")),
        default=F("received_at"),
        output_field=DateTimeField(),
    )


@dataclass(frozen=True, slots=True)
class Total:
    """What stands at a stage, in euros; `unpriced` count for nothing, without a price or a standing quote."""

    stage: Stage
    number: int = 0
    excl: Decimal = ZERO
    incl: Decimal = ZERO
    unpriced: int = 0
    oldest: datetime | None = None


def totals(rows: QuerySet[Any]) -> list[Total]:
    """Add up `staged` rows by stage; empty stages stand with zero."""
    sums = rows.order_by().values("stage").annotate(
        number=Count("pk"),
        all_excl=Coalesce(Sum("excl", filter=Q(counts=True)), ZERO),
        all_incl=Coalesce(Sum("incl", filter=Q(counts=True)), ZERO),
        unpriced=Count("pk", filter=Q(counts=False)),
        oldest=Min("since"),
    )  # fmt: skip
    found = {
        each["stage"]: Total(
            Stage(each["stage"]),
            each["number"],
            each["all_excl"],
            each["all_incl"],
            each["unpriced"],
            each["oldest"],
        )
        for each in sums
    }
    return [found.get(stage, Total(stage)) for stage in Stage]


def months(rows: QuerySet[Any]) -> list[datetime]:
    """The months in which `staged` rows take place, the first one first."""
    found = rows.order_by().annotate(month=TruncMonth("starts_at")).values_list("month", flat=True)
    return sorted(set(found))


@dataclass(frozen=True, slots=True)
class Lost:
    """How many requests were lost for a reason, and what they were worth, VAT excluded."""

    reason: str
    number: int
    excl: Decimal


def lost_reasons(rows: QuerySet[Any], *, days: int, now: datetime) -> list[Lost]:
    """Count the reasons of what was lost in the last `days`; 0 for ever. The most frequent first."""
    lost = rows.filter(state=State.LOST)
    if days:
        lost = lost.filter(closed_at__gt=now - timedelta(days=days))
    sums = lost.order_by().values("lost_reason").annotate(
        number=Count("pk"), all_excl=Coalesce(Sum("excl"), ZERO)
    )  # fmt: skip
    found = [Lost(each["lost_reason"], each["number"], each["all_excl"]) for each in sums]
    return sorted(found, key=lambda each: (-each.number, each.reason))


def orders_of(requests: Iterable[int]) -> dict[int, int]:
    """The orders of requests (by their pk), each with its request: of advances, of bookings, of balances."""
    wanted = list(requests)
    advances = RentalQuote.objects.filter(request__in=wanted, quote__advance_order__isnull=False)
    found = dict(advances.values_list("quote__advance_order", "request"))
    booked = RentalOption.objects.filter(rental__request__in=wanted, booking__line__isnull=False)
    found |= dict(booked.values_list("booking__line__order", "rental__request"))
    balances = RentalBalance.objects.filter(rental__request__in=wanted)
    return found | dict(balances.values_list("order", "rental__request"))
