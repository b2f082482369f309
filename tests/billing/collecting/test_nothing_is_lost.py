"""Whatever happens to a customer's account, in any order, no cent of it is lost or made (property)."""

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from billing.collecting.credits import (
    credit_of_customer,
    refund_credit,
    refund_credit_note,
    use_credit,
    use_credit_note,
)
from billing.collecting.transfers import Part, Received, receive_transfer
from billing.models import INVOICES, Correction, Customer, Document, Order, OrderLine, Payment, Refund, Seller
from billing.payments.keeping import credits_left
from billing.settlement.correcting import correct_document
from billing.settlement.reversing import reverse_line
from billing.settlement.services import accept_on_terms, cancel_order, take_at_desk
from cantine.audit.collecting import credits_beyond_themselves, transfers_not_whole
from cantine.audit.money import money_allocated_beyond_itself, refunds_beyond_their_payment
from members.errors import Refused
from members.models import User
from tests.billing.conftest import NOW
from tests.factories.billing import make_customer, make_order, make_seller
from tests.factories.members import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trial")]
D = Decimal
cents = st.integers(1, 9000).map(lambda value: D(value) / 100)
ACTS = (
    "issue",
    "order",
    "transfer",
    "desk",
    "credit",
    "use",
    "back",
    "drop",
    "correct",
    "keep",
    "note",
    "return_",
)
EVERY_ACT = [
    ("issue", D(36)),
    ("transfer", D(50)),
    ("issue", D(20)),
    ("use", D(5)),
    ("back", D(4)),
    ("correct", D(2)),
    ("keep", D(3)),
    ("note", D(1)),
    ("return_", D(1)),
    ("credit", D(6)),
    ("order", D(10)),
    ("drop", D(1)),
    ("order", D(12)),
    ("desk", D(1)),
]
"""In an order in which each finds something to do."""
steps = st.tuples(st.sampled_from(ACTS), cents)


class Account:
    """A customer, and what may happen to their account; what is refused has changed nothing."""

    def __init__(self, *, terms: bool) -> None:
        self.manager: User = make_user(role="manager")
        self.customer: Customer = make_customer(terms_days=30)
        self.seller: Seller = make_seller()
        self.terms = terms
        self.lines = 0

    def do(self, what: str, amount: Decimal) -> None:
        act: Callable[[Decimal], object] = getattr(self, what)
        with suppress(Refused):
            act(amount)

    def order(self, amount: Decimal) -> Order:
        return make_order(
            customer=self.customer, seller=self.seller, price=f"{amount}", now=NOW, minutes=None
        )

    def issue(self, amount: Decimal) -> None:
        accept_on_terms(order=self.order(amount), by=None, now=NOW)

    def owed(self) -> Document | None:
        return Document.objects.unpaid().filter(customer=self.customer).order_by("pk").first()

    def waiting(self) -> Order | None:
        return self.customer.orders.filter(state="open").order_by("pk").first()

    def transfer(self, amount: Decimal) -> None:
        """A transfer that pays the oldest invoice and keeps the rest, or pays what waits."""
        self.lines += 1
        document, order = self.owed(), self.waiting()
        parts = [Part(min(amount, document.owed), document)] if document else []
        if document is None and order is not None:
            parts = [Part(min(amount, order.total), order=order)]
        Customer.objects.filter(pk=self.customer.pk).update(terms_days=30 if self.terms else None)
        received = Received(self.seller, self.customer, amount, NOW.date(), f"VIR {self.lines}")
        receive_transfer(received, parts, by=self.manager, now=NOW)

    def desk(self, _amount: Decimal) -> None:
        document, order = self.owed(), self.waiting()
        due = document.order if document else order
        if due is not None:
            take_at_desk(order=due, method="cash", by=self.manager, now=NOW)

    def credit(self, amount: Decimal) -> None:
        """Take the newest line back, and keep some of it."""
        lines = OrderLine.objects.filter(order__customer=self.customer, state="fulfilled")
        line = lines.order_by("pk").last()
        if line is not None:
            with transaction.atomic():
                reverse_line(line=line, kept=amount, by=self.manager, now=NOW)

    def correct(self, amount: Decimal, *, keep: bool = False) -> None:
        """Take a sum off the newest invoice by hand."""
        invoices = Document.objects.invoices().filter(customer=self.customer)
        document = invoices.order_by("pk").last()
        if document is not None:
            correct_document(
                document=document,
                credits_={document.lines.get(): amount},
                reason="Essai",
                by=self.manager,
                now=NOW,
                keep=keep,
            )

    def keep(self, amount: Decimal) -> None:
        self.correct(amount, keep=True)

    def note(self, amount: Decimal) -> None:
        """Pay the oldest invoice with what a credit note kept."""
        kept, document = self.noted(), self.owed()
        if kept and document:
            part = min(amount, kept.credit, document.owed)
            use_credit_note(correction=kept, document=document, amount=part, by=self.manager, now=NOW)

    def return_(self, amount: Decimal) -> None:
        kept = self.noted()
        if kept:
            refund_credit_note(correction=kept, amount=min(amount, kept.credit), by=self.manager, now=NOW)

    def noted(self) -> Correction | None:
        return Correction.objects.left().filter(credit_note__customer=self.customer).first()

    def use(self, amount: Decimal) -> None:
        payment, document = self.kept(), self.owed()
        if payment and document:
            part = min(amount, payment.credit, document.owed)
            use_credit(payment=payment, document=document, amount=part, by=self.manager, now=NOW)

    def back(self, amount: Decimal) -> None:
        payment = self.kept()
        if payment:
            part = min(amount, payment.credit)
            refund_credit(payment=payment, amount=part, by=self.manager, now=NOW)

    def drop(self, _amount: Decimal) -> None:
        order = self.waiting()
        if order is not None:
            cancel_order(order=order, by=None, now=NOW)

    def kept(self) -> Payment | None:
        return credits_left().filter(order__customer=self.customer).first()

    def sums(self) -> tuple[Decimal, Decimal]:
        """Invoices less credit notes, and payments less refunds and what is owed, less what is kept."""
        documents = Document.objects.filter(customer=self.customer)
        refunds = Refund.objects.standing().filter(payment__order__customer=self.customer)
        payments = Payment.objects.received().filter(order__customer=self.customer)
        owed = sum((each.owed for each in documents.invoices().with_balance()), D(0))
        sold = _sum(documents.filter(kind__in=INVOICES), "total_incl") - _sum(
            documents.filter(kind="credit_note"), "total_incl"
        )
        money = _sum(payments, "amount") - _sum(refunds, "amount")
        return sold, money + owed - credit_of_customer(self.customer)


def _sum(rows: object, field: str) -> Decimal:
    total: Decimal | None = rows.aggregate(total=Sum(field))["total"]  # type: ignore[attr-defined]
    return total or D(0)


@pytest.mark.parametrize("examples", [4, pytest.param(100, marks=pytest.mark.soak)])
def test_invoices_less_credit_notes_are_payments_less_refunds_and_what_is_owed(examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(terms=st.booleans(), history=st.lists(steps, min_size=4, max_size=10))
    @example(terms=True, history=EVERY_ACT)
    def holds(terms: bool, history: list[tuple[str, Decimal]]) -> None:
        no_cent_is_lost(terms, history)

    holds()


def no_cent_is_lost(terms: bool, history: list[tuple[str, Decimal]]) -> None:
    account = Account(terms=terms)
    for what, amount in history:
        account.do(what, amount)
        sold, explained = account.sums()
        assert sold == explained, (what, amount)
    for check in (
        money_allocated_beyond_itself,
        refunds_beyond_their_payment,
        transfers_not_whole,
        credits_beyond_themselves,
    ):
        assert list(check()) == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    assert all(each.owed >= 0 for each in Document.objects.invoices().with_balance())
