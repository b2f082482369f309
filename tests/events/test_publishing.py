"""Publishing: rights, rooms in the same transaction, review, changes told, cancellations refunded."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from billing.models import Refund
from billing.settlement.services import take_at_desk
from bookings.errors import AlreadyTaken, NotClosable
from bookings.models import Booking, Occupancy, Site, Space
from bookings.period import Period
from bookings.services.closing import close
from cantine.roles import take_role
from events.errors import NotSold
from events.models import Event, Registration, Review
from events.services import publishing, writing
from events.services.calling_off import call_off_due
from events.services.drafts import Draft, QuestionDraft, TicketDraft
from members.errors import NotAllowed, WrongState
from members.models import Message, User
from tests.events.test_registering import order_of, paid_event, sign_up
from tests.factories.bookings import make_house, make_plain_booking
from tests.factories.events import make_category, make_event, make_registration
from tests.factories.members import make_membership, make_user

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def site() -> Site:
    return make_house(desks=0, desk_payment=True)


@pytest.fixture
def volunteer() -> User:
    return make_user(role="volunteer")


def draft_of(site: Site, **fields: Any) -> Draft:
    starts = (NOW + timedelta(days=10)).replace(hour=17, minute=0, second=0, microsecond=0)
    given: dict[str, Any] = {
        "title": "Midi technique : une grille",
        "description": "Apportez **une page**.",
        "category": make_category(),
        "site": site,
        "space": site.spaces.get(code="a"),
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=2),
        **fields,
    }
    return Draft(**given)


def room_of(event: Event) -> Space:
    assert event.space is not None
    return event.space


def written(site: Site, by: User, **fields: Any) -> Event:
    return writing.write_event(draft=draft_of(site, **fields), by=by, now=NOW)


def bookings_of(event: Event) -> list[tuple[str, Period]]:
    rows = Booking.objects.active().filter(event_room__event=event)
    return [(row.state, row.period.utc) for row in rows]


def test_a_volunteer_publishes_straight_and_the_room_is_taken_with_setting_up(
    site: Site, volunteer: User
) -> None:
    event = written(site, volunteer)
    assert (event.state, event.capacity, bookings_of(event)) == ("draft", 8, [])
    assert event.slug.startswith("midi-technique-une-grille-20")
    published = publishing.publish_event(event=event, by=volunteer, now=NOW)
    assert (published.state, bookings_of(event)) == ("published", [("confirmed", event.taken_period.utc)])
    assert event.taken_period.length == timedelta(hours=3)


def test_a_room_that_is_taken_refuses_and_nothing_is_published(site: Site, volunteer: User) -> None:
    event = written(site, volunteer)
    make_plain_booking(
        space=room_of(event), period=Period(event.ends_at, event.ends_at + timedelta(minutes=15))
    )
    with pytest.raises(AlreadyTaken):
        publishing.publish_event(event=event, by=volunteer, now=NOW)
    event.refresh_from_db()
    assert (event.state, event.published_at, bookings_of(event)) == ("draft", None, [])


def test_a_members_proposal_is_reviewed_sent_back_and_published(site: Site) -> None:
    member, manager = make_user(), make_user(role="manager")
    make_membership(user=member)
    event = written(site, member)
    with pytest.raises(NotAllowed):
        publishing.publish_event(event=event, by=member, now=NOW)
    submitted = publishing.submit_event(event=event, by=member, now=NOW)
    assert (submitted.state, bookings_of(event)) == ("submitted", [("held", event.taken_period.utc)])
    assert Message.objects.filter(template="events/to_review", to=manager.email).exists()
    publishing.send_back(event=event, by=manager, comment="Précisez le niveau attendu.", now=NOW)
    event.refresh_from_db()
    assert (event.state, bookings_of(event), Review.objects.get().outcome) == ("draft", [], "sent_back")
    publishing.submit_event(event=event, by=member, now=NOW)
    published = publishing.publish_event(event=event, by=manager, now=NOW, comment="Merci.")
    assert (published.state, [state for state, _period in bookings_of(event)]) == ("published", ["confirmed"])
    assert Message.objects.filter(template="events/reviewed", to=member.email).count() == 2


def test_who_is_no_member_proposes_nothing(site: Site) -> None:
    with pytest.raises(NotAllowed):
        written(site, make_user())
    assert not Event.objects.exists()


def test_a_former_volunteer_loses_every_right_at_once(site: Site, volunteer: User) -> None:
    event = written(site, volunteer)
    publishing.publish_event(event=event, by=volunteer, now=NOW)
    assert list(Event.objects.run_by(volunteer)) == [event]
    take_role(user=volunteer, role="volunteer", by=None)
    former = User.objects.get(pk=volunteer.pk)
    assert not Event.objects.run_by(former).exists()
    assert not Event.objects.editable_by(former).exists()
    with pytest.raises(NotAllowed):
        writing.change_event(event=event, draft=draft_of(site, title="Autre"), by=former, now=NOW)
    with pytest.raises(NotAllowed):
        publishing.cancel_event(event=event, by=former, reason="", now=NOW)
    event.refresh_from_db()
    assert (event.state, event.title) == ("published", "Midi technique : une grille")


def test_volunteers_change_their_own_events_only_and_co_organisers_help(site: Site, volunteer: User) -> None:
    event, other = written(site, volunteer), make_user(role="volunteer")
    with pytest.raises(NotAllowed):
        writing.change_event(event=event, draft=draft_of(site), by=other, now=NOW)
    writing.change_event(event=event, draft=draft_of(site, organisers=(other,)), by=volunteer, now=NOW)
    assert writing.change_event(event=event, draft=draft_of(site, organisers=(other,)), by=other, now=NOW)


def test_a_change_moves_the_room_and_tells_who_registered(site: Site, volunteer: User) -> None:
    event = written(site, volunteer)
    publishing.publish_event(event=event, by=volunteer, now=NOW)
    make_registration(event)
    make_registration(event, state="cancelled")
    later = draft_of(site, space=site.spaces.get(code="b"))
    later = replace(
        later, starts_at=event.starts_at + timedelta(days=1), ends_at=event.ends_at + timedelta(days=1)
    )
    changed = writing.change_event(event=event, draft=later, by=volunteer, now=NOW)
    assert (changed.sequence, bookings_of(event)) == (1, [("confirmed", changed.taken_period.utc)])
    told = Message.objects.get(template="events/changed")
    assert (told.ids["said"], Message.objects.filter(template="events/reminder").count()) == (
        ["when", "where"],
        1,
    )
    assert Occupancy.objects.get().atom.code == "b"


def test_a_change_that_concerns_nobody_tells_nobody(site: Site, volunteer: User) -> None:
    event = written(site, volunteer)
    publishing.publish_event(event=event, by=volunteer, now=NOW)
    make_registration(event)
    writing.change_event(event=event, draft=draft_of(site, description="Mieux dit."), by=volunteer, now=NOW)
    assert not Message.objects.exists()


def test_moving_to_a_room_that_is_taken_changes_nothing(site: Site, volunteer: User) -> None:
    event = written(site, volunteer)
    publishing.publish_event(event=event, by=volunteer, now=NOW)
    other = site.spaces.get(code="b")
    make_plain_booking(space=other, period=event.period)
    before = bookings_of(event)
    with pytest.raises(AlreadyTaken):
        writing.change_event(event=event, draft=draft_of(site, space=other), by=volunteer, now=NOW)
    event.refresh_from_db()
    assert (room_of(event).code, bookings_of(event)) == ("a", before)


def test_a_capacity_below_what_is_taken_is_refused_and_a_larger_one_serves_who_waits(
    site: Site, volunteer: User
) -> None:
    event = written(site, volunteer, capacity=2)
    publishing.publish_event(event=event, by=volunteer, now=NOW)
    ticket = event.tickets.get()
    kept = (TicketDraft("free", pk=ticket.pk),)
    for name in ("a", "b", "c", "d"):
        sign_up(event, email=f"{name}@cantine.example")
    with pytest.raises(writing.TooFewSeats):
        writing.change_event(
            event=event, draft=draft_of(site, capacity=1, tickets=kept), by=volunteer, now=NOW
        )
    writing.change_event(event=event, draft=draft_of(site, capacity=3, tickets=kept), by=volunteer, now=NOW)
    event.refresh_from_db()
    assert (event.seats_taken, list(event.registrations.order_by("pk").values_list("state", flat=True))) == (
        3,
        ["confirmed", "confirmed", "held", "waiting"],
    )


def test_cancelling_frees_the_room_then_tells_and_refunds_everyone(volunteer: User) -> None:
    event = paid_event(by=volunteer, room=True)
    paid, held, waiting = (sign_up(event, email=f"{name}@cantine.example") for name in ("a", "b", "c"))
    take_at_desk(order=order_of(paid), method="cash", by=make_user(role="manager"), now=NOW)
    publishing.cancel_event(event=event, by=volunteer, reason="La salle est inondée.", now=NOW)
    assert bookings_of(event) == []
    assert (call_off_due(NOW), call_off_due(NOW)) == (3, 0)
    assert set(event.registrations.values_list("state", flat=True)) == {"cancelled"}
    assert Refund.objects.get().amount == Decimal("12.00")
    assert Message.objects.filter(template="events/event_cancelled").count() == 3
    event.refresh_from_db()
    assert event.seats_taken == 0
    held.refresh_from_db()
    assert order_of(held).state == "cancelled"
    assert waiting is not None


def test_a_planned_publication_is_seen_from_its_day_on(site: Site, volunteer: User) -> None:
    event = written(site, volunteer, visible_from=NOW + timedelta(days=2))
    publishing.publish_event(event=event, by=volunteer, now=NOW)
    stranger = make_user()
    assert not Event.objects.visible_to(stranger, NOW).exists()
    assert Event.objects.visible_to(stranger, NOW + timedelta(days=2)).exists()
    assert Event.objects.visible_to(volunteer, NOW).exists()


def test_a_paid_event_is_published_only_where_it_can_be_sold(site: Site, volunteer: User) -> None:
    event = written(site, volunteer, tickets=(TicketDraft("paid", price=Decimal("5.00")),))
    with pytest.raises(NotSold):
        publishing.publish_event(event=event, by=volunteer, now=NOW)
    event.refresh_from_db()
    assert (event.state, bookings_of(event)) == ("draft", [])


def test_what_is_incomplete_is_not_sent_to_anyone(site: Site, volunteer: User) -> None:
    lacking: tuple[dict[str, Any], ...] = (
        {"description": " "},
        {"space": None},
        {"where": "elsewhere"},
        {"where": "online"},
        {"starts_at": NOW - timedelta(hours=1), "ends_at": NOW + timedelta(hours=1)},
    )
    for missing in lacking:
        event = written(site, volunteer, **missing)
        for verb in (publishing.submit_event, publishing.publish_event):
            with pytest.raises(Exception, match=r"\w"):
                verb(event=event, by=volunteer, now=NOW)
        event.refresh_from_db()
        assert (missing, event.state, bookings_of(event)) == (missing, "draft", [])


def test_a_past_event_is_started_again_on_the_next_same_weekday(site: Site, volunteer: User) -> None:
    past = make_event(site=site, by=volunteer, starts_at=NOW - timedelta(days=30), capacity=12)
    copy = writing.duplicate_event(event=past, by=volunteer, now=NOW)
    assert (copy.state, copy.title, copy.capacity, copy.seats_taken) == ("draft", past.title, 12, 0)
    assert NOW < copy.starts_at < NOW + timedelta(days=8)
    assert copy.starts_at.astimezone(site.zone).weekday() == past.starts_at.astimezone(site.zone).weekday()
    assert copy.tickets.count() == 1


def test_a_members_booking_is_never_displaced_by_an_event(site: Site, volunteer: User) -> None:
    event = written(site, volunteer)
    make_plain_booking(space=room_of(event), period=event.period, purpose="event")
    with pytest.raises(AlreadyTaken):
        publishing.submit_event(event=event, by=volunteer, now=NOW)
    assert Booking.objects.active().count() == 1


def test_a_closure_does_not_displace_an_event(site: Site, volunteer: User) -> None:
    event = written(site, volunteer)
    publishing.publish_event(event=event, by=volunteer, now=NOW)
    with pytest.raises(NotClosable):
        close(site=site, period=event.period, reason="Travaux", by=make_user(role="manager"), now=NOW)
    assert [state for state, _period in bookings_of(event)] == ["confirmed"]


def test_nobody_publishes_twice_or_changes_what_is_cancelled(site: Site, volunteer: User) -> None:
    event = written(site, volunteer)
    publishing.publish_event(event=event, by=volunteer, now=NOW)
    with pytest.raises(WrongState):
        publishing.publish_event(event=event, by=volunteer, now=NOW)
    publishing.cancel_event(event=event, by=volunteer, reason="", now=NOW)
    with pytest.raises(NotAllowed):
        writing.change_event(event=event, draft=draft_of(site), by=volunteer, now=NOW)
    with pytest.raises(WrongState):
        publishing.cancel_event(event=event, by=volunteer, reason="", now=NOW)


def test_a_ticket_people_have_is_no_longer_offered_but_stays(site: Site, volunteer: User) -> None:
    event = written(site, volunteer)
    publishing.publish_event(event=event, by=volunteer, now=NOW)
    found = sign_up(event)
    writing.change_event(
        event=event, draft=draft_of(site, questions=(QuestionDraft("Régime ?"),)), by=volunteer, now=NOW
    )
    found.ticket.refresh_from_db()
    assert (found.ticket.is_active, event.tickets.count(), event.questions.count()) == (False, 2, 1)
    assert Registration.objects.get().state == "confirmed"
