"""The e-mails about bookings: each renders, names the place and hides the door code."""

import pytest
from django.template.loader import render_to_string

from billing.models import Order
from bookings.models import Booking
from members.messages import kinds
from members.messages.rendering import template_names
from tests.factories.members import make_user
from tests.factories.places import make_booked, make_place

pytestmark = pytest.mark.django_db
STATES = {"confirmed": "confirmed", "reminder": "confirmed", "cancelled": "cancelled", "closed": "cancelled"}


@pytest.mark.parametrize(("what", "state"), STATES.items())
def test_each_message_names_the_place_in_every_part(what: str, state: str) -> None:
    place = make_place()
    booking = make_booked(make_user(), place.desk(1), place.morning())
    Booking.objects.filter(pk=booking.pk).update(state=state)
    context = kinds.kind_of(f"bookings/{what}").load({"booking": booking.pk, "reason": "Travaux."})
    assert context
    subject, text, html = (
        render_to_string(name, {**context, "language": "fr"}) for name in template_names(f"bookings/{what}")
    )
    assert "\n" not in subject.strip()
    for part in (subject, text, html):
        assert "Poste 1" in part
        assert "4719" not in part
    assert booking.reference in text
    assert "&" not in text


def test_a_late_payment_is_not_told_once_the_place_was_found_after_all() -> None:
    place = make_place()
    booking = make_booked(make_user(), place.desk(1), place.morning())
    assert kinds.kind_of("bookings/taken").load({"booking": booking.pk}) is None


@pytest.mark.parametrize("asked", [True, False])
def test_the_confirmation_says_that_the_beginning_was_asked_for(asked: bool) -> None:
    place = make_place()
    booking = make_booked(make_user(), place.desk(1), place.morning())
    Order.objects.update(start_requested_at=booking.confirmed_at if asked else None)
    context = kinds.kind_of("bookings/confirmed").load({"booking": booking.pk})
    assert context
    _subject, text, html = (
        render_to_string(name, {**context, "language": "fr"}) for name in template_names("bookings/confirmed")
    )
    for part in (text, html):
        assert (
            "Vous avez demandé que la réservation commence avant la fin du délai de rétractation" in part
        ) is asked
