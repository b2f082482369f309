"""The database itself refuses money allocated beyond what it is, whoever writes it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from billing.models import Allocation, Document, Payment
from billing.settlement.reversing import reverse_line
from billing.settlement.services import take_at_desk
from tests.billing.collecting.steps import make_due
from tests.billing.test_kinds import advance, final
from tests.factories.members import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trial")]
D = Decimal
INSERT = (
    "INSERT INTO billing_allocation"
    " (document_id, payment_id, credit_note_id, refund_id, advance_id, amount, at)"
    " SELECT document_id, payment_id, credit_note_id, refund_id, advance_id, %s, at FROM billing_allocation"
    " WHERE id = (SELECT max(id) FROM billing_allocation)"
)


def written(statement: str, *values: int | str) -> str:
    """Run a statement and end its transaction; what the database says against it, or nothing."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except DatabaseError as error:
        return str(error)
    return ""


def paid(now: dt.datetime) -> Document:
    document = make_due(now)
    take_at_desk(order=document.order, method="cash", by=make_user(role="manager"), now=now)
    return document


def test_a_payment_is_not_spent_twice(now: dt.datetime) -> None:
    paid(now)
    other = make_due(now)
    payment = Payment.objects.get()
    moved = "UPDATE billing_allocation SET amount = 36, document_id = %s"
    assert written(moved, other.pk) == ""
    said = written(INSERT, "0.01")
    assert f"payment {payment.pk} is allocated beyond its amount" in said
    assert Allocation.objects.count() == 1


def test_an_invoice_is_not_paid_beyond_its_total(now: dt.datetime) -> None:
    document = paid(now)
    more = (
        "WITH money AS (INSERT INTO billing_payment"
        " (order_id, attempt, method, state, amount, refunded, currency,"
        " started_at, succeeded_at, session_id, session_url, intent_id)"
        " SELECT order_id, 9, method, state, amount, 0, currency, started_at, succeeded_at, '', '', ''"
        " FROM billing_payment RETURNING id)"
        " INSERT INTO billing_allocation (document_id, payment_id, amount, at)"
        " SELECT %s, id, %s, now() FROM money"
    )
    assert f"document {document.number} is allocated beyond its total" in written(more, document.pk, "0.01")
    assert Payment.objects.count() == 1


def test_a_credit_note_gives_back_once_what_it_takes_off(now: dt.datetime) -> None:
    document = paid(now)
    with transaction.atomic():
        done = reverse_line(line=document.order.lines.get(), kept=D(0), by=None, now=now)
    assert done.credit_note is not None
    assert "allocated beyond" in written(INSERT, "0.01")
    twice = (
        "INSERT INTO billing_allocation (document_id, credit_note_id, amount, at)"
        " VALUES (%s, %s, 0.01, now())"
    )
    assert f"document {done.credit_note.number} is allocated beyond its total" in written(
        twice, make_due(now).pk, done.credit_note.pk
    )


def test_an_advance_is_not_deducted_beyond_itself(now: dt.datetime) -> None:
    first = advance(now)
    final(now, [first])
    assert f"document {first.number} is allocated beyond its total" in written(INSERT, "0.01")


def test_what_was_raised_afterwards_is_refused_as_well(now: dt.datetime) -> None:
    paid(now)
    assert "allocated beyond" in written("UPDATE billing_allocation SET amount = amount + 0.01")
    assert Allocation.objects.get().amount == D("36.00")


def test_of_a_refund_no_more_is_allocated_than_it_gives_back(now: dt.datetime) -> None:
    document = paid(now)
    with transaction.atomic():
        reverse_line(line=document.order.lines.get(), kept=D("6.00"), by=None, now=now)
    assert "refund" in written(INSERT, "30.00")
