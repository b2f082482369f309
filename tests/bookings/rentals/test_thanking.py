"""After the day: thanks once, feedback by the private link, and what it comes to for a space."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from bookings.errors_ending import FeedbackClosed, NotUnderWay
from bookings.models import RentalDay, RentalFeedback, RentalQuote, RentalSpace, Site
from bookings.opinions import summary_said, with_opinions
from bookings.services.rentals.balancing import make_balance
from bookings.services.rentals.cancelling import cancel_rental
from bookings.services.rentals.erasing import erase_due
from bookings.services.rentals.thanking import give_feedback, thank_due
from members.messages.sending import send_due
from members.models import Message
from tests.bookings.rentals.steps import AFTER, HALL, make_accepted, pay_advance
from tests.factories.bookings import NOW, PARIS
from tests.factories.rentals import DAY

pytestmark = pytest.mark.django_db
THANKS = datetime(DAY.year, DAY.month, DAY.day + 1, 9, tzinfo=PARIS)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def rental(paid: RentalQuote) -> RentalQuote:
    return paid


def opinion(rental: RentalQuote, now: datetime = AFTER, rating: int = 4, text: str = "Bien reçus.") -> None:
    give_feedback(rental=rental, rating=rating, again=True, text=text, now=now)


def at(rental: RentalQuote, name: str = "rent_feedback") -> str:
    return reverse(f"bookings:{name}", args=[rental.request.key])


def test_who_rented_is_thanked_once_the_morning_after(rental: RentalQuote) -> None:
    assert (thank_due(AFTER), thank_due(THANKS - MINUTE)) == (0, 0)
    assert (thank_due(THANKS), thank_due(THANKS)) == (1, 0)
    Message.objects.exclude(template="rentals/thanks").delete()
    with time_machine.travel(THANKS, tick=False):
        send_due(now=THANKS + MINUTE)
    letter = mail.outbox[-1]
    assert letter.to == [rental.request.email]
    assert at(rental) in letter.body


def test_a_rental_whose_balance_is_made_is_thanked_as_well(rental: RentalQuote) -> None:
    make_balance(rental=rental, lines=[HALL], by=None, now=AFTER)
    assert thank_due(THANKS) == 1


def test_a_cancelled_one_and_one_of_long_ago_are_not(rental: RentalQuote) -> None:
    assert thank_due(THANKS + timedelta(days=20)) == 0
    cancel_rental(rental=rental, by=None, now=NOW)
    assert thank_due(THANKS) == 0
    assert not Message.objects.filter(template="rentals/thanks").exists()


def test_feedback_is_given_by_the_link_and_may_be_changed_for_some_days(rental: RentalQuote) -> None:
    browser = Client()
    assertRedirects(browser.get(at(rental)), rental.request.get_absolute_url())
    with time_machine.travel(AFTER, tick=False) as clock:
        assertContains(browser.get(rental.request.get_absolute_url()), at(rental))
        for wrong in ({"rating": "6", "again": "oui"}, {"rating": "4"}):
            assert browser.post(at(rental), wrong).status_code == 422
        assert not RentalFeedback.objects.exists()
        assertRedirects(
            browser.post(at(rental), {"rating": "4", "again": "oui", "text": "Bien."}), at(rental)
        )
        clock.shift(timedelta(days=13))
        assertContains(browser.get(at(rental)), "Modifier mon avis")
        browser.post(at(rental), {"rating": "2", "again": "non", "text": "Froid."})
        clock.shift(timedelta(days=2))
        assertNotContains(browser.get(at(rental)), "<form class=")
        late = browser.post(at(rental), {"rating": "5", "again": "oui"})
        assertContains(late, "ne se modifie plus", status_code=409)
    given = RentalFeedback.objects.get()
    assert (given.rating, given.again, given.text) == (2, False, "Froid.")


def test_nothing_is_said_of_what_has_not_taken_place(rental: RentalQuote) -> None:
    for now in (NOW, rental.period.end - MINUTE):
        with pytest.raises(NotUnderWay):
            opinion(rental, now)
    opinion(rental)
    with pytest.raises(FeedbackClosed):
        opinion(rental, AFTER + timedelta(days=14))
    assert RentalFeedback.objects.get().changed_at is None


def test_a_space_says_what_people_thought_of_it(rental: RentalQuote) -> None:
    opinion(rental)
    rows = RentalSpace.objects.filter(space__site=rental.request.site)
    said = {row.space.code: summary_said(row) for row in with_opinions(rows)}
    assert said == {"quai": "4 sur 5 · 1 avis reçu · 1 louerait de nouveau", "ab": "–"}


def test_the_words_go_with_who_asked_and_the_mark_stays(rental: RentalQuote) -> None:
    opinion(rental)
    erase_due(rental.period.end + timedelta(days=366))
    given = RentalFeedback.objects.get()
    assert (given.rating, given.text) == (4, "")


def test_the_access_sheet_opens_once_it_is_sure_and_its_codes_the_day_before(site: Site) -> None:
    site.door_code, site.wifi_name, site.wifi_password = "4321", "Essai", "motdepasse"
    site.save()
    rental, browser = make_accepted(site), Client()
    page, sheet = rental.request.get_absolute_url(), at(rental, "rent_sheet")
    assertNotContains(browser.get(page), sheet)
    assertRedirects(browser.get(sheet), page)
    pay_advance(rental)
    assertContains(browser.get(page), sheet)
    early = browser.get(sheet)
    assertContains(early, "dès la veille")
    for kept in ("4321", "motdepasse"):
        assertNotContains(early, kept)
    with time_machine.travel(datetime.combine(DAY - timedelta(days=1), time(0), PARIS), tick=False):
        assertContains(browser.get(sheet), "4321")
        assertContains(browser.get(sheet), "motdepasse")
    with time_machine.travel(AFTER, tick=False):
        assertRedirects(browser.get(sheet), page)
    cancel_rental(rental=rental, by=None, now=NOW)
    assertRedirects(browser.get(sheet), page)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_letter_of_the_day_renders(rental: RentalQuote, language: str) -> None:
    Message.objects.all().delete()
    kinds = {"reminder": {}, "changed": {"said": ["when", "where", "contact"], "version": 0}, "thanks": {}}
    RentalDay.objects.create(rental=rental)
    for name, more in kinds.items():
        ids = {"rental": rental.pk, "request": rental.request_id, "news": name, **more}
        Message.objects.create(
            key=name, to="a@cantine.example", language=language, template=f"rentals/{name}", ids=ids,
            due_at=NOW, next_try_at=NOW,
        )  # fmt: skip
    with time_machine.travel(NOW, tick=False):
        send_due(NOW, limit=2)
    with time_machine.travel(THANKS, tick=False):
        send_due(THANKS, limit=2)
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
    for letter in mail.outbox:
        assert not any(mark in str(letter.message()) for mark in ("{{", "{%", "None"))
