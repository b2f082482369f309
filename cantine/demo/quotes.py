"""The demonstration's quotes: each went the way its word says, through the services, some days ago."""

from datetime import date, datetime, timedelta

from billing.quotes.services import Evidence
from billing.settlement.services import take_at_desk
from bookings.models import RentalDiscount, RentalQuote, RentalRequest, ScaleStep, Site
from bookings.services.rentals.answering import accept_quote, refuse_quote
from bookings.services.rentals.ending import expire_due
from bookings.services.rentals.quoting import draft_quote
from bookings.services.rentals.sending import send_quote
from members.errors import Refused
from members.models import User

DISCOUNTS = (
    ("member", 20, "Remise aux membres", "Members’ discount"),
    ("association", 15, "Remise aux associations", "Discount for associations"),
    ("startup", 10, "Remise aux jeunes pousses", "Discount for start-ups"),
    ("school", 25, "Remise aux écoles", "Discount for schools"),
)
SCALE = ((30, 0), (15, 30), (7, 50), (0, 100))
AFTER = timedelta(days=1)
"""How long after its request a quote is sent, and answered after that."""
AGENT = "Navigateur inventé"


def build_discounts(site: Site, *, since: date) -> None:
    """The rules of discounts of a site, and its scale of cancellations."""
    for days, percent in SCALE:
        ScaleStep.objects.create(site=site, days_before=days, percent_kept=percent, valid_from=since)
    for audience, percent, label, label_en in DISCOUNTS:
        RentalDiscount.objects.create(
            site=site, audience=audience, percent=percent, label=label, label_en=label_en, valid_from=since
        )


def build(request: RentalRequest, way: str, *, came: datetime, now: datetime) -> None:
    """Prepare a quote and bring it as far as `way` says; one whose date is taken stays a draft."""
    at = min(came + AFTER, now)
    if way in ("sent", "accepted"):
        at = now - timedelta(hours=3)  # so that it stands for days to come
    rental = draft_quote(request=request, by=_manager(), now=at)
    if way == "draft":
        return
    try:
        rental = send_quote(rental=rental, now=at)
    except Refused:
        return
    _answer(rental, way, at=at, now=now)


def _answer(rental: RentalQuote, way: str, *, at: datetime, now: datetime) -> None:
    later = min(at + AFTER, now)
    if way == "refused":
        refuse_quote(rental=rental, reason="Le prix ne nous convient pas.", now=later)
    elif way == "expired":
        expire_due(now)
    elif way in ("accepted", "paid"):
        who = Evidence(rental.request.name, "en mon nom", "192.0.2.10", AGENT)
        order = accept_quote(rental=rental, evidence=who, now=later).quote.advance_order
        if way == "paid" and order is not None:
            take_at_desk(order=order, method="transfer", by=_manager(), now=later)


def _manager() -> User:
    return User.objects.filter(groups__name="manager").order_by("pk")[0]
