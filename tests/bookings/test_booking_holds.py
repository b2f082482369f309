"""How a hold ends: in time, on demand, by a payment; and what it may become."""

from datetime import datetime, time, timedelta

import pytest
from django.db import DatabaseError, transaction

from billing.models import Order, Payment, Refund
from billing.settlement.expiry import expire_if_due, expire_now
from billing.settlement.services import choose_desk, take_at_desk
from billing.settlement.settling import settle
from bookings import errors
from bookings.models import Booking, Occupancy
from bookings.services.booking import HOLD
from bookings.services.expiring import expire_options
from tests.bookings.steps import assert_refused, desk, room
from tests.factories.billing import make_customer
from tests.factories.bookings import (
    NOW,
    TOMORROW,
    make_booking,
    make_confirmed,
    make_house,
    make_plain_booking,
    on,
)
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db


def test_open_holds_of_one_customer_are_limited() -> None:
    make_house(desks=5, open_holds=2)
    user = make_user()
    payer = make_customer(user)
    for number in (1, 2):
        make_booking(space=desk(number), user=user, customer=payer)
    assert_refused(errors.TooManyHolds, lambda: make_booking(space=desk(3), user=user, customer=payer))


def test_a_hold_whose_time_is_up_gives_way_on_demand() -> None:
    make_house()
    first = make_booking(space=desk())
    later = NOW + HOLD + timedelta(seconds=1)
    second = make_booking(space=desk(), now=later)
    first.refresh_from_db()
    assert (first.state, second.state) == ("expired", "held")
    assert first.line is not None
    assert first.line.order.state == "expired" or Order.objects.get(pk=first.line.order_id).state == "expired"


def test_a_hold_whose_time_runs_keeps_its_place() -> None:
    make_house()
    make_booking(space=desk())
    user = make_user()
    payer = make_customer(user)
    soon = NOW + HOLD - timedelta(seconds=1)
    assert_refused(
        errors.AlreadyTaken, lambda: make_booking(space=desk(), user=user, customer=payer, now=soon)
    )


def test_options_without_an_order_end_by_beat() -> None:
    make_house()
    option = make_plain_booking(
        space=room(), period=on(TOMORROW, time(10), time(11)), held_until=NOW + timedelta(hours=1)
    )
    assert expire_options(now=NOW) == 0
    assert expire_options(now=NOW + timedelta(hours=1)) == 1
    option.refresh_from_db()
    assert option.state == "expired"
    assert not Occupancy.objects.exists()


def pay(order: Order, now: datetime) -> Payment:
    """Write a payment that was received and that no worker has dealt with yet."""
    return Payment.objects.create(
        order=order,
        attempt=1,
        method="card",
        state="succeeded",
        amount=order.total,
        started_at=now,
        succeeded_at=now,
    )


def test_a_hold_that_was_paid_keeps_its_place_until_its_payment_is_dealt_with() -> None:
    make_house()
    first = make_booking(space=desk())
    assert first.line is not None
    payment = pay(first.line.order, NOW)
    later = NOW + HOLD + timedelta(minutes=1)
    with pytest.raises(errors.AlreadyTaken):
        make_booking(space=desk(), now=later)
    settle(payment.pk, now=later)
    first.refresh_from_db()
    assert (first.state, Booking.objects.count()) == ("confirmed", 1)
    assert not Refund.objects.exists()


def test_a_hold_that_was_prolonged_meanwhile_is_not_ended() -> None:
    make_house()
    booking = make_booking(space=desk())
    assert booking.line is not None
    seen, later = booking.line.order, NOW + HOLD + timedelta(minutes=1)
    choose_desk(order=seen, until=later + HOLD, by=make_user(), now=NOW)
    with transaction.atomic():
        assert not expire_if_due(seen, later)
    booking.refresh_from_db()
    assert (booking.state, booking.held_until) == ("held", later + HOLD)


def test_a_late_payment_takes_its_place_back_if_it_is_free() -> None:
    make_house()
    booking = make_booking(space=desk())
    assert booking.line is not None
    later = NOW + HOLD + timedelta(minutes=1)
    with transaction.atomic():
        expire_now(booking.line.order, later)
    assert not Occupancy.objects.exists()
    take_at_desk(order=booking.line.order, method="cash", by=make_user(role="manager"), now=later)
    booking.refresh_from_db()
    assert booking.state == "confirmed"
    assert booking.occupancies.count() == 1


def test_states_move_along_their_arrows_only() -> None:
    make_house()
    booking = make_confirmed(space=desk())
    with pytest.raises(DatabaseError), transaction.atomic():
        Booking.objects.filter(pk=booking.pk).update(state="held", held_until=NOW)
    booking.refresh_from_db()
    assert booking.state == "confirmed"
