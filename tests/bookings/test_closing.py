"""Closing a day or a space: who is hit is moved or given everything back, and told."""

from datetime import UTC, time

import pytest

from billing.models import Document
from bookings import errors
from bookings.models import Booking, Closure, Occupancy, Site, Space
from bookings.period import Period
from bookings.services.closing import close, preview, reopen
from bookings.services.rules import atoms_of
from members.errors import NotAllowed
from members.models import Message, User
from tests.bookings.steps import desk
from tests.factories.billing import make_customer
from tests.factories.bookings import (
    NOW,
    TOMORROW,
    make_booking,
    make_confirmed,
    make_house,
    make_plain_booking,
    make_room,
    morning,
    on,
)
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db
WHOLE = on(TOMORROW, time(0), time(23, 59))


def manager() -> User:
    return make_user(role="manager")


def shut(site: Site, period: Period = WHOLE, space: Space | None = None) -> Closure:
    return close(site=site, period=period, space=space, reason="Travaux", by=manager(), now=NOW)


def test_a_closed_desk_moves_its_booking_to_the_nearest_one() -> None:
    site = make_house(desks=3)
    booking = make_confirmed(space=desk(1))
    seen = preview(site=site, period=WHOLE, space=desk(1), now=NOW)
    assert [(hit.booking, hit.proposal) for hit in seen.hits] == [(booking, desk(2))]
    shut(site, space=desk(1))
    booking.refresh_from_db()
    assert (booking.space, booking.state, booking.sequence) == (desk(2), "confirmed", 1)
    assert not Document.objects.filter(kind="credit_note").exists()
    assert Message.objects.filter(template="bookings/confirmed").count() == 1
    assert Message.objects.filter(template="bookings/reminder").count() == 1
    assert Message.objects.filter(template="bookings/moved").count() == 1
    assert set(Occupancy.objects.values_list("atom__number", flat=True)) == {1, 2}


def test_a_closed_site_cancels_everyone_with_everything_back_and_tells_them() -> None:
    site = make_house(desks=2)
    sure, held = make_confirmed(space=desk(1)), make_booking(space=desk(2))
    seen = preview(site=site, period=WHOLE, now=NOW)
    assert {hit.booking: hit.refunded for hit in seen.hits} == {sure: 9, held: 0}
    assert seen.moved == []
    shut(site)
    assert set(Booking.objects.exclude(purpose="closure").values_list("state", flat=True)) == {"cancelled"}
    assert Document.objects.get(kind="credit_note").total_incl == 9
    assert Message.objects.filter(template="bookings/closed").count() == 1
    assert not Message.objects.filter(template="bookings/cancelled").exists()
    assert Occupancy.objects.count() == Booking.objects.filter(purpose="closure").count() == 4


def test_nothing_is_booked_over_a_closure_until_it_is_taken_back() -> None:
    site = make_house(desks=1)
    closure = shut(site)
    user = make_user()
    customer = make_customer(user)
    with pytest.raises(errors.Closed):
        make_booking(space=desk(), user=user, customer=customer)
    reopen(closure=closure, by=manager(), now=NOW)
    assert not Closure.objects.exists()
    assert not Occupancy.objects.exists()
    assert make_booking(space=desk(), user=user, customer=customer).state == "held"


def test_an_event_nobody_lets_go_keeps_the_closure_from_happening() -> None:
    site = make_house(desks=1)
    sure = make_confirmed(space=desk())
    make_plain_booking(space=Space.objects.get(code="a"), period=morning())
    before = Booking.objects.count()
    with pytest.raises(errors.NotClosable):
        shut(site)
    sure.refresh_from_db()
    assert (sure.state, Booking.objects.count(), Closure.objects.count()) == ("confirmed", before, 0)


def test_only_a_manager_closes() -> None:
    site = make_house(desks=1)
    with pytest.raises(NotAllowed):
        close(site=site, period=WHOLE, reason="Travaux", by=make_user(), now=NOW)
    assert not Closure.objects.exists()


def test_closing_one_half_of_joined_rooms_hits_the_whole() -> None:
    site = make_house(desks=0)
    both = make_confirmed(space=Space.objects.get(code="ab"), period=on(TOMORROW, time(10), time(11)))
    shut(site, space=Space.objects.get(code="a"))
    both.refresh_from_db()
    assert both.state == "cancelled"
    assert list(Occupancy.objects.values_list("atom__code", flat=True)) == ["a"]


def test_a_day_that_has_begun_is_closed_from_now_on_and_what_is_over_stays() -> None:
    site = make_house(desks=1)
    over = make_confirmed(space=desk(1))
    today, now = on(TOMORROW, time(0), time(23, 59)), on(TOMORROW, time(14), time(15)).start
    closure = close(site=site, period=today, reason="Travaux", by=manager(), now=now)
    over.refresh_from_db()
    assert (over.state, over.occupancies.count()) == ("confirmed", 1)
    assert closure.bookings.count() == 3
    assert {each.period.utc.start for each in closure.bookings.all()} == {now.astimezone(UTC)}


def test_what_is_over_is_not_closed() -> None:
    site = make_house(desks=1)
    now = on(TOMORROW, time(14), time(15)).end
    with pytest.raises(errors.Past):
        close(site=site, period=morning(), reason="Travaux", by=manager(), now=now)
    assert not Closure.objects.exists()
    assert not Occupancy.objects.exists()


def test_a_closed_site_proposes_no_rooms_that_are_closed_with_it() -> None:
    site = make_house(desks=1)
    third = make_room(site, code="c", capacity=4)
    booking = make_confirmed(space=third, period=on(TOMORROW, time(10), time(11)))
    assert [hit.proposal for hit in preview(site=site, period=WHOLE, now=NOW).hits] == [None]
    shut(site)
    booking.refresh_from_db()
    assert booking.state == "cancelled"


def test_two_bookings_are_not_moved_to_joined_rooms_and_to_one_of_them() -> None:
    site = make_house(desks=1)
    large, small = make_room(site, code="c", capacity=16), make_room(site, code="d", capacity=2)
    for space in (large, small):
        make_confirmed(space=space, period=on(TOMORROW, time(10), time(11)))
    make_room(site, code="cd", capacity=18, parts=(large, small))
    joined = Space.objects.select_related("site").get(code="cd")
    proposals = [hit.proposal for hit in preview(site=site, period=WHOLE, space=joined, now=NOW).hits]
    atoms = [atom for each in proposals if each for atom in atoms_of(each)]
    assert len(atoms) == len(set(atoms))
