"""Booking a space: what is written, who pays, and what it costs."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.errors import NoTerms
from billing.models import Document
from bookings import errors
from bookings.models import Tariff
from bookings.period import Period, at
from bookings.services import availability
from bookings.services.booking import HOLD, book_space
from members.models import Message
from tests.bookings.steps import assert_refused, desk, room
from tests.factories.billing import make_customer, make_organisation_customer
from tests.factories.bookings import (
    NOW,
    PARIS,
    TOMORROW,
    make_booking,
    make_confirmed,
    make_desk,
    make_hours,
    make_house,
    make_room,
    make_site,
    make_tariff,
    morning,
    on,
)
from tests.factories.members import make_membership, make_organisation, make_user

pytestmark = pytest.mark.django_db


def test_a_desk_is_held_with_its_order_until_it_is_paid() -> None:
    make_house()
    booking = make_booking(space=desk())
    assert (booking.state, booking.held_until) == ("held", NOW + HOLD)
    assert booking.line is not None
    assert booking.line.order.state == "open"
    assert booking.line.amount_incl == Decimal("9.00")
    assert booking.line.supplied_on == TOMORROW
    assert [row.atom_id for row in booking.occupancies.all()] == [booking.space_id]


def test_a_customer_with_terms_is_confirmed_at_once_and_told() -> None:
    make_house()
    booking = make_confirmed(space=desk())
    assert booking.state == "confirmed"
    assert Document.objects.count() == 1
    told = {message.template: message for message in Message.objects.all()}
    assert set(told) == {"bookings/confirmed", "bookings/reminder"}
    assert told["bookings/reminder"].due_at == datetime(2026, 11, 24, 18, tzinfo=PARIS)
    assert told["bookings/confirmed"].attachments == [
        f"ics:booking:{booking.pk}",
        f"document:{Document.objects.get().pk}",
    ]


def test_nothing_to_pay_is_confirmed_at_once_without_an_invoice() -> None:
    site = make_site()
    make_tariff(site, half_day=Decimal(0), day=Decimal(0))
    booking = make_booking(space=make_desk(site))
    assert booking.state == "confirmed"
    assert booking.line is not None
    assert booking.line.order.means == "free"
    assert not Document.objects.exists()


def test_terms_are_for_those_who_have_them() -> None:
    make_house()
    user = make_user()
    customer = make_customer(user)
    assert_refused(NoTerms, lambda: make_booking(space=desk(), user=user, customer=customer, on_terms=True))


def test_a_second_person_is_refused_and_pays_nothing() -> None:
    make_house()
    make_booking(space=desk(1))
    second = make_user()
    payer = make_customer(second)
    refused = assert_refused(
        errors.AlreadyTaken, lambda: make_booking(space=desk(1), user=second, customer=payer)
    )
    assert isinstance(refused, errors.AlreadyTaken)
    assert [space.number for space in refused.alternatives] == [2, 3]


def test_nobody_books_in_a_strangers_name() -> None:
    make_house()
    stranger, by = make_customer(), make_user()
    assert_refused(errors.NotYourCustomer, lambda: make_booking(space=desk(), user=by, customer=stranger))


def test_who_may_spend_an_organisations_money_books_in_its_name() -> None:
    make_house()
    user = make_user(name="Inès Essai")
    customer = make_organisation_customer(make_organisation(user))
    booking = make_booking(space=desk(), user=user, customer=customer, on_terms=True)
    assert booking.line is not None
    assert "Inès Essai" in booking.line.detail


def test_a_manager_books_for_someone() -> None:
    make_house()
    booking = make_booking(space=desk(), user=make_user(role="manager"), customer=make_customer())
    assert booking.state == "held"


def test_members_pay_their_own_tariff() -> None:
    site = make_house()
    make_tariff(site, audience=Tariff.Audience.MEMBER, half_day=Decimal("7.50"), day=Decimal("12.00"))
    user = make_user()
    make_membership(user=user)
    booking = make_booking(space=desk(), user=user)
    assert booking.line is not None
    assert booking.line.amount_incl == Decimal("7.50")


def test_rooms_are_paid_by_the_quarter_hour_up_to_the_days_cap() -> None:
    make_house()
    short = make_booking(space=room(), period=on(TOMORROW, time(14), time(16, 15)))
    long = make_booking(space=room("b"), period=on(TOMORROW, time(9), time(18)))
    assert short.line is not None
    assert long.line is not None
    assert (short.line.quantity, short.line.amount_incl) == (Decimal("2.25"), Decimal("40.50"))
    assert (long.line.quantity, long.line.unit, long.line.amount_incl) == (
        Decimal(1),
        "day",
        Decimal("90.00"),
    )


def test_a_leap_day_is_a_day_like_another() -> None:
    make_house()
    day, now = date(2028, 2, 29), datetime(2028, 2, 28, 12, tzinfo=PARIS)
    booking = make_booking(space=desk(), period=morning(day), now=now)
    assert booking.line is not None
    assert booking.line.supplied_on == day


def test_a_room_open_past_midnight_belongs_to_the_evening_before() -> None:
    site = make_house()
    night = make_room(site, code="nuit")
    make_hours(site, 4, time(18), time(2), space=night)
    friday = date(2026, 11, 27)
    period = Period(at(friday, time(23), PARIS), at(friday + timedelta(days=1), time(1), PARIS))
    assert make_booking(space=night, period=period).line.supplied_on == friday  # type: ignore[union-attr]
    after = Period(
        at(friday + timedelta(days=1), time(0, 15), PARIS), at(friday + timedelta(days=1), time(2), PARIS)
    )
    user = make_user()
    payer = make_customer(user)
    assert_refused(
        errors.AlreadyTaken, lambda: make_booking(space=night, period=after, user=user, customer=payer)
    )


@pytest.mark.parametrize(
    ("day", "real_hours"), [(date(2027, 3, 27), 5), (date(2026, 10, 24), 7)], ids=["forward", "back"]
)
def test_a_night_when_the_clocks_change_is_as_long_as_it_really_is(day: date, real_hours: int) -> None:
    site = make_house()
    night = make_room(site, code="nuit")
    make_hours(site, 5, time(22), time(4), space=night)
    make_tariff(site, "room", space=night, day_cap=None)
    period = Period(at(day, time(22), PARIS), at(day + timedelta(days=1), time(4), PARIS))
    now = datetime.combine(day, time(12), tzinfo=PARIS)
    booking = make_booking(space=night, period=period, now=now)
    assert booking.line is not None
    assert booking.line.quantity == real_hours


def test_a_booking_makes_few_queries() -> None:
    make_house()
    user = make_user()
    payer = make_customer(user)
    space = desk()
    availability.free_spaces(site=space.site, kind="desk", period=morning(), now=NOW)  # the premises are read
    with CaptureQueriesContext(connection) as queries:
        book_space(space=space, period=morning(), customer=payer, by=user, now=NOW)
    assert len(queries) <= 9, "\n".join(query["sql"][:90] for query in queries)


def test_a_booking_on_invoice_makes_few_queries_more() -> None:
    make_house()
    user = make_user()
    payer = make_customer(user, terms_days=30)
    make_confirmed(space=desk(2), user=user, customer=payer)  # the year's series is begun
    space = desk()
    with CaptureQueriesContext(connection) as queries:
        book_space(
            space=space,
            period=morning(),
            customer=payer,
            by=user,
            now=NOW,
            on_terms=True,
            start_requested=True,
        )
    assert len(queries) <= 28, "\n".join(query["sql"][:90] for query in queries)
