"""Two managers at once: one transfer, one letter, and a credit that is spent once."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from threading import Barrier

import pytest
from django.db import connection

from billing.collecting.credits import credit_of, use_credit
from billing.collecting.dunning import owe_letters
from billing.collecting.errors import MoreThanOwed, TransferAlreadyEntered
from billing.errors import MoreThanRemains
from billing.models import DunningLetter, Payment, PaymentEvent
from billing.payments.keeping import credits_left
from members.models import Message
from tests.billing.collecting.steps import balance, enter, make_debtor, make_due, make_steps
from tests.factories.billing import make_seller
from tests.factories.members import make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("trial")]
AT_ONCE = 6
REFUSALS = (TransferAlreadyEntered, MoreThanOwed, MoreThanRemains)


def race(jobs: Sequence[Callable[[], object]]) -> Counter[str]:
    """Run the jobs together, each on a connection of its own; count what went well and each refusal."""
    barrier = Barrier(len(jobs))

    def run(job: Callable[[], object]) -> str:
        try:
            barrier.wait(timeout=10)
            job()
        except REFUSALS as refused:
            return type(refused).__name__
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return Counter(pool.map(run, jobs))


def test_the_same_transfer_entered_by_several_at_once_is_one_payment(now: dt.datetime) -> None:
    document = make_due(now)
    managers = [make_user(role="manager", password="") for _each in range(AT_ONCE)]
    found = race([partial(enter, document, "10.00", now=now, by=by) for by in managers])
    assert found == {"done": 1, "TransferAlreadyEntered": AT_ONCE - 1}
    assert (Payment.objects.count(), PaymentEvent.objects.count()) == (1, 1)
    assert balance(document).owed == Decimal("26.00")


def test_different_transfers_for_one_document_never_pay_it_twice(now: dt.datetime) -> None:
    document, by = make_due(now), make_user(role="manager", password="")
    words = [f"VIR {number}" for number in range(AT_ONCE)]
    jobs = [partial(enter, document, "36.00", now=now, by=by, reference=said) for said in words]
    found = race(jobs)
    assert found["done"] >= 1
    left = balance(document)
    assert (left.owed, left.paid) == (Decimal("0.00"), Decimal("36.00"))


def test_a_credit_is_spent_once(now: dt.datetime) -> None:
    customer, seller, by = make_debtor(), make_seller(), make_user(role="manager", password="")
    enter(make_due(now, customer=customer, seller=seller), "46.00", now=now, by=by)
    kept = credits_left().get()
    others = [make_due(now, customer=customer, seller=seller) for _each in range(AT_ONCE)]
    jobs = [
        partial(use_credit, payment=kept, document=each, amount=Decimal("10.00"), by=by, now=now)
        for each in others
    ]
    assert race(jobs) == {"done": 1, "MoreThanRemains": AT_ONCE - 1}
    assert credit_of(kept) == Decimal("0.00")


def test_two_workers_owe_one_letter(now: dt.datetime) -> None:
    make_steps()
    make_due(now)
    later = now + dt.timedelta(days=40)
    assert race([lambda: owe_letters(later) for _each in range(2)]) == {"done": 2}
    assert DunningLetter.objects.count() == 1
    assert Message.objects.filter(template="billing/dunning").count() == 1
