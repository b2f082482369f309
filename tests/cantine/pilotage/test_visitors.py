"""Erasing who came changes no figure of people, and in the end nobody can tell whose a visit was."""

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.account.signals import email_changed
from django.db import Error, connection, transaction

from bookings.models import Booking, Site
from bookings.period import at
from cantine.audit import events as audit
from cantine.pilotage.figures.people import Hosted, hosted_in
from events.forgetting import old_salts
from events.models import Attendance, Registration, VisitorSalt
from events.personal_data import erase
from events.services.erasing import KEPT, erase_due
from events.services.visitors import RECOGNISED
from members.models import User
from members.periods import PERIODS
from tests.factories.billing import make_customer
from tests.factories.bookings import PARIS, make_house, on
from tests.factories.events import make_event, make_registration
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
QUARTERS = [(date(2026, 3 * n + 1, 1), date(2026, 3 * n + 3, 28)) for n in reversed(range(4))]
LATER = datetime(2027, 6, 1, tzinfo=PARIS)
OVER = at(date(2027, 1, 1), time(), PARIS) + PERIODS["visitor_salts"]


@pytest.fixture
def site() -> Site:
    return make_house(desks=1)


@pytest.fixture
def door() -> User:
    return make_user(role="volunteer")


def come(site: Site, day: date, who: Sequence[User | str], door: User) -> list[Registration]:
    """Hold an event to which all of these come, and one more who does not."""
    starts = at(day, time(0, 30), PARIS)  # which UTC calls the day before
    event = make_event(site=site, starts_at=starts, now=starts, by=door, capacity=99)
    make_registration(event, email="absente@cantine.example", now=starts)
    found = []
    for each in who:
        given: dict[str, Any] = {"user": each} if isinstance(each, User) else {"email": each}
        found.append(make_registration(event, now=starts, **given))
    Attendance.objects.bulk_create(
        Attendance(seat=seat, at=starts, by=door)
        for registration in found
        for seat in registration.places.all()
    )
    return found


def book(site: Site, day: date, user: User) -> None:
    Booking.objects.create(
        site=site, space=site.spaces.get(number=1), during=on(day, time(9), time(13)).range,
        customer=make_customer(user), booked_by=user, state="confirmed", created_at=LATER,
    )  # fmt: skip


def told(*sites: Site) -> list[Hosted]:
    """What is said of the year, then of its quarters: people, members, organisations, months, cohorts."""
    return [*hosted_in(sites, [YEAR]), *hosted_in(sites, QUARTERS)]


def people_in(found: list[Hosted]) -> list[tuple[object, ...]]:
    """Of people alone: what hangs on accounts goes with the salt."""
    return [(each.people, each.people_by_month, each.cohorts) for each in found]


def test_figures_are_those_of_the_rows_before_whatever_was_erased(site: Site, door: User) -> None:
    chance, desks = random.Random(1), make_house(desks=1)
    people = [make_user() for _each in range(3)]
    guests = [f"Invité{number}@Cantine.example" for number in range(7)]
    everyone: list[User | str] = [*people, *guests]
    came: dict[date, set[str]] = {}
    for month in range(1, 13):
        who = chance.sample(everyone, chance.randint(0, 6))
        come(site, date(2026, month, 1), who, door)
        came[date(2026, month, 1)] = {each.email if isinstance(each, User) else each for each in who}
    for user in people[:2]:
        book(desks, date(2026, 2, chance.randint(1, 20)), user)
        make_user(email=guests.pop().lower())  # who comes as a guest, and has an account too
    before, at_events = told(site, desks), told(site)
    assert {month: each.number for month, each in at_events[0].people_by_month.items()} == {
        month: len(who) for month, who in came.items() if who
    }
    assert at_events[0].people.number == at_events[0].people.new == len(set().union(*came.values()))
    for moment in (date(2026, 4, 1), date(2026, 9, 15), date(2027, 2, 1), date(2027, 6, 1)):
        erase_due(at(moment, time(), PARIS))
        assert told(site, desks) == before
    assert not Registration.objects.exclude(email="").exists()
    assert list(audit.visitors_of_another_year()) == []
    VisitorSalt.objects.all().delete()
    assert people_in(told(site)) == people_in(at_events)


def test_one_guest_at_two_events_of_a_year_counts_once_and_is_new_once(site: Site, door: User) -> None:
    for month in (3, 10):
        come(site, date(2026, month, 5), ["zoe@cantine.example", ""], door)
    erase_due(LATER)
    year, autumn, *_others = told(site)
    assert (year.people.number, year.people.new) == (1, 1)
    assert (autumn.people.number, autumn.people.new) == (1, 0)
    kept = Registration.objects.exclude(visitor=None)
    assert len(set(kept.values_list("visitor"))) == 1
    assert kept.count() == 2  # none for who did not come or left no address


def test_a_guest_who_becomes_a_member_counts_once_and_is_not_new(site: Site, door: User) -> None:
    come(site, date(2026, 3, 5), ["Zoe@cantine.example"], door)
    erase_due(LATER)
    book(site, date(2026, 10, 6), make_user(email="zoe@cantine.example"))
    year, autumn, *_others = told(site)
    assert year.people.number == 1
    assert (autumn.people.number, autumn.people.new) == (1, 0)


def test_who_closes_their_account_is_found_no_more_and_counts_as_before(site: Site, door: User) -> None:
    user = make_user()
    old = come(site, date(2026, 3, 5), [user], door)[0]
    recent = come(site, date(2026, 10, 5), [user], door)[0]
    erase_due(recent.event.ends_at)
    with transaction.atomic():
        erase(user, now=LATER)
        erase(user, now=LATER)
    assert user.email in addresses_recognised()
    assert not found_by(user.email)
    for each in (old, recent):
        each.refresh_from_db()
    assert (old.email, recent.email, old.visitor) == ("", "", recent.visitor)
    assert told(site)[0].people.number == 1
    erase_due(LATER)
    recent.refresh_from_db()
    assert recent.visitor == old.visitor


def test_visits_follow_a_changed_address_that_was_proved(site: Site, door: User) -> None:
    old, new = (SimpleNamespace(email=f"{name}@cantine.example", verified=True) for name in ("A", "b"))
    come(site, date(2026, 3, 5), ["a@cantine.example"], door)
    make_user(email="b@cantine.example")
    erase_due(LATER)
    unproved = SimpleNamespace(email=old.email, verified=False)
    for before, years in ((None, []), (unproved, []), (old, [2026])):
        email_changed.send(User, from_email_address=before, to_email_address=new)
        assert found_by("b@cantine.example") == years


def addresses_recognised() -> set[str]:
    return {address for _year, address, _visitor in recognised()}


def found_by(address: str) -> list[int]:
    """In which years a visit of theirs is recognised."""
    kept = {bytes(visitor) for visitor in Registration.objects.values_list("visitor", flat=True) if visitor}
    return [year for year, each, visitor in recognised() if each == address and bytes(visitor) in kept]


def recognised() -> list[tuple[int, str, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(RECOGNISED)
        return list(cursor.fetchall())


def test_python_and_the_database_mix_alike() -> None:
    salt = VisitorSalt.objects.create(year=2026)
    make_user(email="zoé@cantine.example")
    assert {(address, bytes(visitor)) for _year, address, visitor in recognised()} == {
        (address, salt.pseudonym_of(address)) for address in addresses_recognised()
    }
    assert "zoé@cantine.example" in addresses_recognised()


def test_a_salt_goes_fourteen_months_after_its_year(site: Site, door: User) -> None:
    registration = come(site, date(2026, 12, 31), ["zoe@cantine.example"], door)[0]
    erase_due(registration.event.ends_at + KEPT)
    salt, moment = VisitorSalt.objects.get(), timedelta(seconds=1)
    assert not old_salts(OVER - moment - PERIODS["visitor_salts"]).exists()
    assert list(old_salts(OVER - PERIODS["visitor_salts"])) == [salt]
    assert list(audit.salts_kept_too_long(OVER)) == []
    assert len(list(audit.salts_kept_too_long(OVER + timedelta(days=1)))) == 1
    Registration.objects.filter(pk=registration.pk).update(
        visitor=VisitorSalt.objects.create(year=2025).pseudonym_of(door.email)
    )
    assert len(list(audit.visitors_of_another_year())) == 1


def test_a_salt_never_changes_and_only_who_was_erased_has_a_pseudonym(site: Site, door: User) -> None:
    VisitorSalt.objects.create(year=2026)
    registration = come(site, date(2026, 3, 5), ["zoe@cantine.example"], door)[0]
    with pytest.raises(Error), transaction.atomic():
        VisitorSalt.objects.update(salt=bytes(32))
    with pytest.raises(Error), transaction.atomic():
        VisitorSalt.objects.create(year=2027, salt=b"court")
    with pytest.raises(Error), transaction.atomic():
        Registration.objects.filter(pk=registration.pk).update(visitor=bytes(32))
