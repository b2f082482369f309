"""Who stands behind an option gets it when it falls: in the order of the line, both sides are told."""

from datetime import time, timedelta

import pytest
from django.core import mail
from django.db import transaction

from billing.settlement.expiry import expire_due as expire_orders
from bookings.errors_quote import OptionInTheWay
from bookings.models import RentalQuote, Site
from bookings.services.closing import close, reopen
from bookings.services.expiring import expire_options
from bookings.services.rentals.ending import expire_due
from bookings.services.rentals.quoting import What, draft_quote
from bookings.services.rentals.second_rank import promote_due
from bookings.services.rentals.sending import send_quote
from bookings.services.reserving import release, reserve
from members.messages.sending import send_due
from members.models import Message
from tests.bookings.rentals.steps import BEHIND, HELD, accept, behind, offer_until, refuse, states, told
from tests.factories.bookings import NOW, on
from tests.factories.members import make_user
from tests.factories.rentals import DAY, make_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(sent: RentalQuote) -> Site:
    """Where an option on the hall stands: that of `sent`."""
    return sent.request.site


def accept_and_not_pay(rental: RentalQuote) -> None:
    order = accept(rental).quote.advance_order
    assert order is not None
    assert order.expires_at is not None
    assert expire_orders(order.expires_at) == 1


def test_an_option_that_runs_out_goes_to_who_has_longer(sent: RentalQuote, site: Site) -> None:
    first, second, third = sent, behind(site), behind(site, NOW + timedelta(days=2))
    end = first.quote.valid_until
    assert expire_due(end) == 2
    assert [states(each)[0] for each in (first, second, third)] == ["expired", "expired", "sent"]
    assert states(third) == HELD
    assert "quote_news:promoted" not in told(second), "its own time was over"


def test_whoever_ends_an_option_that_is_over_serves_the_line_first(sent: RentalQuote, site: Site) -> None:
    first, second = sent, behind(site, NOW + timedelta(days=2))
    end, late = first.quote.valid_until, make_draft(site)
    offer_until(late, end + timedelta(days=1))
    with pytest.raises(OptionInTheWay):
        send_quote(rental=late, now=end)
    assert expire_options(now=end) == 1
    assert states(second) == HELD
    assert accept(second, end).quote.state == "accepted"


def test_an_advance_that_does_not_come_lets_the_next_in_line_have_it(sent: RentalQuote, site: Site) -> None:
    second = behind(site)
    offer_until(draft := draft_quote(request=second.request, by=None, now=NOW), NOW + timedelta(days=10))
    second = send_quote(rental=draft, now=NOW, behind_options=True)
    accept_and_not_pay(sent)
    assert states(sent)[2] == ["expired"]
    assert states(second) == HELD


def test_what_is_only_partly_free_is_passed_over(sent: RentalQuote, site: Site) -> None:
    room, hall = site.spaces.get(code="a"), site.spaces.get(code="quai")
    first, both, hall_only = sent, make_draft(site), make_draft(site)
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


def test_a_day_that_is_opened_again_goes_to_who_stands_in_line(sent: RentalQuote, site: Site) -> None:
    room, manager = site.spaces.get(code="a"), make_user(role="manager")
    first, both = sent, make_draft(site)
    offer_until(both, both.quote.valid_until, What([site.spaces.get(code="quai"), room], both.period))
    send_quote(rental=both, now=NOW, behind_options=True)
    closure = close(
        site=site, space=room, period=on(DAY, time(8), time(20)), reason="Travaux", by=manager, now=NOW
    )
    refuse(first)
    assert states(both) == BEHIND, "the room is closed"
    reopen(closure=closure, by=manager, now=NOW)
    assert states(both) == ("sent", "quoted", ["held", "held"])


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_letters_say_until_when_it_is_held(sent: RentalQuote, site: Site, language: str) -> None:
    make_user(role="manager", language=language)
    second = send_quote(rental=make_draft(site, language=language), now=NOW, behind_options=True)
    refuse(sent)
    Message.objects.exclude(ids__rental=second.pk, ids__news="promoted").delete()
    assert send_due(NOW + timedelta(hours=1)) == 2
    said = [str(each.body) for each in mail.outbox]
    day = "1er\u00a0décembre 2026" if language == "fr" else "1 December 2026"
    assert all(day.replace("\u00a0", " ") in each.replace("\u00a0", " ") for each in said), said
