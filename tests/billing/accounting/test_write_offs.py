"""Disputed payments: what stays owed is on 416 until Stripe or the treasurer settles it, and pages agree."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from billing.accounting.books import balances_on, books_of, facts_of
from billing.accounting.disputed import Dispute, disputes
from billing.accounting.errors import (
    LossBeforeItsDispute,
    LossInTheFuture,
    NothingDisputed,
    NothingToWithdraw,
)
from billing.accounting.loss_vat import is_credited
from billing.accounting.periods import Period
from billing.accounting.receivables import owed_to_customers, receivables
from billing.accounting.vat import by_rate, vat_lines
from billing.accounting.writing_off import withdraw_write_off, write_off
from billing.errors import WrittenOff
from billing.models import Document, Payment, Refund, Seller, WriteOff, WriteOffVat
from billing.settlement.correcting import correct_document, foresee
from billing.settlement.reversing import Reversal, reverse_line
from cantine.audit.payouts import vat_given_back_twice
from tests.billing.accounting.year import make_books
from tests.factories.billing import make_seller
from tests.factories.members import make_user
from tests.factories.payouts import charged, moved, paid_out, pay_by_card

pytestmark = pytest.mark.django_db
D = Decimal
NOW = dt.datetime(2026, 6, 10, 9, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def make_dispute(
    seller: Seller, payment: Payment | None, reference: str = "dp_1", at: dt.datetime = NOW
) -> Dispute:
    """A payment of 36 euros, paid out, that its holder's bank took back."""
    intent = payment.intent_id if payment else "pi_ailleurs"
    paid_out([charged(payment, at), moved("dispute", reference, D(-36), at, fee=D(20), intent=intent)], at)
    return next(each for each in disputes(seller, at.date()) if each.reference == reference)


def lose(dispute: Dispute, now: dt.datetime, **fields: Any) -> WriteOff:
    said: dict[str, Any] = {"decided_on": now.date(), "reason": "Perdue à la banque", "recover_vat": True}
    by = make_user(role="treasurer")
    return write_off(movement=dispute.movement, by=by, now=now, **{**said, **fields})


def credit(document: Document, amount: str, **fields: Any) -> Reversal:
    credits_ = {document.lines.get(): D(amount)}
    by = make_user(role="manager")
    return correct_document(document=document, credits_=credits_, reason="Geste", by=by, now=NOW, **fields)


def balance(seller: Seller, number: str, now: dt.datetime = NOW) -> Decimal:
    found = balances_on(seller, now.date()).get(number)
    return found.balance if found else D(0)


def gap_and_disputed(seller: Seller, day: dt.date) -> tuple[Decimal, Decimal]:
    """What customers owe by the rows, less what the accounts of customers and of disputes say; the latter."""
    rows = sum((each.left for each in receivables(seller, day)), D(0))  # type: ignore[attr-defined]  # annotated
    rows += sum((each.left for each in disputes(seller, day)), D(0)) - owed_to_customers(seller, day)
    found = balances_on(seller, day)
    owed, disputed = (found[number].balance if number in found else D(0) for number in ("411000", "416000"))
    return rows - owed - disputed, disputed


@pytest.mark.parametrize("on_debits", [True, pytest.param(False, marks=pytest.mark.soak)])
def test_what_customers_owe_is_411_and_416_to_the_cent_every_day_whatever_becomes_of_a_dispute(
    on_debits: bool,
) -> None:
    seller = make_books(vat_on_debits=on_debits)  # a credit note, an advance, a debt paid in part
    payment = pay_by_card(NOW, seller=seller)
    dispute, unknown = make_dispute(seller, payment), make_dispute(seller, None, "dp_2", NOW + DAY)
    lost = lose(dispute, NOW + 2 * DAY)
    withdraw_write_off(movement=dispute.movement, by=lost.by, now=NOW + 4 * DAY)
    paid_out([moved("dispute_reversal", "dp_2", D(36), NOW)], NOW + 5 * DAY)
    assert unknown.customer is None
    days = [dt.date(2026, 3, 1) + dt.timedelta(days=number) for number in (3, 5, 20, 32)]
    days += [(NOW + number * DAY).date() for number in range(-1, 7)]
    said = [gap_and_disputed(seller, day) for day in days]
    assert {day: gap for day, (gap, _left) in zip(days, said, strict=True)} == dict.fromkeys(days, D(0))
    assert [left for _gap, left in said[-8:]] == [D(0), D(36), D(72), D(36), D(36), D(72), D(36), D(36)]


@pytest.mark.parametrize("on_debits", [True, False])
def test_a_loss_gives_its_vat_back_when_asked_and_the_page_of_vat_says_so(on_debits: bool) -> None:
    seller = make_seller(vat_on_debits=on_debits)
    with_vat, without = (make_dispute(seller, pay_by_card(NOW, seller=seller), f"dp_{n}") for n in (1, 2))
    assert balance(seller, "445710") == D(-12)
    lost = lose(with_vat, NOW + DAY)
    assert [(row.rate, row.base, row.vat) for row in lost.vat_rows.all()] == [(D(20), D(30), D(6))]
    lose(without, NOW + DAY, recover_vat=False)
    later = NOW + DAY
    assert (balance(seller, "416000", later), balance(seller, "654000", later)) == (D(0), D(66))
    rated = by_rate(vat_lines(facts_of(seller, Period(NOW.date(), later.date()))))
    assert (rated[0].base, rated[0].vat) == (D(30), D(6))
    assert balance(seller, "445710", later) == D(-6)
    opened = list(books_of(seller, later.date().replace(year=2027)).values())[-1][0].entry
    debited = {line.account.number: line.debit for line in opened.lines if line.debit}
    assert debited["129000"] == D("47.58")  # of 60 earned, 66 are lost, and 41.58 went in fees


def test_a_loss_is_decided_once_said_with_its_reason_and_never_changed() -> None:
    seller = make_seller()
    dispute = make_dispute(seller, pay_by_card(NOW, seller=seller))
    with pytest.raises(LossInTheFuture):
        lose(dispute, NOW, decided_on=(NOW + DAY).date())
    with pytest.raises(LossBeforeItsDispute):
        lose(dispute, NOW, decided_on=(NOW - DAY).date())
    with pytest.raises(NothingToWithdraw):
        withdraw_write_off(movement=dispute.movement, by=make_user(role="treasurer"), now=NOW)
    assert not WriteOff.objects.exists()
    lost = lose(dispute, NOW)
    with pytest.raises(NothingDisputed):
        lose(dispute, NOW)
    for change in ({"amount": D(1)}, {"reason": "Autre"}, {"decided_on": dt.date(2026, 1, 1)}):
        with pytest.raises(DatabaseError), transaction.atomic():
            WriteOff.objects.filter(pk=lost.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        lost.vat_rows.update(vat=D(1))
    paid_out([moved("dispute_reversal", "dp_1", D(36), NOW)], NOW + DAY)
    assert balance(seller, "416000", NOW + DAY) == D(-36)  # until the loss is withdrawn
    withdraw_write_off(movement=dispute.movement, by=lost.by, now=NOW + DAY)
    assert (balance(seller, "416000", NOW + DAY), balance(seller, "654000", NOW + DAY)) == (D(0), D(0))


@pytest.mark.parametrize("keep", [True, False])
def test_what_was_written_off_is_not_credited_too_until_the_loss_is_withdrawn(keep: bool) -> None:
    seller = make_seller()
    payment = pay_by_card(NOW, seller=seller)
    dispute, document = make_dispute(seller, payment), Document.objects.get()
    lost = lose(dispute, NOW)
    with pytest.raises(WrittenOff):
        credit(document, "36.00", keep=keep)
    assert (balance(seller, "445710"), Document.objects.count()) == (D(0), 1)
    withdraw_write_off(movement=dispute.movement, by=lost.by, now=NOW)
    assert foresee(document, {document.lines.get(): D(36)}).lacking == D(36)
    done = credit(document, "36.00", keep=keep)
    assert (done.kept, Refund.objects.count()) == (D(0), 0)  # Stripe took it back already
    assert balance(seller, "445710") == D(0)


def test_a_place_that_is_freed_after_its_loss_needs_no_credit_note() -> None:
    seller = make_seller()
    payment = pay_by_card(NOW, seller=seller)
    lose(make_dispute(seller, payment), NOW)
    with transaction.atomic():
        assert reverse_line(line=payment.order.lines.get(), kept=D(0), by=None, now=NOW) == Reversal()
    assert payment.order.lines.get().state == "cancelled"


@pytest.mark.parametrize(("credited", "left"), [("12.00", [(D(20), D(20), D(4))]), ("36.00", [])])
def test_a_loss_asks_back_the_vat_that_credit_notes_left(
    credited: str, left: list[tuple[Decimal, ...]]
) -> None:
    seller = make_seller()
    payment = pay_by_card(NOW, seller=seller)
    credit(Document.objects.get(), credited)
    dispute = make_dispute(seller, payment)
    assert is_credited(dispute)
    lost = lose(dispute, NOW)
    assert [(row.rate, row.base, row.vat) for row in lost.vat_rows.all()] == left
    assert list(vat_given_back_twice()) == []
    WriteOffVat.objects.create(write_off=lost, rate=D(10), base=D(30), vat=D(3))
    assert len(list(vat_given_back_twice())) == 1
