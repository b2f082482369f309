"""Registering for events: free, paid, limits, windows."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from billing.models import Customer, Document, Order
from billing.settlement.expiry import expire_due
from billing.settlement.services import take_at_desk
from events.errors import Full, MembersOnly, NotOpen, NotSold, TooManySeats
from events.models import Event, Registration
from events.services.registering import register
from members.models import Message
from tests.factories.bookings import make_house
from tests.factories.events import make_event, make_question, make_ticket
from tests.factories.members import make_membership, make_user

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def sign_up(event: Event, email: str = "noe@cantine.example", **fields: Any) -> Registration:
    given = {"ticket": event.tickets.all()[0], "name": "Noé Essai", "language": "fr", "now": NOW, **fields}
    return register(event=event, email=email, **given)


def paid_event(price: str = "12.00", **fields: Any) -> Event:
    event = make_event(site=make_house(desks=0, desk_payment=True), tickets=False, **fields)
    make_ticket(event, price=price)
    return event


def count_of(event: Event) -> tuple[int, int]:
    event.refresh_from_db()
    return event.seats_taken, event.tickets.get().seats_taken


def customer_of(registration: Registration) -> Customer:
    assert registration.customer is not None
    return registration.customer


def order_of(registration: Registration) -> Order:
    assert registration.line is not None
    return registration.line.order


def nothing_written(event: Event) -> bool:
    return count_of(event) == (0, 0) and not Registration.objects.exists() and not Message.objects.exists()


def test_a_guest_is_confirmed_at_once_with_a_ticket_by_email() -> None:
    event = make_event()
    found = sign_up(event, seats=2, names=["Zoé Essai"])
    message = Message.objects.get(template="events/confirmed")
    assert (found.state, count_of(event), customer_of(found).kind) == ("confirmed", (2, 2), "contact")
    assert [seat.name for seat in found.places.all()] == ["Noé Essai", "Zoé Essai"]
    assert (message.to, len(message.attachments)) == ("noe@cantine.example", 3)
    assert Message.objects.filter(template="events/reminder").count() == 1
    assert not Order.objects.exists()


def test_who_is_signed_in_registers_as_themselves() -> None:
    event, user = make_event(), make_user()
    found = sign_up(event, email=user.email, user=user)
    assert (found.user, customer_of(found).user) == (user, user)


def test_a_paid_seat_is_held_until_its_order_is_paid_then_invoiced() -> None:
    event = paid_event()
    found = sign_up(event, seats=2)
    order = Order.objects.get()
    assert (found.state, found.held_until, order.total) == ("held", NOW + timedelta(minutes=15), Decimal(24))
    take_at_desk(order=order, method="cash", by=make_user(role="manager"), now=NOW)
    found.refresh_from_db()
    assert (found.state, count_of(event), Document.objects.count()) == ("confirmed", (2, 2), 1)
    assert any(
        each.startswith("document:") for each in Message.objects.get(template="events/confirmed").attachments
    )


def test_a_paid_seat_that_is_not_paid_is_free_again() -> None:
    event = paid_event()
    found = sign_up(event)
    assert expire_due(NOW + timedelta(minutes=16)) == 1
    found.refresh_from_db()
    assert (found.state, count_of(event)) == ("expired", (0, 0))


def test_a_hold_that_is_over_gives_way_to_the_next_even_before_beat_looks() -> None:
    event = paid_event(capacity=1)
    sign_up(event)
    found = sign_up(event, email="lea@cantine.example", now=NOW + timedelta(minutes=16))
    assert (found.state, count_of(event)) == ("held", (1, 1))


def test_a_late_payment_takes_its_seat_back_if_it_is_free() -> None:
    event = paid_event(capacity=1)
    found = sign_up(event)
    expire_due(NOW + timedelta(minutes=16))
    take_at_desk(order=Order.objects.get(), method="cash", by=make_user(role="manager"), now=NOW)
    found.refresh_from_db()
    assert (found.state, count_of(event)) == ("confirmed", (1, 1))


def test_members_pay_their_price() -> None:
    event = make_event(site=make_house(desks=0, desk_payment=True), tickets=False)
    make_ticket(event, price="12.00", member_price=Decimal("8.00"))
    member = make_user()
    make_membership(user=member)
    assert sign_up(event, email=member.email, user=member).unit_price == Decimal("8.00")
    assert sign_up(event).unit_price == Decimal("12.00")


@pytest.mark.parametrize(("given", "state"), [("0", "confirmed"), ("3.50", "held")])
def test_pay_what_you_like_is_free_at_zero(given: str, state: str) -> None:
    event = make_event(site=make_house(desks=0, desk_payment=True), tickets=False)
    make_ticket(event, pricing="open", price="5.00")
    found = sign_up(event, price=Decimal(given))
    assert (found.state, Order.objects.count()) == (state, int(state == "held"))


def test_pay_what_you_like_refuses_what_is_no_price() -> None:
    event = make_event(site=make_house(desks=0, desk_payment=True), tickets=False)
    make_ticket(event, pricing="open")
    for given in ("-1", "0.001", "NaN", "1e9"):
        with pytest.raises(Exception, match="montant"):
            sign_up(event, price=Decimal(given))
    assert nothing_written(event)


NOT_OPEN: tuple[dict[str, Any], ...] = (
    {"ticket": {"opens_at": NOW + timedelta(hours=1)}},
    {"ticket": {"closes_at": NOW - timedelta(hours=1)}},
    {"ticket": {"is_active": False}},
    {"state": "draft"},
    {"state": "cancelled"},
    {"visible_from": NOW + timedelta(days=1)},
    {"starts_at": NOW - timedelta(minutes=1)},
)


def test_refuses_outside_the_window_or_an_event_that_is_not_on_and_writes_nothing() -> None:
    site, by = make_house(desks=0), make_user(role="volunteer")
    for fields in NOT_OPEN:
        event = make_event(site=site, by=by, **fields)
        with pytest.raises(NotOpen):
            sign_up(event)
        assert nothing_written(event), fields


def test_refuses_more_seats_than_one_person_may_have_whoever_splits_them() -> None:
    event = make_event(ticket={"limit": 2})
    with pytest.raises(TooManySeats):
        sign_up(event, seats=3)
    assert nothing_written(event)
    sign_up(event, seats=2)
    with pytest.raises(TooManySeats):
        sign_up(event, email="NOE@cantine.example")
    assert count_of(event) == (2, 2)


def test_refuses_strangers_at_a_members_event() -> None:
    event, stranger, member = make_event(audience="members"), make_user(), make_user()
    make_membership(user=member)
    for user in (None, stranger):
        with pytest.raises(MembersOnly):
            sign_up(event, user=user)
    assert nothing_written(event)
    assert sign_up(event, email=member.email, user=member).state == "confirmed"


def test_refuses_a_paid_seat_that_nobody_could_pay_for(settings: Any) -> None:
    settings.STRIPE_SECRET_KEY = "off"
    event = make_event(tickets=False)
    make_ticket(event, price="5.00")
    with pytest.raises(NotSold):
        sign_up(event)
    assert nothing_written(event)


def test_keeps_the_answers_and_asks_for_those_that_are_required() -> None:
    event = make_event()
    question = make_question(event, is_required=True)
    with pytest.raises(Exception, match="Il manque une réponse"):
        sign_up(event)
    assert nothing_written(event)
    found = sign_up(event, answers={question.pk: "  Sans gluten "})
    assert [answer.text for answer in found.answers.all()] == ["Sans gluten"]


def test_refuses_when_full_and_nobody_may_wait() -> None:
    event = make_event(capacity=1, has_waiting_list=False)
    sign_up(event)
    with pytest.raises(Full):
        sign_up(event, email="lea@cantine.example")
    assert (count_of(event), Registration.objects.count()) == ((1, 1), 1)
