"""The morning after: thanks once to who came, feedback by the private link, the figures; then forgetting."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from billing.models import Customer, Document
from billing.settlement.services import take_at_desk
from cantine.audit import events as audit
from events.models import Answer, Event, Feedback, Registration
from events.services.attending import check_in
from events.services.entering import let_in
from events.services.erasing import KEPT, erase_due
from events.services.figures import figures_of
from events.services.thanking import thank_due, thanks_time
from members.messages.sending import send_due
from members.models import Message, User
from tests.events.test_registering import order_of, paid_event, sign_up
from tests.factories.events import make_event, make_question, make_registration
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def volunteer() -> User:
    return make_user(role="volunteer")


@pytest.fixture
def event(volunteer: User) -> Event:
    return make_event(by=volunteer, thanks="Revenez vite.", slides_link="https://supports.example/essai")


def come(registration: Registration, by: User) -> Registration:
    event = registration.event
    check_in(seat=registration.places.all()[0], by=by, now=event.starts_at)
    return registration


def pay(registration: Registration, by: User) -> Registration:
    take_at_desk(order=order_of(registration), method="card", by=by, now=timezone.now())
    registration.refresh_from_db()
    return registration


def url(name: str, *args: object) -> str:
    return reverse(f"events:{name}", args=args)


def test_who_came_is_thanked_once_the_morning_after(event: Event, volunteer: User) -> None:
    came = come(make_registration(event, name="Noé Essai"), volunteer)
    make_registration(event, name="Camille Absente")
    make_registration(event, state="cancelled")
    assert thank_due(thanks_time(event) - timedelta(minutes=1)) == 0
    assert thank_due(thanks_time(event)) == 1
    assert thank_due(thanks_time(event) + timedelta(hours=1)) == 0
    assert Message.objects.filter(template="events/thanks").values_list("to", flat=True)[0] == came.email
    assert Message.objects.filter(template="events/thanks").count() == 1
    with time_machine.travel(thanks_time(event), tick=False):
        send_due(now=timezone.now())
    said = mail.outbox[-1]
    assert said.to == [came.email]
    for text in ("Revenez vite.", "https://supports.example/essai", f"/inscriptions/{came.key}/avis/"):
        assert text in said.body


def test_an_event_that_was_called_off_thanks_nobody(volunteer: User) -> None:
    event = make_event(by=volunteer, state="cancelled")
    make_registration(event)
    assert thank_due(thanks_time(event)) == 0
    assert not Message.objects.exists()


def test_online_there_is_no_door_and_all_are_thanked(volunteer: User) -> None:
    event = make_event(by=volunteer, where="online", online_link="https://visio.example/essai")
    make_registration(event)
    assert thank_due(thanks_time(event)) == 1
    assert Message.objects.filter(template="events/thanks").count() == 1


def test_feedback_is_given_once_without_an_account(event: Event, volunteer: User) -> None:
    found, browser = come(make_registration(event), volunteer), Client()
    at = url("feedback", found.key)
    with time_machine.travel(event.ends_at + timedelta(hours=1), tick=False):
        assertContains(browser.get(at), "Votre note")
        assert browser.post(at, {"rating": "6"}).status_code == 422
        assert not Feedback.objects.exists()
        assertRedirects(browser.post(at, {"rating": "4", "text": "Très clair."}), at)
        browser.post(at, {"rating": "1", "text": "Autre chose."})
        assertNotContains(browser.get(at), "Votre note")
    given = Feedback.objects.get()
    assert (given.rating, given.text) == (4, "Très clair.")


def test_no_feedback_before_the_end_nor_from_who_did_not_come(event: Event, volunteer: User) -> None:
    came, absent, browser = come(make_registration(event), volunteer), make_registration(event), Client()
    assertContains(browser.get(url("feedback", came.key)), "n’est pas terminé")
    assert browser.post(url("feedback", came.key), {"rating": "5"}).status_code >= 400
    with time_machine.travel(event.ends_at + timedelta(hours=1), tick=False):
        assert browser.post(url("feedback", absent.key), {"rating": "5"}).status_code >= 400
        assert browser.get(url("feedback", "rien")).status_code == 404
    assert not Feedback.objects.exists()


def test_figures_count_seats_and_read_money_from_documents(volunteer: User) -> None:
    event = paid_event(by=volunteer, capacity=10)
    for number in range(2):
        pay(sign_up(event, email=f"paie{number}@cantine.example"), make_user(role="manager"))
    come(Registration.objects.confirmed().all()[0], volunteer)
    ticket = event.tickets.all()[0]
    let_in(event=event, ticket=ticket, name="Zoé", by=volunteer, now=event.starts_at, as_guest=True)
    ticket.price = Decimal(99)
    ticket.save()
    found = figures_of(event)
    assert (found.registered, found.walk_ins, found.came, found.no_shows) == (2, 1, 2, 1)
    invoiced = sum(document.total_incl for document in Document.objects.all())
    assert found.earned == invoiced > 0


def test_the_figures_page_says_them_and_keeps_the_words_of_thanks(event: Event, volunteer: User) -> None:
    Feedback.objects.create(event=event, rating=4, text="Très clair.", at=event.ends_at)
    browser = Client()
    browser.force_login(volunteer)
    at = url("figures", event.slug)
    assertContains(browser.get(at), "Très clair.")
    browser.post(at, {"thanks": "Merci à vous.", "slides_link": "https://supports.example/deux"})
    event.refresh_from_db()
    assert (event.thanks, event.slides_link) == ("Merci à vous.", "https://supports.example/deux")
    assert browser.post(at, {"slides_link": "javascript:alert(1)"}).status_code == 422
    event.refresh_from_db()
    assert event.slides_link == "https://supports.example/deux"


def test_registrants_are_forgotten_on_schedule_and_only_once(event: Event, volunteer: User) -> None:
    found = sign_up(event, email="noe@cantine.example", seats=2, names=["Zoé Essai"])
    question = make_question(event)
    Answer.objects.create(registration=found, question=question, text="Sans gluten")
    come(found, volunteer)
    Feedback.objects.create(event=event, registration=found, rating=4, text="Bien", at=event.ends_at)
    Message.objects.update(state="sent", sent_at=timezone.now(), subject="Noé")
    due = event.ends_at + KEPT
    assert erase_due(due - timedelta(seconds=1)) == 0
    assert len(list(audit.registrants_kept_too_long(due + timedelta(days=2)))) == 1
    assert (erase_due(due), erase_due(due)) == (1, 0)
    found.refresh_from_db()
    assert (found.name, found.email, found.user, found.customer, found.erased_at) == ("", "", None, None, due)
    assert set(found.places.values_list("name", flat=True)) == {""}
    assert not Answer.objects.exists()
    assert not Customer.objects.filter(email="noe@cantine.example").exists()
    assert not Message.objects.filter(to="noe@cantine.example").exists()
    assert Feedback.objects.get().registration is None
    assert (figures_of(event).registered, figures_of(event).came) == (2, 1)
    assert list(audit.registrants_kept_too_long(due + timedelta(days=2))) == []
    assert Client().get(found.get_absolute_url()).status_code == 404


def test_what_accounting_keeps_stays_in_billing(volunteer: User) -> None:
    event = paid_event(by=volunteer)
    found = pay(sign_up(event, email="paie@cantine.example"), make_user(role="manager"))
    earned = figures_of(event).earned
    erase_due(event.ends_at + KEPT)
    found.refresh_from_db()
    assert (found.name, found.email) == ("", "")
    assert Customer.objects.filter(email="paie@cantine.example").exists()
    assert figures_of(event).earned == earned > 0
    assert list(audit.registrations_that_contradict_their_order(timezone.now())) == []


def test_a_contact_who_comes_again_stays_known_until_that_is_over_too(event: Event, volunteer: User) -> None:
    later = make_event(by=volunteer, starts_at=event.starts_at + timedelta(days=30))
    for each in (event, later):
        sign_up(each, email="noe@cantine.example")
    erase_due(event.ends_at + KEPT)
    assert Customer.objects.filter(email="noe@cantine.example").exists()
    erase_due(later.ends_at + KEPT)
    assert not Customer.objects.filter(email="noe@cantine.example").exists()
