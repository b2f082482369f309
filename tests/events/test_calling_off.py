"""Between the moment an event is called off and the worker's work, nobody is told or charged otherwise."""

from datetime import timedelta

import pytest

from billing.models import Refund
from billing.settlement.expiry import expire_due
from billing.settlement.services import take_at_desk
from events import messages as letters
from events.errors import HasCome, OfferOver
from events.services import calling_off, freeing, leaving, publishing
from events.services.attending import check_in
from events.services.calling_off import call_off_due
from events.services.leaving import cancel_registration
from events.services.waiting import accept_offer
from members.errors import NotAllowed
from members.models import Message
from tests.events.test_changing import paid_up
from tests.events.test_publishing import NOW
from tests.events.test_registering import order_of, paid_event, sign_up
from tests.events.test_waiting import states
from tests.factories.events import make_event, make_registration
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db


def told(email: str) -> set[str]:
    return set(Message.objects.filter(to=email).values_list("template", flat=True))


def test_who_leaves_first_is_refunded_and_told_as_everyone() -> None:
    event, found = paid_up()
    late = event.starts_at - timedelta(hours=2)
    publishing.cancel_event(event=event, by=event.created_by, reason="", now=late)
    cancel_registration(registration=found, now=late)
    assert call_off_due(late) == 0
    assert Refund.objects.get().amount == found.total
    assert "events/event_cancelled" in told(found.email)


def test_an_offer_can_be_accepted_no_more() -> None:
    event = make_event(capacity=1)
    first, waiting = sign_up(event), sign_up(event, email="lea@cantine.example")
    cancel_registration(registration=first, now=NOW)
    publishing.cancel_event(event=event, by=event.created_by, reason="", now=NOW)
    with pytest.raises(OfferOver):
        accept_offer(registration=waiting, now=NOW)


def test_a_hold_that_ends_meanwhile_is_told_why() -> None:
    event = paid_event()
    found = sign_up(event)
    publishing.cancel_event(event=event, by=event.created_by, reason="", now=NOW)
    expire_due(NOW + timedelta(minutes=16))  # beat looks at orders before the worker calls off
    assert states(found) == ["expired"]
    assert "events/event_cancelled" in told(found.email)


def test_an_offer_that_ends_meanwhile_went_to_nobody() -> None:
    event = make_event(capacity=1)
    first, waiting = sign_up(event), sign_up(event, email="lea@cantine.example")
    cancel_registration(registration=first, now=NOW)
    publishing.cancel_event(event=event, by=event.created_by, reason="", now=NOW)
    freeing.expire_offers(now=NOW + timedelta(hours=25))
    assert states(waiting) == ["expired"]
    assert "events/event_cancelled" in told("lea@cantine.example")
    assert "events/offer_over" not in told("lea@cantine.example")


def test_tickets_that_were_still_to_go_out_do_not() -> None:
    event = make_event()
    found = sign_up(event)
    publishing.cancel_event(event=event, by=event.created_by, reason="", now=NOW)
    assert letters.load_confirmed({"registration": found.pk}) is None


def test_one_that_fails_keeps_none_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    event = make_event()
    broken, *others = [make_registration(event) for _each in range(3)]
    publishing.cancel_event(event=event, by=event.created_by, reason="", now=NOW)
    real = leaving.undo

    def undo(registration, *rest, **how):  # type: ignore[no-untyped-def]
        if registration.pk == broken.pk:
            raise RuntimeError
        return real(registration, *rest, **how)

    monkeypatch.setattr(calling_off, "undo", undo)
    assert call_off_due(NOW, limit=2) == 2
    assert states(broken, *others) == ["confirmed", "cancelled", "cancelled"]


def test_one_offer_that_fails_keeps_none_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    over = NOW - timedelta(minutes=1)
    rows = [make_registration(make_event(capacity=1), state="held", held_until=over) for _each in range(2)]
    real = freeing.expire

    def expire(registration, *, now):  # type: ignore[no-untyped-def]
        if registration.pk == rows[0].pk:
            raise RuntimeError
        real(registration, now=now)

    monkeypatch.setattr(freeing, "expire", expire)
    assert freeing.expire_offers(now=NOW) == 1
    assert states(*rows) == ["held", "expired"]


def test_who_is_here_does_not_give_the_seat_back_but_the_door_may() -> None:
    event = paid_event(refund_hours=0)
    found = sign_up(event)
    take_at_desk(order=order_of(found), method="cash", by=make_user(role="manager"), now=NOW)
    ahead = event.starts_at - timedelta(minutes=10)
    check_in(seat=found.places.get(), by=event.created_by, now=ahead)
    with pytest.raises(HasCome):
        cancel_registration(registration=found, now=ahead)
    cancel_registration(registration=found, by=event.created_by, now=ahead, waive=True)
    assert states(found) == ["cancelled"]


def test_only_who_runs_the_event_waives_its_limit() -> None:
    found = sign_up(make_event())
    with pytest.raises(NotAllowed):
        cancel_registration(registration=found, by=make_user(), now=NOW, waive=True)
    assert states(found) == ["confirmed"]
