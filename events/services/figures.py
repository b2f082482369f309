"""What an event came to: who was expected, who came, what it earned, what people thought of it."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Avg, Count, Q, QuerySet, Sum

from billing.models import DocumentKind, DocumentLine, OrderLine
from billing.money import ZERO
from events.models import Event, Feedback, Registration, Seat

State = Registration.State


@dataclass(frozen=True)
class Figures:
    """Numbers of seats; `earned` in euros, VAT included, as invoiced less what was credited."""

    registered: int
    came: int
    walk_ins: int
    waited: int
    left: int
    earned: Decimal
    earned_excl: Decimal
    opinions: int
    rating: float | None

    @property
    def no_shows(self) -> int:
        """Seats that stayed empty though someone had them."""
        return self.registered + self.walk_ins - self.came


def figures_of(event: Event) -> Figures:
    """Read an event's figures, in few queries; they stand after its registrants are erased."""
    walk_in = Q(registration__source=Registration.Source.WALK_IN)
    sure = Seat.objects.filter(registration__event=event, registration__state=State.CONFIRMED)
    seats = sure.aggregate(
        registered=Count("pk", filter=~walk_in),
        walk_ins=Count("pk", filter=walk_in),
        came=Count("attendance"),
    )
    others = event.registrations.aggregate(
        waited=Sum("seats", filter=Q(state=State.WAITING), default=0),
        left=Sum("seats", filter=Q(state=State.CANCELLED, confirmed_at__isnull=False), default=0),
    )
    opinions = Feedback.objects.filter(event=event).aggregate(n=Count("pk"), rating=Avg("rating"))
    earned = _invoiced(event, DocumentKind.INVOICE)
    credited = _invoiced(event, DocumentKind.CREDIT_NOTE)
    return Figures(
        **seats,
        **others,
        earned=earned[0] - abs(credited[0]),
        earned_excl=earned[1] - abs(credited[1]),
        opinions=opinions["n"],
        rating=opinions["rating"],
    )


def _invoiced(event: Event, kind: str) -> tuple[Decimal, Decimal]:
    """What documents of one kind add up to for an event's registrations, with and without VAT."""
    lines = OrderLine.objects.filter(registration__event=event)
    rows = DocumentLine.objects.filter(document__kind=kind, order_line__in=lines)
    sums = rows.aggregate(incl=Sum("amount_incl", default=ZERO), excl=Sum("amount_excl", default=ZERO))
    return sums["incl"], sums["excl"]


def opinions_of(event: Event) -> "QuerySet[Feedback]":
    """What people wrote, the latest first; nobody is named."""
    return Feedback.objects.filter(event=event).exclude(text="")
