"""The account of cards in transit is explained to the cent by what is on its way, whatever happened."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from billing.accounting.books import entries_of
from billing.accounting.periods import Period
from billing.accounting.transit import Why, transit_of
from billing.models import Payment, Refund, Seller
from billing.payments.refunds import request_refund
from cantine.demo.cards import give_back
from tests.factories.billing import make_seller
from tests.factories.members import make_user
from tests.factories.payouts import charged, given_back, moved, paid_out, pay_by_card

pytestmark = pytest.mark.django_db
D = Decimal
NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def parts(seller: Seller, now: dt.datetime) -> dict[Why, Decimal]:
    found = transit_of(seller, now)
    assert (found.gap, found.balance) == (D(0), found.explained)
    return {part.why: part.amount for part in found.parts}


def test_each_thing_on_its_way_is_a_part_of_the_balance() -> None:
    seller, other = make_seller(), make_seller()
    assert parts(seller, NOW) == {}
    paid, announced, _held, disputed, stray = (pay_by_card(NOW, seller=seller) for _ in range(5))
    theirs = pay_by_card(NOW, seller=other)
    assert parts(seller, NOW) == {Why.HELD: D(180)}
    paid_out([charged(announced, NOW)], NOW, status="in_transit")
    paid_out(
        [
            charged(paid, NOW),
            charged(theirs, NOW),
            charged(None, NOW, "5.00"),
            moved("stripe_fee", "", D(-2), NOW),
        ],
        NOW,
    )
    paid_out(
        [
            charged(stray, NOW),
            charged(pay_by_card(NOW, seller=other), NOW),
            charged(pay_by_card(NOW, seller=other), NOW),
        ],
        NOW,
    )
    paid_out([charged(disputed, NOW)], NOW + DAY, status="failed", failure="account_closed")
    assert parts(seller, NOW + DAY) == {
        Why.HELD: D(36),
        Why.ANNOUNCED: D(36),
        Why.SENT_BACK: D("35.21"),
        Why.UNKNOWN: D(-5),
        Why.OTHER_SELLER: D(0),  # 36 came with the other's, 36 of theirs with ours
    }
    taken = moved("dispute", "dp_1", D(-36), NOW, fee=D(20), intent=disputed.intent_id)
    paid_out(
        [taken, moved("payout_failure", "", D("35.21"), NOW), charged(pay_by_card(NOW, seller=seller), NOW)],
        NOW + 2 * DAY,
    )
    assert parts(seller, NOW + 2 * DAY) == {
        Why.HELD: D(36),
        Why.ANNOUNCED: D(36),
        Why.UNKNOWN: D(-5),
        Why.OTHER_SELLER: D(0),
    }
    entries = entries_of(seller, Period(NOW.date(), (NOW + 2 * DAY).date()))
    (told,) = [each.entry for each in entries if each.entry.piece == "dp_1"]
    assert [(line.account.number, line.debit, line.credit) for line in told.lines] == [
        ("416000", D(36), D(0)),
        ("511700", D(0), D(36)),
    ]


def test_a_refund_is_a_part_until_stripe_deducts_it_and_one_that_failed_is_none() -> None:
    seller, by = make_seller(), make_user(role="manager")
    one, two, three = (pay_by_card(NOW, seller=seller) for _ in range(3))
    paid_out([charged(each, NOW) for each in (one, two, three)], NOW)
    assert parts(seller, NOW) == {}
    with transaction.atomic():
        said: Any = {"reason": "cancelled", "now": NOW, "by": by}
        refunds = [request_refund(each, D(36), **said) for each in (one, two, three)]
    for payment in (one, two):
        give_back(payment.order, NOW)
    first, _second, third = (Refund.objects.get(pk=each.pk) for each in refunds if each)
    assert parts(seller, NOW) == {Why.REFUNDED: D(-72)}
    more = [charged(pay_by_card(NOW, seller=seller), NOW) for _ in range(3)]
    Refund.objects.filter(pk=third.pk).update(stripe_id="re_3", state="pending")
    third.refresh_from_db()
    paid_out([given_back(first, NOW), given_back(third, NOW), *more], NOW)
    assert parts(seller, NOW) == {Why.REFUNDED: D(-36), Why.REFUND_UNCONFIRMED: D(36)}
    assert Payment.objects.filter(order__seller=seller).count() == 6
