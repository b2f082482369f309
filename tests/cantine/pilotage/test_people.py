"""Who came, to events too, and what became of requests to rent: a small world with known answers."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from billing.models import Customer
from bookings.models import Booking, RentalRequest, Site
from bookings.period import at
from cantine.pilotage.figures.events import Came, held
from cantine.pilotage.figures.people import Cohort, Count, hosted, hosted_in, without_few
from cantine.pilotage.figures.rentals import rentals
from events.models import Attendance, Event, Organiser, Registration
from members.models import User
from tests.factories.billing import make_customer, make_organisation_customer
from tests.factories.bookings import NOW, PARIS, make_house, on
from tests.factories.events import make_category, make_event, make_registration
from tests.factories.members import make_membership, make_organisation, make_user
from tests.factories.rentals import make_rental_request, make_sent
from tests.lasting import lasting

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 4, 1), date(2026, 9, 30)
BEFORE = (date(2025, 4, 1), date(2025, 9, 30))


class World:
    """People by what they did."""

    def __init__(self) -> None:
        self.site, self.other = make_house(name="Falaise"), make_house(name="Vernon")
        self.old, self.new, self.guest, self.staff = (make_user() for _ in range(4))
        self.staff.is_staff = True
        self.staff.save()
        self.company = make_organisation(self.new)
        self.payer = make_organisation_customer(self.company, buyer="business")
        self.booked()
        self.event()

    def booked(self) -> None:
        old, new = make_customer(self.old), make_customer(self.new)
        self.visit(old, self.old, date(2025, 5, 5))
        self.visit(old, self.old, date(2026, 2, 3))
        self.visit(old, self.old, date(2026, 4, 1))
        self.visit(old, self.old, date(2026, 8, 1))
        self.visit(new, self.new, date(2026, 9, 30))
        self.visit(new, self.new, date(2026, 10, 1))  # after the period
        self.visit(new, self.new, date(2026, 5, 4), state="cancelled")
        self.visit(self.payer, self.staff, date(2026, 5, 5))  # the organisation comes, the team does not
        self.visit(self.payer, self.guest, date(2025, 9, 30))
        renter = Customer.objects.create(
            kind="contact", email="loue@cantine.example", name="Club", buyer="association"
        )
        self.visit(renter, self.staff, date(2026, 6, 6), purpose="rental")
        self.visit(make_customer(), self.staff, date(2026, 6, 6), site=self.other)
        make_membership(user=self.old, valid_from=date(2026, 8, 1))

    def visit(self, customer: Customer, by: User, day: date, **fields: Any) -> None:
        site: Site = fields.pop("site", self.site)
        Booking.objects.create(
            site=site,
            space=site.spaces.get(number=1),
            during=on(
                day, time(0), time(1)
            ).range,  # the first hour of the day, which UTC calls the day before
            customer=customer,
            booked_by=by,
            created_at=NOW,
            **{"state": "confirmed", **fields},
        )

    def event(self) -> None:
        talk = make_category("conference", name="Conférence", plural="Conférences", position=5)
        self.door = make_user(role="volunteer")
        seen = self.held(date(2026, 6, 1), by=make_user(role="volunteer"), category=talk)
        Organiser.objects.create(event=seen, user=self.door)
        self.came(make_registration(seen, user=self.guest, names=["Un", "Deux"]), 2)
        self.came(make_registration(seen, email=self.new.email.upper()), 1)  # the same person, not signed in
        make_registration(seen)  # who never came
        make_registration(seen, state="cancelled")
        unkept = self.held(date(2026, 7, 1), by=self.staff)
        make_registration(unkept)
        self.held(date(2026, 10, 1))
        self.held(date(2026, 7, 2), state="cancelled")
        self.held(date(2025, 6, 1))
        self.held(date(2026, 6, 1), site=self.other)
        erased = self.held(date(2026, 4, 2), by=self.staff)
        self.came(make_registration(erased, email="", name=""), 1)

    def held(self, day: date, **fields: Any) -> Event:
        starts = at(day, time(0, 30), PARIS)
        return make_event(**{"site": self.site, "starts_at": starts, "now": NOW, **fields})

    def came(self, registration: Registration, number: int) -> None:
        for seat in registration.places.all()[:number]:
            Attendance.objects.create(seat=seat, at=NOW, by=self.door)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with lasting(django_db_blocker):
        yield World()


def test_each_person_counts_once_and_is_new_the_first_time(world: World) -> None:
    found, before = hosted_in([world.site], [(FIRST, LAST), BEFORE])
    # « old » came before; « guest » booked for the company the year before; « new » came to the event first.
    assert found.people == Count(3, 1)
    assert before.people == Count(2, 2)
    months = {month.month: count for month, count in found.people_by_month.items() if month >= FIRST}
    assert months == {4: Count(1), 6: Count(2, 1), 8: Count(1), 9: Count(1)}
    assert hosted([world.site, world.other], FIRST, LAST).people == Count(4, 2)


def test_members_are_those_covered_while_they_came(world: World) -> None:
    found = hosted([world.site], FIRST, LAST)
    assert (found.members, found.members_by_month) == (1, {date(2026, 8, 1): 1})
    assert hosted([world.site], FIRST, date(2026, 7, 31)).members == 0


def test_organisations_pay_or_someone_of_theirs_comes_or_rent_without_an_account(world: World) -> None:
    found = hosted([world.site], FIRST, LAST)
    assert found.organisations == Count(2, 1)
    assert found.organisations_by_buyer == {"business": Count(1), "association": Count(1, 1)}
    months = {month.month: each for month, each in found.organisations_by_month.items() if month >= FIRST}
    assert months == {5: Count(1), 6: Count(2, 1), 9: Count(1)}


def test_who_comes_back_is_told_by_quarter_of_first_visit(world: World) -> None:
    found = hosted([world.site], FIRST, LAST).cohorts
    assert found == [
        Cohort(date(2025, 4, 1), 1, [0, 0, 1, 1, 1]),
        Cohort(date(2025, 7, 1), 1, [0, 0, 1, 0]),
        Cohort(date(2026, 4, 1), 1, [1]),
    ]
    assert found[0].shares == [0, 0, 100, 100, 100]


def test_funders_are_told_nothing_of_fewer_than_five(world: World) -> None:
    assert [row.size for row in hosted([world.site], FIRST, LAST, for_funders=True).cohorts] == [None] * 3
    assert without_few(Cohort(FIRST, 5, [5, 4, 0])) == Cohort(FIRST, 5, [5, None, None])
    assert without_few(Cohort(FIRST, 4, [4])).shares == [None]


def test_events_count_with_who_was_expected_came_and_gave_their_time(world: World) -> None:
    found = held([world.site], FIRST, LAST)
    # Expected: 2 + 1 + 1 in June, 1 in July where nobody kept the door, 1 in April.
    assert found.whole == Came(events=3, expected=6, came=4, counted=5)
    assert found.whole.percent == 80
    assert {str(each): came.events for each, came in found.by_category().items()} == {
        "Atelier": 2,
        "Conférence": 1,
    }
    assert (found.by_month()[date(2026, 7, 1)].came, found.by_month()[date(2026, 7, 1)].percent) == (0, None)
    assert (found.volunteers, found.volunteers_by_month) == (
        2,
        {date(2026, 6, 1): 2, date(2026, 4, 1): 1},
    )


def test_requests_to_rent_are_won_lost_and_answered(world: World) -> None:
    asked = datetime(2026, 6, 1, 9, tzinfo=PARIS)
    for state in ("won", "done", "cancelled", "lost", "received"):
        make_rental_request(world.site, state=state, received_at=asked, price_excl=10, price_incl=12)
    make_rental_request(world.site, state="lost", received_at=asked - timedelta(days=100))
    answered = make_sent(now=NOW)
    RentalRequest.objects.filter(pk=answered.request_id).update(received_at=NOW - timedelta(hours=30))
    found = rentals([world.site, answered.request.site], FIRST, NOW.date(), now=NOW)
    assert (found.received, found.won, found.lost, found.percent) == (6, 3, 1, 75)
    assert (found.answer_hours, found.worth) == (30, Decimal(30))
    assert [each.number for each in found.open_stages] == [1, 1, 1, 0]


def test_the_number_of_queries_grows_with_nothing(world: World) -> None:
    def queries(sites: list[Site], first: date) -> int:
        with CaptureQueriesContext(connection) as asked:
            hosted(sites, first, LAST)
            held(sites, first, LAST)
            rentals(sites, first, LAST, now=NOW)
        return len(asked)

    assert queries([world.site], LAST) == queries([world.site, world.other], date(2024, 1, 1)) == 5
    assert hosted([], FIRST, LAST).people == Count()
