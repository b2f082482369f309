"""`manage.py audit` on what is collected: quiet over the services, loud over what someone forged."""

import datetime as dt
from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from billing.collecting.credits import use_credit
from billing.collecting.dunning import owe_letters
from billing.payments.keeping import credits_left
from cantine.roles import synchronise
from tests.billing.collecting.steps import enter, make_debtor, make_due, make_steps
from tests.cantine.test_audit import broken, forge, found
from tests.factories.billing import TRIAL, make_seller
from tests.factories.members import make_user
from tests.lasting import lasting

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
LETTERS, WHOLE, CREDITS = (
    "7 every dunning letter has its message",
    "3 transfers are whole",
    "3 credits stay within themselves",
)


@pytest.fixture(autouse=True, scope="module")
def _collected(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """One document paid with a credit left, one partly paid by it, one late and dunned."""
    with lasting(django_db_blocker):
        collect()
        yield
    TRIAL.forget()


def collect() -> None:
    """Let services write what the tests forge."""
    synchronise()
    TRIAL.forget()
    make_steps()
    customer, seller, manager = make_debtor(), make_seller(), make_user(role="manager")
    enter(make_due(NOW, customer=customer, seller=seller), "50.00", now=NOW, by=manager)
    second = make_due(NOW, customer=customer, seller=seller)
    kept = credits_left().get()
    use_credit(payment=kept, document=second, amount=kept.credit, by=manager, now=NOW)
    make_due(NOW, customer=make_debtor(), seller=seller)
    assert owe_letters(NOW + dt.timedelta(days=40)) == 2


def test_what_the_services_wrote_is_clean() -> None:
    assert set(broken()) <= {"7 every document has its file"}


@pytest.mark.parametrize(
    ("check", "statement"),
    [
        (WHOLE, "UPDATE billing_transfer SET amount = amount + 1"),
        (WHOLE, "UPDATE billing_transfer SET customer_id = (SELECT max(id) FROM billing_customer)"),
        (CREDITS, "UPDATE billing_payment SET amount = 1 WHERE id = (SELECT max(id) FROM billing_payment)"),
        (
            CREDITS,
            "UPDATE billing_allocation SET document_id = (SELECT max(id) FROM billing_document)"
            " WHERE id = (SELECT max(id) FROM billing_allocation)",
        ),
        (LETTERS, "DELETE FROM members_message WHERE template = 'billing/dunning'"),
        (LETTERS, "UPDATE billing_dunningletter SET \"on\" = '2026-11-24'"),
        (LETTERS, "UPDATE billing_dunningletter SET owed = 1000"),
    ],
)
def test_what_was_forged_is_named(check: str, statement: str) -> None:
    forge(statement)
    assert found(check)
