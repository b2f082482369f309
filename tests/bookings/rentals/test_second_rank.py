"""Who stands behind an option gets it when it falls: in the order of the line, both sides are told."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from django.core import mail
from django.db import InternalError, transaction

from billing.models import Order, Quote
from billing.settlement.expiry import expire_due as expire_orders
from billing.settlement.services import cancel_order
from bookings.errors_quote import DateGone, OptionBefore, OptionInTheWay
from bookings.models import Booking, RentalQuote, Site
from bookings.services.closing import close, reopen
from bookings.services.expiring import expire_options
from bookings.services.rentals.answering import refuse_quote
from bookings.services.rentals.cancelling import cancel_rental
from bookings.services.rentals.ending import expire_due
from bookings.services.rentals.quoting import What, draft_quote
from bookings.services.rentals.requesting import withdraw_request
from bookings.services.rentals.second_rank import promote_due
from bookings.services.rentals.sending import close_request, send_quote, withdraw_quote
from bookings.services.reserving import release, reserve
from cantine.audit.rentals import quotes_out_of_step
from members.messages.sending import send_due
from members.models import Message
from tests.bookings.rentals.steps import accept, offer_until, states, told
from tests.factories.bookings import NOW, on
from tests.factories.members import make_user
from tests.factories.rentals import DAY, make_draft, make_sent

pytestmark = pytest.mark.django_db
States = tuple[str, str, list[str]]
HELD: States = ("sent", "quoted", ["held"])
BEHIND: States = ("sent", "quoted", [])


def behind(site: Site, now: datetime = NOW) -> RentalQuote:
    """A quote for the hall that was sent behind the option that stands."""
    return send_quote(rental=make_draft(site, now=now), now=now, behind_options=True)


def shares_date(rental: RentalQuote) -> bool:
    return RentalQuote.objects.get(pk=rental.pk).shares_date


def refuse(rental: RentalQuote) -> None:
    refuse_quote(rental=rental, reason="Non", now=NOW)


def withdraw(rental: RentalQuote) -> None:
    withdraw_quote(rental=rental, now=NOW)


def take_request_back(rental: RentalQuote) -> None:
    withdraw_request(request=rental.request, now=NOW)


def file(rental: RentalQuote) -> None:
    close_request(request=rental.request, reason="silent", now=NOW)


def accept_and_cancel(rental: RentalQuote) -> None:
    cancel_rental(rental=accept(rental), by=None, now=NOW)


def accept_and_give_up(rental: RentalQuote) -> None:
    order = accept(rental).quote.advance_order
    assert order is not None
    cancel_order(order=order, by=None, now=NOW)


def accept_and_not_pay(rental: RentalQuote) -> None:
    order = accept(rental).quote.advance_order
    assert order is not None
    assert order.expires_at is not None
    assert expire_orders(order.expires_at) == 1


@pytest.mark.parametrize(
    "falls", [refuse, withdraw, take_request_back, file, accept_and_cancel, accept_and_give_up]
)
def test_the_option_goes_to_the_next_in_line_and_both_are_told(
    site: Site, falls: Callable[[RentalQuote], None]
) -> None:
    first, second, third = make_sent(site), behind(site), behind(site)
    falls(first)
    assert (states(second), states(third)) == (HELD, BEHIND)
    assert (shares_date(second), shares_date(third)) == (False, True)
    booking = Booking.objects.get(rental_option__rental=second)
    assert (booking.held_until, booking.period) == (second.quote.valid_until, second.taken_period)
    assert {"quote_news:promoted", "quote_desk:promoted"} <= told(second)
    assert told(third) == {"quote:quote"}
    assert list(quotes_out_of_step(NOW)) == []
    with pytest.raises(OptionBefore):
        accept(third)
    refuse(second)
    accept(third)
    assert states(third) == ("accepted", "won", ["held"])


def test_an_option_that_runs_out_goes_to_who_has_longer(site: Site) -> None:
    first, second, third = make_sent(site), behind(site), behind(site, NOW + timedelta(days=2))
    end = first.quote.valid_until
    assert expire_due(end) == 2
    assert [states(each)[0] for each in (first, second, third)] == ["expired", "expired", "sent"]
    assert states(third) == HELD
    assert "quote_news:promoted" not in told(second), "its own time was over"


def test_whoever_ends_an_option_that_is_over_serves_the_line_first(site: Site) -> None:
    first, second = make_sent(site), behind(site, NOW + timedelta(days=2))
    end, late = first.quote.valid_until, make_draft(site)
    offer_until(late, end + timedelta(days=1))
    with pytest.raises(OptionInTheWay):
        send_quote(rental=late, now=end)
    assert expire_options(now=end) == 1
    assert states(second) == HELD
    assert accept(second, end).quote.state == "accepted"


def test_an_advance_that_does_not_come_lets_the_next_in_line_have_it(site: Site) -> None:
    first = make_sent(site)
    second = behind(site)
    offer_until(draft := draft_quote(request=second.request, by=None, now=NOW), NOW + timedelta(days=10))
    second = send_quote(rental=draft, now=NOW, behind_options=True)
    accept_and_not_pay(first)
    assert states(first)[2] == ["expired"]
    assert states(second) == HELD


def test_a_new_version_keeps_its_place_before_the_line(site: Site) -> None:
    first, second = make_sent(site), behind(site)
    again = send_quote(rental=draft_quote(request=first.request, by=None, now=NOW), now=NOW)
    assert (states(again), states(second)) == (HELD, BEHIND)
    moved = draft_quote(request=first.request, by=None, now=NOW)
    what = What([site.spaces.get(code="quai")], on(DAY + timedelta(days=1), time(14), time(18)))
    offer_until(moved, moved.quote.valid_until, what)
    send_quote(rental=moved, now=NOW)
    assert (states(moved), states(second)) == (HELD, HELD)


def test_what_is_only_partly_free_is_passed_over(site: Site) -> None:
    room, hall = site.spaces.get(code="a"), site.spaces.get(code="quai")
    first, both, hall_only = make_sent(site), make_draft(site), make_draft(site)
    offer_until(both, both.quote.valid_until, What([hall, room], both.period))
    send_quote(rental=both, now=NOW, behind_options=True)
    send_quote(rental=hall_only, now=NOW, behind_options=True)
    with transaction.atomic():
        meeting = reserve(space=room, period=on(DAY, time(15), time(16)), purpose="event", now=NOW)
    refuse(first)
    assert (states(both), states(hall_only)) == (BEHIND, HELD)
    refuse(hall_only)
    assert promote_due(NOW) == 0
    with transaction.atomic():
        release(meeting, now=NOW)
    assert (promote_due(NOW), promote_due(NOW)) == (1, 0), "what others let go of is found by beat"
    assert states(both) == ("sent", "quoted", ["held", "held"])


def test_a_space_out_of_order_is_no_option_and_keeps_nobody_from_refusing(site: Site) -> None:
    first, second = make_sent(site), behind(site)
    site.spaces.filter(code="quai").update(out_of_order_reason="Fuite")
    refuse(first)
    assert (states(first)[0], states(second)) == ("refused", BEHIND)
    site.spaces.filter(code="quai").update(out_of_order_reason="")
    assert promote_due(NOW) == 1
    assert states(second) == HELD


def test_a_day_that_is_opened_again_goes_to_who_stands_in_line(site: Site) -> None:
    room, manager = site.spaces.get(code="a"), make_user(role="manager")
    first, both = make_sent(site), make_draft(site)
    offer_until(both, both.quote.valid_until, What([site.spaces.get(code="quai"), room], both.period))
    send_quote(rental=both, now=NOW, behind_options=True)
    closure = close(
        site=site, space=room, period=on(DAY, time(8), time(20)), reason="Travaux", by=manager, now=NOW
    )
    refuse(first)
    assert states(both) == BEHIND, "the room is closed"
    reopen(closure=closure, by=manager, now=NOW)
    assert states(both) == ("sent", "quoted", ["held", "held"])


def test_rank_is_given_up_never_taken_and_nothing_else_changes_once_sent(site: Site) -> None:
    first, second = make_sent(site), behind(site)
    for rental, change in (
        (first, {"shares_date": True}),
        (second, {"shares_date": False, "scale": [[1, 1]]}),
    ):
        with pytest.raises(InternalError), transaction.atomic():
            RentalQuote.objects.filter(pk=rental.pk).update(**change)


def test_who_stands_behind_is_told_so_and_refused_in_words_while_the_option_stands(site: Site) -> None:
    make_sent(site)
    second = behind(site)
    with pytest.raises(DateGone) as refused:
        accept(second)
    assert isinstance(refused.value, OptionBefore)
    assert "écrivons" in str(refused.value.instead)
    assert not Order.objects.exists()
    assert Quote.objects.get(pk=second.quote_id).state == "sent"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_letters_say_until_when_it_is_held(site: Site, language: str) -> None:
    make_user(role="manager", language=language)
    first = make_sent(site)
    second = send_quote(rental=make_draft(site, language=language), now=NOW, behind_options=True)
    refuse(first)
    Message.objects.exclude(ids__rental=second.pk, ids__news="promoted").delete()
    assert send_due(NOW + timedelta(hours=1)) == 2
    said = [str(each.body) for each in mail.outbox]
    day = "1er\u00a0décembre 2026" if language == "fr" else "1 December 2026"
    assert all(day.replace("\u00a0", " ") in each.replace("\u00a0", " ") for each in said), said
