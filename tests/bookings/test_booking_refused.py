"""A booking that the rules or another booking refuse: it says why, and writes nothing."""

from datetime import date, time, timedelta
from functools import partial

import pytest

from bookings import errors
from bookings.models import Booking, Closure
from bookings.period import Period, at
from tests.bookings.steps import assert_refused, desk, room
from tests.factories.billing import make_customer
from tests.factories.bookings import (
    PARIS,
    TOMORROW,
    make_booking,
    make_desk,
    make_house,
    make_plain_booking,
    make_site,
    on,
)
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db


OUTSIDE_THE_RULES = (
    ("desk", errors.Past, date(2026, 11, 23), time(9), time(13)),
    ("desk", errors.TooFar, date(2027, 6, 1), time(9), time(13)),
    ("desk", errors.Closed, date(2026, 11, 28), time(9), time(13)),
    ("desk", errors.Closed, date(2026, 12, 25), time(9), time(13)),
    ("desk", errors.Closed, TOMORROW, time(8), time(12)),
    ("desk", errors.Closed, TOMORROW, time(13), time(18, 15)),
    ("desk", errors.NotAHalfDay, TOMORROW, time(9), time(12)),
    ("desk", errors.NotAHalfDay, TOMORROW, time(12, 59), time(18)),
    ("room", errors.NotQuarterHour, TOMORROW, time(10, 1), time(11)),
    ("room", errors.TooShort, TOMORROW, time(10), time(10, 15)),
    ("room", errors.Closed, TOMORROW, time(8, 45), time(10)),
)


def test_a_desk_and_a_room_are_refused_outside_the_rules() -> None:
    make_house()
    user = make_user()
    payer = make_customer(user)
    spaces = {"desk": desk(), "room": room()}
    for kind, refusal, day, start, end in OUTSIDE_THE_RULES:
        period = on(day, start, end)
        assert_refused(
            refusal, partial(make_booking, space=spaces[kind], period=period, user=user, customer=payer)
        )


def test_closed_says_when_the_house_opens() -> None:
    make_house()
    user = make_user()
    payer = make_customer(user)
    period = on(TOMORROW, time(8), time(10))
    refused = assert_refused(
        errors.Closed, lambda: make_booking(space=room(), period=period, user=user, customer=payer)
    )
    assert str(refused) == "Ce créneau est fermé\u00a0: la Cantine ouvre à 9\u00a0h."
    assert refused.instead == "Ouvert le mercredi 25 novembre\u00a0: 9\u00a0h\u00a0–\u2060\u00a018\u00a0h."


def test_a_closure_refuses_with_its_reason() -> None:
    site = make_house()
    Closure.objects.create(site=site, during=on(TOMORROW, time(9), time(13)).range, reason="Travaux")
    user = make_user()
    payer = make_customer(user)
    refused = assert_refused(errors.Closed, lambda: make_booking(space=desk(), user=user, customer=payer))
    assert "Travaux" in str(refused)
    assert make_booking(space=desk(), period=on(TOMORROW, time(13), time(18))).state == "held"


def test_a_period_of_zero_length_or_backwards_is_refused() -> None:
    start = at(TOMORROW, time(10), PARIS)
    for end in (start, start - timedelta(hours=1)):
        with pytest.raises(errors.NotAPeriod):
            Period(start, end)


def test_two_room_bookings_may_touch_but_not_overlap_by_a_minute() -> None:
    make_house()
    make_booking(space=room(), period=on(TOMORROW, time(10), time(11)))
    make_booking(space=room(), period=on(TOMORROW, time(11), time(12)))
    with pytest.raises(errors.AlreadyTaken):
        make_plain_booking(space=room(), period=on(TOMORROW, time(9), time(10, 1)))
    assert Booking.objects.count() == 2


def test_joined_rooms_and_either_half_exclude_each_other() -> None:
    make_house()
    period = on(TOMORROW, time(10), time(11))
    make_booking(space=room("ab"), period=period)
    user = make_user()
    payer = make_customer(user)
    for code in ("a", "b"):
        space = room(code)
        assert_refused(
            errors.AlreadyTaken,
            partial(make_booking, space=space, period=period, user=user, customer=payer),
        )
    later = on(TOMORROW, time(14), time(15))
    make_booking(space=room("b"), period=later)
    assert_refused(
        errors.AlreadyTaken, lambda: make_booking(space=room("ab"), period=later, user=user, customer=payer)
    )


def test_what_is_broken_or_hidden_or_has_no_price_is_refused() -> None:
    site = make_house()
    user = make_user()
    payer = make_customer(user)
    broken, hidden = make_desk(site, out_of_order_reason="pied cassé"), make_desk(site, is_active=False)
    for space in (broken, hidden):
        assert_refused(errors.OutOfOrder, partial(make_booking, space=space, user=user, customer=payer))
    bare = make_desk(make_site())
    assert_refused(errors.NotForSale, lambda: make_booking(space=bare, user=user, customer=payer))
