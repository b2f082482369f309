"""Whatever happens to money, no cent is lost: invoices − credit notes = payments + balance."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from billing.collecting.credits import refund_credit, use_credit
from billing.collecting.transfers import Part
from billing.models import INVOICES, Customer, Document, OrderLine, Payment, Refund, Seller
from billing.payments.keeping import credits_left
from billing.settlement.reversing import reverse_line
from cantine.audit.collecting import credits_beyond_themselves
from cantine.audit.money import money_allocated_beyond_itself, refunds_beyond_their_payment
from members.models import User
from tests.billing.collecting.steps import enter, make_debtor, make_due
from tests.billing.conftest import NOW
from tests.factories.billing import make_seller
from tests.factories.members import make_user

CENTS = st.decimals(min_value="0.01", max_value="120.00", places=2)
ACTS = st.lists(
    st.tuples(st.sampled_from(["invoice", "transfer", "all", "use", "refund", "cancel"]), CENTS),
    min_size=3,
    max_size=10,
)
ZERO = Decimal("0.00")
EVERY_ACT = [
    ("invoice", Decimal(36)),
    ("transfer", Decimal(50)),
    ("invoice", Decimal(20)),
    ("use", Decimal(5)),
    ("refund", Decimal(4)),
    ("all", Decimal(12)),
    ("cancel", Decimal(8)),
]
"""In an order in which each finds something to do."""


class Account:
    """A customer to whom things happen."""

    def __init__(self) -> None:
        self.seller: Seller = make_seller()
        self.customer: Customer = make_debtor()
        self.manager: User = make_user(role="manager")
        self.count = 0

    @property
    def now(self) -> dt.datetime:
        return NOW + dt.timedelta(minutes=self.count)

    def owed(self) -> list[Document]:
        return list(Document.objects.unpaid().select_related("order").order_by("pk"))

    def do(self, act: str, amount: Decimal) -> None:
        self.count += 1
        getattr(self, act)(amount)

    def invoice(self, amount: Decimal) -> None:
        make_due(self.now, str(amount), customer=self.customer, seller=self.seller)

    def transfer(self, amount: Decimal) -> None:
        """Pay the first document as far as it goes; the rest is credit."""
        rows = self.owed()[:1]
        self.enter(amount, rows)

    def all(self, amount: Decimal) -> None:
        self.enter(amount, self.owed())

    def enter(self, amount: Decimal, rows: list[Document]) -> None:
        if not Document.objects.exists():
            return
        left, parts = amount, []
        for row in rows:
            part = min(left, row.owed)
            left -= part
            parts += [Part(part, row)] if part else []
        enter(Document.objects.earliest("pk"), str(amount), parts, now=self.now, reference=str(self.count))

    def use(self, amount: Decimal) -> None:
        kept, rows = credits_left().first(), self.owed()
        if kept and rows:
            part = min(amount, kept.credit, rows[-1].owed)
            use_credit(payment=kept, document=rows[-1], amount=part, by=self.manager, now=self.now)

    def refund(self, amount: Decimal) -> None:
        kept = credits_left().last()
        if kept:
            part = min(amount, kept.credit)
            refund_credit(payment=kept, amount=part, by=self.manager, now=self.now)

    def cancel(self, amount: Decimal) -> None:
        line = OrderLine.objects.filter(state="fulfilled").order_by("pk").last()
        if line and line.amount_incl:
            with transaction.atomic():
                kept = min(amount / 4, line.amount_incl).quantize(Decimal("0.01"))
                reverse_line(line=line, kept=kept, by=self.manager, now=self.now)

    def check(self) -> None:
        """The one sum, and each payment and document within itself."""
        documents = Document.objects.filter(customer=self.customer)
        invoiced = documents.filter(kind__in=INVOICES).aggregate(sum=Sum("total_incl"))["sum"] or ZERO
        credited = documents.filter(kind="credit_note").aggregate(sum=Sum("total_incl"))["sum"] or ZERO
        received = Payment.objects.received().aggregate(sum=Sum("amount"))["sum"] or ZERO
        back = Refund.objects.standing().aggregate(sum=Sum("amount"))["sum"] or ZERO
        kept = credits_left().aggregate(sum=Sum("credit"))["sum"] or ZERO
        owed = sum((row.owed for row in self.owed()), ZERO)
        assert invoiced - credited == received - back - kept + owed
        for wrong in (money_allocated_beyond_itself, refunds_beyond_their_payment, credits_beyond_themselves):
            assert list(wrong()) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("trial")
@pytest.mark.parametrize("examples", [4, pytest.param(100, marks=pytest.mark.soak)])
def test_invoices_less_credit_notes_are_payments_and_balance(examples: int) -> None:
    @settings(max_examples=examples, suppress_health_check=[HealthCheck.too_slow])
    @given(acts=ACTS)
    @example(acts=EVERY_ACT)
    def holds(acts: list[tuple[str, Decimal]]) -> None:
        beginning = transaction.savepoint()
        try:
            account = Account()
            for act, amount in acts:
                account.do(act, amount)
                account.check()
        finally:
            transaction.savepoint_rollback(beginning)  # the next example begins with nothing

    holds()
