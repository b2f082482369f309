"""What stages, sums and debts come to, worked out anew from the raw rows, one by one, without our queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from billing.models import Allocation, Document, DocumentLine, Order, Payment, QuoteLine, Refund
from bookings.models import RentalBalance, RentalQuote, RentalRequest

ZERO = Decimal("0.00")
PLAIN = {"received": "recue", "quoted": "devis", "done": "terminee", "lost": "perdue", "cancelled": "perdue"}


@dataclass
class Sum:
    """What stands at one stage."""

    number: int = 0
    excl: Decimal = ZERO
    incl: Decimal = ZERO
    unpriced: int = 0
    oldest: datetime | None = None


@dataclass
class Money:
    """The papers and the money of one request."""

    invoiced: Decimal = ZERO
    advanced: Decimal = ZERO
    credited: Decimal = ZERO
    received: Decimal = ZERO
    given_back: Decimal = ZERO
    credit: Decimal = ZERO
    owed: Decimal = ZERO


@dataclass
class Raw:
    """Rows by what they belong to, each table read once and whole."""

    now: datetime
    quotes: dict[int, list[RentalQuote]] = field(default_factory=lambda: defaultdict(list))
    quoted: dict[int, list[QuoteLine]] = field(default_factory=lambda: defaultdict(list))
    balances: dict[int, Document] = field(default_factory=dict)
    lines: dict[int, list[DocumentLine]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for rental in RentalQuote.objects.select_related("quote"):
            self.quotes[rental.request_id].append(rental)
        for offered in QuoteLine.objects.all():
            self.quoted[offered.quote_id].append(offered)
        for line in DocumentLine.objects.all():
            self.lines[line.document_id].append(line)
        orders = {
            each.order_id: each.rental.request_id for each in RentalBalance.objects.select_related("rental")
        }
        for document in Document.objects.filter(kind__in=["invoice", "final"]):
            if document.order_id in orders:
                self.balances[orders[document.order_id]] = document

    def offer(self, request: RentalRequest) -> RentalQuote | None:
        """The quote that stands, else the last one that was sent."""
        sent = [each for each in self.quotes[request.pk] if each.quote.sent_at]
        standing = [each for each in sent if each.quote.state in {"sent", "accepted"}]
        return max(standing or sent, key=lambda each: each.quote.version, default=None)

    def stage(self, request: RentalRequest) -> str:
        """Where it stands."""
        if request.state != "won":
            return PLAIN[request.state]
        offer = self.offer(request)
        assert offer is not None
        return "a-facturer" if offer.period.end <= self.now else "gagnee"

    def amounts(self, request: RentalRequest) -> tuple[Decimal, Decimal] | None:
        """What it is worth: what was invoiced, else quoted, else told."""
        offer, balance = self.offer(request), self.balances.get(request.pk)
        rows: Iterable[DocumentLine | QuoteLine] = ()
        if balance is not None:
            rows = self.lines[balance.pk]
        elif offer is not None:
            rows = self.quoted[offer.quote_id]
        elif request.price_excl is None or request.price_incl is None:
            return None
        else:
            return request.price_excl, request.price_incl
        return sum((row.amount_excl for row in rows), ZERO), sum((row.amount_incl for row in rows), ZERO)

    def counted(self, request: RentalRequest) -> tuple[Decimal, Decimal] | None:
        """The same, but for what was quoted and can no longer be accepted, or is second in line."""
        offer = self.offer(request)
        if request.state == "quoted":
            stands = offer and offer.quote.state == "sent" and offer.quote.valid_until > self.now
            return self.amounts(request) if stands and offer and not offer.shares_date else None
        return self.amounts(request)

    def since(self, request: RentalRequest) -> datetime:
        """When it came to its stage."""
        stage, offer = self.stage(request), self.offer(request)
        if stage in {"terminee", "perdue"}:
            assert request.closed_at is not None
            return request.closed_at
        if stage == "recue" or offer is None:
            return request.received_at
        if stage == "devis":
            return min(each.quote.sent_at for each in self.quotes[request.pk] if each.quote.sent_at)
        if stage == "a-facturer":
            return offer.period.end
        assert offer.quote.accepted_at is not None
        return offer.quote.accepted_at


def sums(now: datetime) -> dict[str, Sum]:
    """The pipeline, stage by stage."""
    raw, found = Raw(now), defaultdict[str, Sum](Sum)
    for request in RentalRequest.objects.all():
        row, amounts, since = found[raw.stage(request)], raw.counted(request), raw.since(request)
        row.number += 1
        row.unpriced += amounts is None
        row.excl += amounts[0] if amounts else ZERO
        row.incl += amounts[1] if amounts else ZERO
        row.oldest = min(row.oldest or since, since)
    return dict(found)


def money() -> dict[int, Money]:
    """The papers and the money of each request, by the customer who pays, who asked only once."""
    found: dict[int, Money] = {}
    for rental in RentalQuote.objects.select_related("quote"):
        found.setdefault(rental.request_id, _money_of(rental.quote.customer_id))
    return found


def _money_of(customer: int) -> Money:
    orders = list(Order.objects.filter(customer=customer).values_list("pk", flat=True))
    documents = list(Document.objects.filter(customer=customer))
    used = list(Allocation.objects.filter(document__in=documents))
    money = Money()
    for document in documents:
        total = sum((line.amount_incl for line in DocumentLine.objects.filter(document=document)), ZERO)
        assert total == document.total_incl
        if document.kind == "credit_note":
            money.credited += total
            continue
        money.invoiced += total
        money.owed += total - sum((each.amount for each in used if each.document_id == document.pk), ZERO)
    money.advanced = sum((each.amount for each in used if each.advance_id), ZERO)
    payments = list(Payment.objects.filter(order__in=orders, succeeded_at__isnull=False))
    refunds = Refund.objects.filter(payment__in=payments)
    money.received = sum((each.amount for each in payments), ZERO)
    money.given_back = sum((each.amount for each in refunds), ZERO)
    spent = sum((each.amount for each in used if each.payment_id), ZERO)
    money.credit = money.received - spent
    return money


def debts(today: date) -> dict[str, Decimal]:
    """What is owed by age, from each document's day, its lines and what was set against it."""
    lines, used = defaultdict[int, Decimal](Decimal), defaultdict[int, Decimal](Decimal)
    for line in DocumentLine.objects.all():
        lines[line.document_id] += line.amount_incl
    for each in Allocation.objects.all():
        used[each.document_id] += each.amount
    found = defaultdict[str, Decimal](Decimal)
    for document in Document.objects.exclude(kind="credit_note"):
        owed = lines[document.pk] - used[document.pk]
        if owed > 0:
            found[_age((today - (document.due_on or document.issued_on)).days)] += owed
    return dict(found)


def _age(days: int) -> str:
    if days <= 0:
        return "a-venir"
    return next((name for name, most in (("30", 30), ("60", 60), ("90", 90)) if days <= most), "plus")
