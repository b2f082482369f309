"""The books: they are derived, so that they can only be wrong where what they are derived from is."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.db.models import Max, Q, Sum

from billing.accounting.books import Numbered, books_of
from billing.accounting.chart import chart_of
from billing.accounting.fec import fec
from billing.accounting.fec_reading import Malformed, problems, read
from billing.accounting.loading import instants
from billing.accounting.periods import Period
from billing.models import AccountRole, Document, DocumentDeduction, DocumentKind, PaymentEvent, Seller
from billing.money import ZERO

OUT = Q(kind=PaymentEvent.Kind.REFUNDED)


def books_out_of_step(now: datetime) -> Iterator[str]:
    """Each year's FEC is well-formed and balances; what customers were charged and paid is what rows say."""
    for seller in Seller.objects.order_by("code"):
        issued = seller.documents.aggregate(last=Max("issued_on"))["last"]
        moved = seller.payment_events.aggregate(last=Max("at"))["last"]
        days = [day for day in (issued, moved and seller.today(moved)) if day]
        if not days:
            continue
        for year, entries in books_of(seller, max(seller.today(now), *days)).items():
            for wrong in _wrong(seller, year, entries):
                yield f"{seller.code}, {year.first:%Y-%m}: {wrong}"


def _wrong(seller: Seller, year: Period, entries: list[Numbered]) -> Iterator[str]:
    try:
        yield from problems(read(fec(entries)))
    except (Malformed, ValueError) as error:
        yield str(error)
    charged = on_customers(seller, entries, ("VE",))
    if charged != (issued := invoiced(seller, year)):
        yield f"documents charge customers {issued}, the books {charged}"
    paid = -on_customers(seller, entries, ("BQ", "CA"))
    if paid != (rows := received(seller, year)):
        yield f"customers paid {rows}, the books say {paid}"


def on_customers(seller: Seller, entries: list[Numbered], journals: tuple[str, ...]) -> Decimal:
    """What some journals debit to customers, less what they credit, in euros."""
    customers = chart_of(seller).of(AccountRole.CUSTOMERS)
    lines = (line for each in entries if each.entry.journal in journals for line in each.entry.lines)
    return sum((line.debit - line.credit for line in lines if line.account == customers), ZERO)


def invoiced(seller: Seller, year: Period) -> Decimal:
    """Invoices less credit notes and advances deducted, from the rows, in euros."""
    rows = Document.objects.filter(seller=seller, issued_on__gte=year.first, issued_on__lte=year.last)
    if not seller.specimen:
        rows = rows.filter(specimen=False)
    credit = Q(kind=DocumentKind.CREDIT_NOTE)
    sums = rows.aggregate(
        sold=Sum("total_incl", filter=~credit, default=ZERO),
        back=Sum("total_incl", filter=credit, default=ZERO),
    )
    off = DocumentDeduction.objects.filter(document__in=rows.values("pk"))
    deducted = off.aggregate(base=Sum("base", default=ZERO), vat=Sum("vat", default=ZERO))
    left: Decimal = sums["sold"] - sums["back"] - deducted["base"] - deducted["vat"]
    return left


def received(seller: Seller, year: Period) -> Decimal:
    """Money that came less money that went back, from the chain, in euros."""
    first, end = instants(year, seller)
    rows = PaymentEvent.objects.filter(seller=seller, at__gte=first, at__lt=end)
    sums = rows.aggregate(
        came=Sum("amount", filter=~OUT, default=ZERO), back=Sum("amount", filter=OUT, default=ZERO)
    )
    left: Decimal = sums["came"] - sums["back"]
    return left
