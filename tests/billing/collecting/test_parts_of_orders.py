"""A transfer of a part of an order that waits: kept for it until it is covered, or owed on terms."""

import datetime as dt
from decimal import Decimal

import pytest

from billing.collecting.credits import credit_of_customer, refund_credit
from billing.collecting.errors import MoreThanOwed, OrderNotCovered
from billing.collecting.proposing import debts
from billing.collecting.transfers import Part, Received, receive_transfer
from billing.documents.content import content
from billing.documents.facturx import Rows, fields
from billing.models import Customer, Document, Order, Payment, PaymentEvent, Refund, Transfer
from billing.payments.keeping import credits_left
from billing.payments.ledger import broken_links
from billing.payments.owed import owed_on
from billing.payments.refunds import repay_at_desk
from billing.settlement.expiry import expire_due
from billing.settlement.services import accept_on_terms, cancel_order, take_at_desk
from cantine.audit.money import payments_left_unsettled
from members.models import Message
from tests.billing.collecting.steps import BIC, IBAN, balance
from tests.factories.billing import TrialHandler, make_customer, make_order, make_seller
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db
D = Decimal


def transferred(order: Order, amount: str, now: dt.datetime, *, whole: str = "") -> None:
    """Enter a transfer of `whole` euros of which `amount` is for the order."""
    words = f"{order.reference} {Transfer.objects.count()}"
    received = Received(order.seller, order.customer, D(whole or amount), now.date(), words)
    receive_transfer(received, [Part(D(amount), order=order)], by=make_user(role="manager"), now=now)
    order.refresh_from_db()


def test_a_part_is_kept_and_the_order_waits_for_the_rest(now: dt.datetime, trial: TrialHandler) -> None:
    order = make_order(now=now, minutes=None)
    transferred(order, "20.00", now)
    assert (order.state, trial.told, Document.objects.count()) == ("open", [], 0)
    assert (credit_of_customer(order.customer), PaymentEvent.objects.get().vat) == (D("20.00"), [])
    assert [(each.order, each.owed) for each in debts(now)] == [(order, D("16.00"))]
    assert owed_on(order) == D("16.00")


def test_the_rest_accepts_the_order_and_its_invoice_is_paid_by_both(
    now: dt.datetime, trial: TrialHandler
) -> None:
    order = make_order(now=now, minutes=None, seller=make_seller(iban=IBAN))
    transferred(order, "20.00", now)
    with pytest.raises(MoreThanOwed):
        transferred(order, "16.01", now)
    transferred(order, "16.00", now)
    document = balance(order.documents.get())
    assert (order.state, order.means, document.owed, document.due_on) == (
        "accepted",
        "transfer",
        D("0.00"),
        None,
    )
    assert sorted(document.allocations.values_list("amount", flat=True)) == [D("16.00"), D("20.00")]
    assert (document.snapshot.content["payment"]["amount"], credits_left().count()) == ("36.00", 0)
    printed = content(document)
    assert (printed["paid"], printed["transfer"]) == ("Payée par virement le 24 novembre 2026.", {})
    assert list(broken_links(order.seller)) == []


@pytest.mark.usefixtures("trial")
def test_who_has_terms_owes_the_rest_by_transfer_on_a_day(now: dt.datetime) -> None:
    customer = make_customer(terms_days=30)
    order = make_order(now=now, minutes=None, customer=customer, seller=make_seller(iban=IBAN, bic=BIC))
    transferred(order, "20.00", now)
    document = balance(order.documents.get())
    assert (order.state, order.means, document.owed) == ("accepted", "terms", D("16.00"))
    assert document.due_on == now.date() + dt.timedelta(days=30)
    printed = content(document)
    assert printed["paid"] == "À régler au plus tard le 24 décembre 2026, par virement."
    assert {row["value"] for row in printed["transfer"]["rows"]} >= {"16,00\u00a0€", BIC}


@pytest.mark.usefixtures("trial")
def test_a_part_that_came_before_terms_is_said_on_the_invoice(now: dt.datetime) -> None:
    order = make_order(now=now, minutes=None, customer=make_customer(), seller=make_seller(iban=IBAN))
    transferred(order, "20.00", now)
    Customer.objects.update(terms_days=30)
    accept_on_terms(order=order, by=None, now=now)
    document = balance(order.documents.get())
    said, printed = fields(Rows.of(document)), content(document)
    assert (said["BT-112"], said["BT-113"], said["BT-115"]) == ("36.00", "20.00", "16.00")
    assert [(row["label"], row["value"]) for row in printed["totals"]][-2:] == [
        ("Déjà reçu le 24 novembre 2026", "−20,00\u00a0€"),
        ("Reste dû", "16,00\u00a0€"),
    ]
    assert document.owed == D("16.00")


@pytest.mark.usefixtures("trial")
def test_the_desk_takes_no_more_than_what_is_lacking(now: dt.datetime) -> None:
    order = make_order(now=now, minutes=None)
    transferred(order, "20.00", now)
    payment = take_at_desk(order=order, method="cash", by=make_user(role="manager"), now=now)
    order.refresh_from_db()
    assert (payment.amount, order.state, order.means) == (D("16.00"), "accepted", "desk")
    assert (balance(order.documents.get()).owed, credits_left().count()) == (D("0.00"), 0)


@pytest.mark.usefixtures("trial")
def test_a_part_is_refused_while_some_of_the_transfer_is_left(now: dt.datetime) -> None:
    order = make_order(now=now, minutes=None)
    with pytest.raises(OrderNotCovered):
        transferred(order, "20.00", now, whole="30.00")
    assert not Transfer.objects.exists()
    assert not Payment.objects.exists()


@pytest.mark.usefixtures("trial")
def test_a_part_of_an_order_that_expired_goes_back_as_a_credit(now: dt.datetime) -> None:
    order = make_order(now=now)
    transferred(order, "20.00", now)
    later = now + dt.timedelta(days=1)
    assert expire_due(later) == 1
    kept = credits_left().get()
    assert kept.credit == D("20.00")
    assert list(payments_left_unsettled(later + dt.timedelta(days=9))) == []
    refund_credit(payment=kept, amount=D("20.00"), by=make_user(role="manager"), now=later)
    assert not credits_left().exists()


@pytest.mark.usefixtures("trial")
def test_a_part_of_an_order_that_is_given_up_goes_back_and_its_payer_is_told(now: dt.datetime) -> None:
    order = make_order(now=now)
    transferred(order, "20.00", now)
    cancel_order(order=order, by=None, now=now)
    refund = Refund.objects.get()
    assert (refund.amount, credits_left().exists()) == (D("20.00"), False)
    assert Message.objects.filter(template="billing/refunded", ids__refund=refund.pk).exists()
    repay_at_desk(refund=refund, by=make_user(role="manager"), now=now)
    assert PaymentEvent.objects.latest("sequence").vat == []


def test_what_could_not_be_had_leaves_the_part_that_came_first(now: dt.datetime, trial: TrialHandler) -> None:
    order = make_order(now=now, minutes=None)
    transferred(order, "20.00", now)
    trial.gone.add("Salle Essai")
    transferred(order, "16.00", now)
    refund = Payment.objects.get(amount=D("16.00")).refunds.get()
    assert (order.state, refund.amount) == ("expired", D("16.00"))
    assert credit_of_customer(order.customer) == D("20.00")
