"""The manager's credit note: sums off lines, what is owed lowered first, the rest given back or kept."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.collecting.credits import credit_of_customer, refund_credit_note, use_credit_note
from billing.documents.content import content
from billing.documents.deducting import excess_of
from billing.errors import MoreThanRemains, NothingToCredit
from billing.models import Correction, Customer, Document, DocumentLine, Refund, Seller
from billing.money import from_excl
from billing.settlement.correcting import correct_document, foresee
from billing.settlement.messages import invoice as mail_of
from billing.settlement.services import accept_on_terms, take_at_desk
from members.models import User
from tests.factories.billing import make_customer, make_order, make_product, make_seller, new_line
from tests.factories.members import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trial")]
D = Decimal
cents = st.integers(0, 200_000).map(lambda value: D(value) / 100)


@pytest.fixture
def manager() -> User:
    return make_user(role="manager")


def sold(
    now: dt.datetime, paid_to: User | None, seller: Seller | None = None, customer: Customer | None = None
) -> Document:
    """An invoice of 36 € at 20 % and 11 € at 10 %, paid in cash where somebody took it."""
    seller = seller or make_seller()
    food = make_product(seller, vat_rate=D("10.00"))
    lines = [new_line(make_product(seller)), new_line(food, "11.00", label="Café")]
    customer = customer or make_customer(terms_days=30)
    order = make_order(seller=seller, customer=customer, lines=lines, now=now)
    if paid_to is not None:
        take_at_desk(order=order, method="cash", by=paid_to, now=now)
    else:
        accept_on_terms(order=order, by=None, now=now)
    return balance(order.documents.get())


def balance(document: Document) -> Document:
    return Document.objects.with_balance().get(pk=document.pk)


def lines_of(document: Document) -> list[DocumentLine]:
    return list(document.lines.order_by("position"))


def test_what_was_paid_goes_back_by_the_way_it_came_and_the_note_says_why(
    now: dt.datetime, manager: User
) -> None:
    document = sold(now, manager)
    hall, food = lines_of(document)
    sums = {hall: D("12.00"), food: D("11.00")}
    foreseen = foresee(document, sums)
    assert (foreseen.total.incl, foreseen.lowered, foreseen.paid) == (D("23.00"), D("0.00"), D("23.00"))
    done = correct_document(document=document, credits_=sums, reason=" Geste ", by=manager, now=now)
    note = done.credit_note
    assert note is not None
    assert {row.rate: (row.base, row.vat) for row in note.vat_rows.all()} == {
        D("20.00"): (D("10.00"), D("2.00")),
        D("10.00"): (D("10.00"), D("1.00")),
    }
    assert [(row.amount, row.payment.method, row.requested_by) for row in done.refunds] == [
        (D("23.00"), "cash", manager)
    ]
    assert (note.correction.reason, note.correction.by, note.correction.kept) == ("Geste", manager, D(0))
    assert content(note)["mentions"][0] == "Motif\u00a0: Geste"
    assert {line.state for line in document.order.lines.all()} == {"fulfilled"}


def test_what_is_owed_is_lowered_before_anything_goes_back(now: dt.datetime, manager: User) -> None:
    document = sold(now, None)
    hall, food = lines_of(document)
    correct_document(document=document, credits_={hall: D("36.00")}, reason="Erreur", by=manager, now=now)
    assert (balance(document).owed, Refund.objects.count()) == (D("11.00"), 0)
    for sums, refusal in (
        ({food: D("11.01")}, MoreThanRemains),
        ({hall: D("0.01")}, MoreThanRemains),
        ({lines_of(sold(now, None))[0]: D("1.00")}, MoreThanRemains),
        ({}, NothingToCredit),
    ):
        with pytest.raises(refusal):
            correct_document(document=document, credits_=sums, reason="Erreur", by=manager, now=now)
    assert Document.objects.filter(kind="credit_note").count() == Correction.objects.count() == 1


def test_what_is_kept_pays_a_later_invoice_and_the_rest_goes_back(now: dt.datetime, manager: User) -> None:
    document = sold(now, manager)
    customer, seller = document.customer, document.seller
    hall, food = lines_of(document)
    sums = {hall: D("36.00"), food: D("11.00")}
    done = correct_document(document=document, credits_=sums, reason="Report", by=manager, now=now, keep=True)
    assert done.credit_note is not None
    assert (done.kept, done.refunds, credit_of_customer(customer)) == (D("47.00"), (), D("47.00"))
    said = mail_of({"document": done.credit_note.pk})
    assert said is not None
    assert (said["refunded"], said["correction"].kept) == (0, D("47.00"))
    later, kept = sold(now, None, seller, customer), done.credit_note.correction
    with pytest.raises(MoreThanRemains):
        use_credit_note(correction=kept, document=later, amount=D("47.01"), by=manager, now=now)
    use_credit_note(correction=kept, document=later, amount=D("40.00"), by=manager, now=now)
    assert (balance(later).owed, credit_of_customer(customer)) == (D("7.00"), D("7.00"))
    with pytest.raises(MoreThanRemains):
        refund_credit_note(correction=kept, amount=D("7.01"), by=manager, now=now)
    refund_credit_note(correction=kept, amount=D("7.00"), by=manager, now=now)
    assert (Refund.objects.get().amount, credit_of_customer(customer)) == (D("7.00"), D(0))
    # What the kept credit paid goes back as it came: by the payment behind the first invoice.
    again = correct_document(
        document=later, credits_={lines_of(later)[0]: D("36.00")}, reason="Erreur", by=manager, now=now
    )
    assert [refund.amount for refund in again.refunds] == [D("29.00")]
    assert (again.lowered, balance(later).owed) == (D("7.00"), D("0.00"))


@given(cents, cents, st.sampled_from([D("20.00"), D("10.00"), D("5.50"), D("0.00")]))
def test_once_the_excess_is_credited_the_rest_can_be_deducted(left: D, full: D, rate: D) -> None:
    advanced, invoiced = from_excl(left, rate), from_excl(full, rate)
    beyond = excess_of(advanced, invoiced)
    assert advanced.excl - beyond.excl <= invoiced.excl
    assert advanced.incl - beyond.incl <= invoiced.incl
    assert 0 <= beyond.vat <= advanced.vat
    assert (beyond.incl == 0) == (advanced.excl <= invoiced.excl and advanced.incl <= invoiced.incl)
