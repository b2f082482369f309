"""Asking for a change by the private link: it reaches who answers, with a receipt, and changes nothing."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import InternalError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from bookings.errors_ending import ChangeAnswered
from bookings.models import RentalChange, RentalQuote, RentalRequest, Site
from bookings.period import Period, at
from bookings.rental_change_words import change_facts
from bookings.rental_thread import thread_of
from bookings.services.rentals.changing import Wanted, answer_change, ask_change
from bookings.services.rentals.following import plan_next
from members.messages import kinds
from members.models import Message
from tests.bookings.rentals.steps import state
from tests.factories.bookings import NOW, PARIS
from tests.factories.members import make_user
from tests.factories.rentals import DAY, make_rental_request, make_won

pytestmark = pytest.mark.django_db
STANDS = {
    "day": DAY.isoformat(), "starts": "14:00", "ends": "18:00", "people": "10", "layout": "conseil",
    "words": "",
}  # fmt: skip


def address(request: RentalRequest) -> str:
    return reverse("bookings:rent_change", args=[request.key])


def test_what_differs_reaches_the_manager_and_is_acknowledged(site: Site) -> None:
    manager, rental, browser = make_user(role="manager"), make_won(site), Client()
    request = rental.request
    plan_next(request=request, action="Relancer pour l’acompte", on=None)
    Message.objects.all().delete()
    assertContains(browser.get(address(request)), 'value="14:00"')
    typed = {**STANDS, "ends": "20:00", "people": "30", "words": "Nous dînons sur place."}
    answer = browser.post(address(request), typed)
    assertRedirects(answer, request.get_absolute_url(), fetch_redirect_response=False)
    assert browser.post(address(request), typed).status_code == 302
    change = RentalChange.objects.get()
    assert (change.day, change.starts, change.ends, change.people) == (None, time(14), time(20), 30)
    request.refresh_from_db()
    assert request.next_action == "Répondre au changement demandé\u202f; Relancer pour l’acompte"
    assert request.next_action_on == NOW.date()
    owed = {row.to: row for row in Message.objects.all()}
    assert set(owed) == {request.email, manager.email}
    for row in owed.values():
        said = kinds.kind_of(row.template).load(row.ids)
        assert said is not None
        assert ("Personnes", "30") in said["changed"]
    (entry,) = [each for each in thread_of(request, opens_messages=False) if each.icon == "hand"]
    assert "14\u00a0h\u00a0–\u2060\u00a020\u00a0h" in entry.detail
    assert "Nous dînons sur place." in entry.detail
    page = browser.get(request.get_absolute_url())
    assertContains(page, "Votre demande de changement est partie")
    assertContains(page, "Nous dînons sur place.")
    assert RentalQuote.objects.get(pk=rental.pk).period == rental.period
    assert state(rental) == "won"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [({}, "Rien ne change"), ({"day": "2026-11-01"}, "Ce jour est passé"), ({"people": "0"}, "form-errors")],
)
def test_what_changes_nothing_or_cannot_be_is_refused(site: Site, wrong: dict[str, str], told: str) -> None:
    request = make_rental_request(site)
    answer = Client().post(address(request), {**STANDS, **wrong})
    assertContains(answer, told, status_code=422)
    assert not RentalChange.objects.exists()
    assert not Message.objects.exists()


def ask(request: RentalRequest, *, now: datetime = NOW, **wanted: Any) -> RentalChange:
    return ask_change(request=request, wanted=Wanted(**wanted), now=now)


def test_one_waits_at_a_time_and_an_e_mail_an_hour_tells_of_it(site: Site) -> None:
    make_user(role="manager")
    request = make_rental_request(site)
    first = ask(request, people=30)
    last = ask(request, people=40)
    first.refresh_from_db()
    assert (first.outcome, first.answered_at) == ("replaced", NOW)
    assert RentalChange.objects.unanswered().get() == last
    assert Message.objects.count() == 2
    for row in Message.objects.all():
        said = kinds.kind_of(row.template).load(row.ids)
        assert said is not None
        assert said["changed"] == [("Personnes", "40")]
    Message.objects.update(state="sent", sent_at=NOW, due_at=NOW)
    ask(request, people=50, now=NOW + timedelta(minutes=5))
    ask(request, people=60, now=NOW + timedelta(minutes=6))
    later = Message.objects.owed()
    assert {row.due_at for row in later} == {NOW + timedelta(hours=1)}
    assert later.count() == 2


def test_more_than_people_make_is_refused(site: Site, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "ask_change": "1/h/key"}
    request, browser = make_rental_request(site), Client()
    assert browser.post(address(request), {**STANDS, "people": "30"}).status_code == 302
    answer = browser.post(address(request), {**STANDS, "people": "40"})
    assertContains(answer, "Trop de demandes", status_code=429)
    assert RentalChange.objects.get().people == 30


def test_a_layout_is_given_up_and_a_whole_day_asks_something_else(site: Site) -> None:
    begins = at(DAY, time(9), PARIS)
    whole = Period(begins, begins + timedelta(days=1))
    request = make_rental_request(site, layout="meeting", period=whole)
    typed = {**STANDS, "starts": "09:00", "ends": "09:00", "layout": "meeting", "people": "12"}
    assert Client().post(address(request), typed).status_code == 302
    assert Client().post(address(request), {**typed, "layout": "conseil"}).status_code == 302
    change = RentalChange.objects.unanswered().get()
    assert (change.layout, change.starts) == ("", None)
    assert change_facts(change) == [("Personnes", "12"), ("Disposition", "À voir ensemble")]
    first = RentalChange.objects.first()
    assert first is not None
    assert first.layout is None
    equal = {**typed, "starts": "10:00", "ends": "10:00"}
    assert Client().post(address(request), equal).status_code == 422


def test_the_manager_answers_once_and_who_asked_reads_it(site: Site) -> None:
    request, desk = make_rental_request(site, name="Maud Essai"), Client()
    plan_next(request=request, action="Rappeler", on=None)
    change = ask(request, people=30)
    desk.force_login(make_user(role="manager"))
    record = reverse("admin:bookings_rentalrequest_change", args=[request.pk])
    page = reverse("admin:answer_change", args=[request.pk])
    assertContains(desk.get(record), page)
    assertContains(desk.get(page), "Merci de nous avoir écrit")
    sent = {"change": str(change.pk), "outcome": "done", "words": "Trente chaises vous attendent."}
    assert desk.post(page, {**sent, "outcome": "replaced"}).status_code == 422
    assert desk.post(page, {**sent, "change": "0"}).status_code == 409
    assertRedirects(desk.post(page, sent), record)
    desk.post(page, {**sent, "words": "Non."})
    change.refresh_from_db()
    assert (change.outcome, change.answer) == ("done", sent["words"])
    request.refresh_from_db()
    assert request.next_action == "Rappeler"
    told = Message.objects.get(template="rentals/change_answered")
    assert told.to == request.email
    said = kinds.kind_of(told.template).load(told.ids)
    assert said is not None
    assert (said["title"], said["answer"]) == ("Votre changement est accepté", sent["words"])
    answers = [each for each in thread_of(request, opens_messages=False) if sent["words"] in each.detail]
    assert len(answers) == 1
    followed = Client().get(request.get_absolute_url())
    assertContains(followed, "accepté")
    assertContains(followed, sent["words"])
    with pytest.raises(InternalError), transaction.atomic():
        RentalChange.objects.update(answer="Non.")
    with pytest.raises(ChangeAnswered):
        answer_change(
            change=change, outcome=RentalChange.Outcome.REFUSED, words="Non.", by=make_user(), now=NOW
        )


def test_what_is_closed_is_not_changed(site: Site) -> None:
    request = make_rental_request(site, state="lost")
    assertRedirects(Client().post(address(request), {**STANDS, "people": "30"}), request.get_absolute_url())
    assertNotContains(Client().get(request.get_absolute_url()), address(request))
    assert not RentalChange.objects.exists()
