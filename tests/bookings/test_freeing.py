"""Cancelling: what is kept by the site's rule, what is given back, and who may."""

from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest

from billing.models import Document, Order
from billing.settlement.services import take_at_desk
from bookings import errors
from bookings.models import Booking, Occupancy, Space
from bookings.services.freeing import cancel_booking, cancellation_terms, terms_sentence
from bookings.views import wording
from members.errors import NotAllowed
from members.models import Message
from tests.bookings.steps import desk
from tests.factories.bookings import NOW, PARIS, TOMORROW, make_booking, make_confirmed, make_house, on
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db
EVE = datetime(2026, 11, 24, 18, tzinfo=PARIS)
LATE = EVE + timedelta(seconds=1)


def paid() -> Booking:
    make_house()
    booking = make_booking(space=desk())
    assert booking.line is not None
    take_at_desk(order=booking.line.order, method="cash", by=make_user(role="manager"), now=NOW)
    return Booking.objects.get(pk=booking.pk)


def cancel(booking: Booking, now: datetime = NOW, **more: bool) -> Booking:
    assert booking.booked_by is not None
    return cancel_booking(booking=booking, by=booking.booked_by, now=now, **more)


def templates() -> set[str]:
    return set(Message.objects.values_list("template", flat=True))


def test_a_desk_is_free_to_cancel_until_the_evening_before() -> None:
    booking = paid()
    on_time, late = cancellation_terms(booking, EVE), cancellation_terms(booking, LATE)
    assert (on_time.free_until, on_time.kept, on_time.refunded) == (EVE, Decimal(0), Decimal("9.00"))
    assert (late.kept, late.refunded, late.is_free) == (Decimal("4.50"), Decimal("4.50"), False)


def test_what_is_said_before_paying_is_true_on_either_side_of_the_term() -> None:
    site = make_house(late_share=40)
    booking = make_booking(space=desk())
    assert terms_sentence(booking, EVE).startswith(
        "Annulation gratuite jusqu’au mardi 24 novembre à 18\u00a0h"
    )
    assert wording.free_until(EVE, EVE, site).startswith("Annulation gratuite jusqu’au mardi 24 novembre")
    over = "L’annulation gratuite est passée\u00a0: si vous annulez, 40\u00a0% du prix est gardé."
    assert terms_sentence(booking, LATE) == wording.free_until(EVE, LATE, site) == over


def test_a_room_is_free_to_cancel_so_many_hours_before() -> None:
    make_house(free_cancellation_hours=2)
    room = Space.objects.select_related("site").get(code="a")
    booking = make_confirmed(space=room, period=on(TOMORROW, time(14), time(16)))
    terms = cancellation_terms(booking, NOW)
    assert terms.free_until == datetime(2026, 11, 25, 12, tzinfo=PARIS)


def test_cancelling_in_time_gives_everything_back_and_frees_the_place() -> None:
    booking = paid()
    done = cancel(booking)
    assert (done.state, done.sequence, done.cancelled_at) == ("cancelled", 1, NOW)
    assert not Occupancy.objects.exists()
    credit_note = Document.objects.get(kind="credit_note")
    assert credit_note.total_incl == Decimal("9.00")
    assert "bookings/cancelled" in templates()
    assert make_booking(space=desk()).state == "held"


def test_cancelling_late_keeps_the_sites_share() -> None:
    cancel(paid(), LATE)
    assert Document.objects.get(kind="credit_note").total_incl == Decimal("4.50")


def test_a_manager_may_waive_what_is_kept_even_once_it_has_begun() -> None:
    booking = paid()
    begun = datetime(2026, 11, 25, 10, tzinfo=PARIS)
    cancel_booking(booking=booking, by=make_user(role="manager"), now=begun, waive=True)
    assert Document.objects.get(kind="credit_note").total_incl == Decimal("9.00")


def test_an_unpaid_invoice_is_reduced_by_the_credit_note() -> None:
    make_house()
    booking = make_confirmed(space=desk())
    cancel(booking)
    assert Document.objects.get(kind="credit_note").total_incl == Decimal("9.00")
    assert not Document.objects.unpaid().exists()


def test_giving_up_a_hold_cancels_its_order_and_nothing_is_invoiced() -> None:
    make_house()
    done = cancel(make_booking(space=desk()))
    assert done.state == "cancelled"
    assert Order.objects.get().state == "cancelled"
    assert not Occupancy.objects.exists()
    assert not Document.objects.exists()
    assert templates() == set()


@pytest.mark.parametrize(
    "now", [datetime(2026, 11, 25, 9, tzinfo=PARIS), datetime(2026, 11, 26, 9, tzinfo=PARIS)]
)
def test_what_has_begun_is_not_cancelled(now: datetime) -> None:
    booking = paid()
    with pytest.raises(errors.TooLate):
        cancel(booking, now)
    assert_still_confirmed(booking)


def test_a_stranger_cancels_nothing_and_only_a_manager_waives() -> None:
    booking = paid()
    with pytest.raises(NotAllowed):
        cancel_booking(booking=booking, by=make_user(), now=NOW)
    with pytest.raises(NotAllowed):
        cancel(booking, waive=True)
    assert_still_confirmed(booking)


def assert_still_confirmed(booking: Booking) -> None:
    booking.refresh_from_db()
    assert booking.state == "confirmed"
    assert booking.occupancies.count() == 1
    assert not Document.objects.filter(kind="credit_note").exists()


def test_cancelling_twice_is_refused_and_credits_once() -> None:
    booking = paid()
    cancel(booking)
    with pytest.raises(errors.NotActive):
        cancel(booking)
    assert Document.objects.filter(kind="credit_note").count() == 1
