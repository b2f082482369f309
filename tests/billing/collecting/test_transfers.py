"""Entering a transfer: payments through the chain, parts, credit, and never twice."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction

from billing.collecting.credits import credit_of, credit_of_customer, refund_credit, use_credit
from billing.collecting.errors import (
    MoreThanOwed,
    MoreThanReceived,
    NothingOrdered,
    NotTheirs,
    TransferAlreadyEntered,
    TransferToCome,
)
from billing.collecting.transfers import Part, Received, receive_transfer
from billing.errors import MoreThanRemains
from billing.models import Allocation, Document, Payment, PaymentEvent, Transfer
from billing.payments.keeping import credits_left
from billing.payments.ledger import broken_links
from billing.payments.refunds import repay_at_desk
from billing.settlement.reversing import reverse_line
from tests.billing.collecting.steps import balance, enter, make_debtor, make_due
from tests.factories.billing import TrialHandler, make_customer, make_order, make_seller
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db
D = Decimal


def nothing_was_written() -> bool:
    return not (
        Transfer.objects.exists()
        or Payment.objects.exists()
        or Allocation.objects.exists()
        or PaymentEvent.objects.exists()
    )


@pytest.mark.usefixtures("trial")
def test_a_transfer_that_covers_a_document_pays_it_and_is_in_the_chain(now: dt.datetime) -> None:
    document, manager = make_due(now), make_user(role="manager")
    transfer = enter(document, "36.00", now=now, by=manager)
    payment = Payment.objects.get()
    assert (payment.method, payment.state, payment.transfer, payment.operator) == (
        "transfer",
        "succeeded",
        transfer,
        manager,
    )
    assert balance(document).owed == D("0.00")
    event = PaymentEvent.objects.get()
    assert (event.kind, event.amount, event.vat) == (
        "payment_succeeded",
        D("36.00"),
        [{"rate": "20.00", "incl": "36.00"}],
    )
    assert list(broken_links(document.seller)) == []
    assert credit_of_customer(document.customer) == D("0.00")


@pytest.mark.usefixtures("trial")
def test_a_part_leaves_a_balance_and_the_next_transfer_pays_it(now: dt.datetime) -> None:
    document = make_due(now)
    enter(document, "20.00", now=now)
    assert balance(document).owed == D("16.00")
    enter(document, "16.00", now=now)
    assert not Document.objects.unpaid().exists()


@pytest.mark.usefixtures("trial")
def test_one_transfer_pays_several_documents_by_a_payment_each(now: dt.datetime) -> None:
    customer, seller = make_debtor(), make_seller()
    documents = [
        make_due(now, price, customer=customer, seller=seller) for price in ("36.00", "12.00", "50.00")
    ]
    parts = [Part(each.owed, each) for each in documents[:2]]
    enter(documents[0], "50.00", [*parts, Part(D("2.00"), documents[2])], now=now)
    assert [balance(each).owed for each in documents] == [D("0.00"), D("0.00"), D("48.00")]
    assert sorted(Payment.objects.values_list("amount", flat=True)) == [D("2.00"), D("12.00"), D("36.00")]
    assert {payment.order_id for payment in Payment.objects.all()} == {each.order_id for each in documents}


@pytest.mark.usefixtures("trial")
def test_what_is_paid_beyond_is_kept_then_used_then_given_back(now: dt.datetime) -> None:
    customer, seller = make_debtor(), make_seller()
    first = make_due(now, customer=customer, seller=seller)
    enter(first, "50.00", now=now)
    kept = credits_left().get()
    assert (kept.amount, credit_of_customer(customer)) == (D("14.00"), D("14.00"))
    assert PaymentEvent.objects.get(payment=kept).vat == []
    second, manager = make_due(now, customer=customer, seller=seller), make_user(role="manager")
    use_credit(payment=kept, document=second, amount=D("10.00"), by=manager, now=now)
    assert (balance(second).owed, credit_of(kept)) == (D("26.00"), D("4.00"))
    with pytest.raises(MoreThanRemains):
        use_credit(payment=kept, document=second, amount=D("4.01"), by=manager, now=now)
    with pytest.raises(MoreThanRemains):
        refund_credit(payment=kept, amount=D("4.01"), by=manager, now=now)
    refund = refund_credit(payment=kept, amount=D("4.00"), by=manager, now=now)
    assert (refund.reason, credit_of(kept)) == ("overpaid", D("0.00"))
    repay_at_desk(refund=refund, by=manager, now=now)
    assert list(broken_links(seller)) == []


@pytest.mark.usefixtures("trial")
def test_a_credit_pays_only_its_own_customer_and_seller_and_no_more_than_is_owed(now: dt.datetime) -> None:
    customer, seller = make_debtor(), make_seller()
    enter(make_due(now, customer=customer, seller=seller), "100.00", now=now)
    kept, manager = credits_left().get(), make_user(role="manager")
    others = make_due(now, seller=seller), make_due(now, customer=customer)
    for other in others:
        with pytest.raises(NotTheirs):
            use_credit(payment=kept, document=other, amount=D("1.00"), by=manager, now=now)
    small = make_due(now, customer=customer, seller=seller)
    with pytest.raises(MoreThanOwed):
        use_credit(payment=kept, document=small, amount=D("36.01"), by=manager, now=now)
    assert credit_of(kept) == D("64.00")


@pytest.mark.usefixtures("trial")
def test_the_same_transfer_is_refused_unless_it_is_said_to_be_another(now: dt.datetime) -> None:
    document = make_due(now)
    enter(document, "10.00", now=now, reference="VIR Nuages-bas")
    with pytest.raises(TransferAlreadyEntered):
        enter(document, "10.00", now=now, reference=" vir NUAGES BAS ")
    assert (Transfer.objects.count(), balance(document).owed) == (1, D("26.00"))
    enter(document, "10.00", now=now, reference="VIR Nuages-bas", another=True)
    enter(document, "10.00", now=now + dt.timedelta(days=1), reference="VIR Nuages-bas")
    assert sorted(Transfer.objects.values_list("serial", flat=True)) == [0, 0, 1]
    assert balance(document).owed == D("6.00")


@pytest.mark.usefixtures("trial")
def test_wrong_sums_are_refused_and_nothing_is_written(now: dt.datetime) -> None:
    document, other = make_due(now), make_due(now)
    for refusal, parts in (
        (MoreThanOwed, [Part(D("36.01"), document)]),
        (MoreThanOwed, [Part(D("0.00"), document)]),
        (MoreThanOwed, [Part(D("20.00"), document), Part(D("20.00"), document)]),
        (MoreThanReceived, [Part(D("36.00"), document), Part(D("14.01"), other)]),
        (NotTheirs, [Part(D("36.00"), document), Part(D("14.00"), other)]),
    ):
        with pytest.raises(refusal):
            enter(document, "50.00", parts, now=now)
    received = Received(document.seller, document.customer, D("5.00"), now.date() + dt.timedelta(days=1), "")
    with pytest.raises(TransferToCome):
        receive_transfer(received, [Part(D("5.00"), document)], by=make_user(role="manager"), now=now)
    assert nothing_was_written()


@pytest.mark.usefixtures("trial")
def test_a_transfer_that_pays_nothing_is_kept_whole_for_who_ordered_before(now: dt.datetime) -> None:
    document = make_due(now)
    enter(document, "9.00", [], now=now)
    assert credit_of_customer(document.customer) == D("9.00")
    stranger = Received(document.seller, make_customer(), D("5.00"), now.date(), "")
    with pytest.raises(NothingOrdered):
        receive_transfer(stranger, [], by=make_user(role="manager"), now=now)
    assert Transfer.objects.count() == 1


def test_what_could_not_be_had_goes_back(now: dt.datetime, trial: TrialHandler) -> None:
    trial.gone.add("Salle Essai")
    order = make_order(now=now, minutes=None)
    received = Received(order.seller, order.customer, D("36.00"), now.date(), order.reference)
    receive_transfer(received, [Part(D("36.00"), order=order)], by=make_user(role="manager"), now=now)
    order.refresh_from_db()
    refund = order.payments.get().refunds.get()
    assert (order.state, refund.amount, refund.reason) == ("expired", D("36.00"), "gone")


@pytest.mark.usefixtures("trial")
def test_a_document_paid_by_the_credit_of_another_order_is_given_back_from_it(now: dt.datetime) -> None:
    customer, seller, manager = make_debtor(), make_seller(), make_user(role="manager")
    first = make_due(now, customer=customer, seller=seller)
    enter(first, "100.00", now=now)
    kept = credits_left().get()
    second = make_due(now, customer=customer, seller=seller)
    use_credit(payment=kept, document=second, amount=D("36.00"), by=manager, now=now)
    with transaction.atomic():
        done = reverse_line(line=second.order.lines.get(), kept=D(0), by=manager, now=now)
    assert done.refund is not None
    assert (done.refund.payment, done.refund.amount) == (kept, D("36.00"))
    assert credit_of(kept) == D("28.00")
    with transaction.atomic():
        done = reverse_line(line=first.order.lines.get(), kept=D(0), by=manager, now=now)
    assert done.refund is not None
    assert done.refund.payment != kept
    assert credit_of(kept) == D("28.00")
