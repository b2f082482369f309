"""The waiting list: in order, for several seats, by offers that are held and end."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from billing.errors import CouldNotFulfil
from billing.models import Order, Payment, Refund
from billing.settlement.expiry import expire_due
from billing.settlement.services import take_at_desk
from billing.settlement.settling import free
from events.errors import NotActive, OfferOver, TooLate
from events.models import Event, Registration
from events.services.freeing import expire_offers
from events.services.leaving import cancel_registration
from events.services.seats import lock_event
from events.services.waiting import accept_offer, serve
from members.models import Message
from tests.events.test_registering import NOW, count_of, order_of, paid_event, sign_up
from tests.factories.events import make_event, make_registration, make_ticket
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db


def full_event(capacity: int = 1, **fields: Any) -> tuple[Event, Registration]:
    event = make_event(capacity=capacity, **fields)
    return event, sign_up(event, seats=capacity)


def states(*registrations: Registration) -> list[str]:
    for each in registrations:
        each.refresh_from_db()
    return [each.state for each in registrations]


def test_who_comes_when_it_is_full_waits_and_is_told() -> None:
    event, _first = full_event()
    waiting = sign_up(event, email="lea@cantine.example")
    assert (waiting.state, count_of(event)) == ("waiting", (1, 1))
    assert Message.objects.filter(template="events/waiting", to="lea@cantine.example").exists()


def test_a_freed_seat_is_offered_held_and_accepted() -> None:
    event, first = full_event()
    waiting = sign_up(event, email="lea@cantine.example")
    cancel_registration(registration=first, now=NOW)
    assert states(waiting) == ["held"]
    assert (waiting.is_offer, waiting.held_until, count_of(event)) == (
        True,
        NOW + timedelta(hours=24),
        (1, 1),
    )
    accept_offer(registration=waiting, now=NOW)
    accept_offer(registration=waiting, now=NOW)
    assert (states(waiting), count_of(event)) == (["confirmed"], (1, 1))
    assert Message.objects.filter(template="events/confirmed", to="lea@cantine.example").count() == 1


def test_an_offer_that_nobody_takes_goes_to_the_next_in_order() -> None:
    event, first = full_event()
    second, third = (sign_up(event, email=f"{name}@cantine.example") for name in ("lea", "max"))
    cancel_registration(registration=first, now=NOW)
    later = NOW + timedelta(hours=24, minutes=1)
    assert expire_offers(now=later) == 1
    assert (states(second, third), count_of(event)) == (["expired", "held"], (1, 1))
    with pytest.raises(OfferOver):
        accept_offer(registration=second, now=later)
    assert (states(second, third), count_of(event)) == (["expired", "held"], (1, 1))


def test_who_accepted_then_cancels_is_not_offered_again_and_the_seat_goes_on() -> None:
    event, first = full_event()
    second, third = (sign_up(event, email=f"{name}@cantine.example") for name in ("lea", "max"))
    cancel_registration(registration=first, now=NOW)
    accept_offer(registration=second, now=NOW)
    cancel_registration(registration=second, now=NOW)
    assert (states(second, third), count_of(event)) == (["cancelled", "held"], (1, 1))


def test_who_waits_for_two_seats_is_not_passed_by_who_wants_one() -> None:
    event = make_event(capacity=2)
    one, two = sign_up(event), sign_up(event, email="luc@cantine.example")
    pair = sign_up(event, email="lea@cantine.example", seats=2)
    single = sign_up(event, email="max@cantine.example")
    cancel_registration(registration=one, now=NOW)
    newcomer = sign_up(event, email="eve@cantine.example")
    assert (states(pair, single, newcomer), count_of(event)) == (["waiting"] * 3, (1, 1))
    cancel_registration(registration=two, now=NOW)
    assert (states(pair, single, newcomer), count_of(event)) == (["held", "waiting", "waiting"], (2, 2))


def test_one_list_an_event_in_order_whatever_the_ticket() -> None:
    event = make_event(capacity=1, tickets=False)
    plain, reduced = make_ticket(event, name="Plein"), make_ticket(event, name="Réduit", position=1)
    first = sign_up(event, ticket=reduced)
    second = sign_up(event, ticket=reduced, email="lea@cantine.example")
    third = sign_up(event, ticket=plain, email="max@cantine.example")
    cancel_registration(registration=first, now=NOW)
    assert states(second, third) == ["held", "waiting"]


def test_who_waits_for_a_ticket_that_is_out_does_not_keep_others_from_theirs() -> None:
    event = make_event(capacity=5, tickets=False)
    few, plain = make_ticket(event, name="Réduit", quota=1), make_ticket(event, name="Plein", position=1)
    sign_up(event, ticket=few)
    waiting = sign_up(event, ticket=few, email="lea@cantine.example")
    other = sign_up(event, ticket=plain, email="max@cantine.example")
    assert states(waiting, other) == ["waiting", "confirmed"]


def test_an_offer_of_a_paid_seat_has_its_order_and_is_accepted_by_paying() -> None:
    event = paid_event(capacity=1)
    first = sign_up(event)
    waiting = sign_up(event, email="lea@cantine.example")
    assert waiting.line_id is None
    expire_due(NOW + timedelta(minutes=16))
    assert states(waiting) == ["held"]
    with pytest.raises(OfferOver):
        accept_offer(registration=waiting, now=NOW)
    order = order_of(waiting)
    assert (order.total, order.expires_at) == (Decimal("12.00"), waiting.held_until)
    take_at_desk(order=order, method="cash", by=make_user(role="manager"), now=NOW)
    assert (states(first, waiting), count_of(event)) == (["expired", "confirmed"], (1, 1))


def test_no_offer_is_made_once_registration_is_over() -> None:
    event, first = full_event(ticket={"closes_at": NOW + timedelta(hours=1)})
    waiting = sign_up(event, email="lea@cantine.example")
    cancel_registration(registration=first, now=NOW + timedelta(hours=2))
    assert (states(waiting), count_of(event)) == (["waiting"], (0, 0))


def test_no_offer_is_made_that_could_not_be_paid(settings: object) -> None:
    event = paid_event(capacity=1)
    first = sign_up(event)
    waiting = sign_up(event, email="lea@cantine.example")
    event.site.desk_payment = False
    event.site.save()
    settings.STRIPE_SECRET_KEY = "off"  # type: ignore[attr-defined]  # pytest-django's
    cancel_registration(registration=first, now=NOW)
    assert (states(waiting), Order.objects.count()) == (["waiting"], 1)


def test_a_late_payment_does_not_pass_who_waits() -> None:
    event = paid_event(capacity=2)
    late = sign_up(event, seats=2)
    pair = sign_up(event, email="lea@cantine.example", seats=2)
    order = order_of(late)
    expire_due(NOW + timedelta(minutes=16))
    assert states(late, pair) == ["expired", "held"]
    with pytest.raises(CouldNotFulfil):
        take_at_desk(order=order, method="cash", by=make_user(role="manager"), now=NOW)
    assert (states(late, pair), count_of(event)) == (["expired", "held"], (2, 2))


def test_leaving_in_time_gives_everything_back_and_late_nothing() -> None:
    event = paid_event()
    manager = make_user(role="manager")
    early, late = sign_up(event), sign_up(event, email="lea@cantine.example")
    for each in (early, late):
        take_at_desk(order=order_of(each), method="cash", by=manager, now=NOW)
    cancel_registration(registration=early, now=NOW)
    assert Refund.objects.get().amount == Decimal("12.00")
    cancel_registration(registration=late, now=event.starts_at - timedelta(hours=2))
    assert (states(early, late), Refund.objects.count(), count_of(event)) == (["cancelled"] * 2, 1, (0, 0))


def test_leaves_once_and_not_after_the_start() -> None:
    event = make_event()
    found = sign_up(event)
    with pytest.raises(TooLate):
        cancel_registration(registration=found, now=event.starts_at)
    assert (states(found), count_of(event)) == (["confirmed"], (1, 1))
    cancel_registration(registration=found, now=NOW)
    with pytest.raises(NotActive):
        cancel_registration(registration=found, now=NOW)
    assert (states(found), count_of(event)) == (["cancelled"], (0, 0))


def test_who_waits_may_leave_the_list() -> None:
    event, _first = full_event()
    waiting = sign_up(event, email="lea@cantine.example")
    cancel_registration(registration=waiting, now=timezone.now())
    assert (states(waiting), count_of(event)) == (["cancelled"], (1, 1))


def test_raising_the_capacity_offers_no_more_than_is_free() -> None:
    event, _first = full_event()
    for number in range(5):
        make_registration(event, state="waiting", email=f"attente{number}@cantine.example")
    Event.objects.filter(pk=event.pk).update(capacity=3)
    with transaction.atomic():
        serve(lock_event(event), now=NOW)
    assert count_of(event) == (3, 3)
    assert Registration.objects.filter(state="held").count() == 2


def test_an_offer_outlives_a_payment_page_that_was_left() -> None:
    event = paid_event(capacity=1)
    sign_up(event)
    second = sign_up(event, email="lea@cantine.example")
    expire_due(NOW + timedelta(minutes=16))
    order = order_of(Registration.objects.get(pk=second.pk))
    Order.objects.filter(pk=order.pk).update(means="card")
    left = Payment.objects.create(
        order=order,
        attempt=1,
        method="card",
        amount=order.total,
        started_at=NOW,
        expires_at=NOW + timedelta(minutes=56),
        state="expired",
    )
    free(left, now=NOW + timedelta(minutes=60))
    assert states(second) == ["held"]
    expire_due(NOW + timedelta(hours=25))
    assert states(second) == ["expired"]
