"""What anyone may send: a double click, a stranger's address, a link as a name, a flood, a broken paste."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from billing.settlement.expiry import expire_due
from events.models import Event, Registration
from events.services.drafts import TicketDraft
from events.services.leaving import cancel_registration
from events.services.telling import reminder_time
from events.services.writing import change_event
from events.views.wording import queue_sentence
from members.messages.sending import send_due
from members.models import Message
from tests.events.test_publishing import NOW, draft_of
from tests.events.test_registering import order_of, paid_event, sign_up
from tests.events.test_waiting import states
from tests.factories.bookings import make_house
from tests.factories.events import make_event, make_registration, make_ticket
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db
GUEST = {"name": "Noé Essai", "email": "noe@cantine.example", "seats": "1", "reminder": "on"}


def address(event: Event) -> str:
    return reverse("events:register", args=[event.slug])


def test_a_form_sent_twice_registers_once_and_leads_to_the_same_page() -> None:
    event = make_event()
    page = Client().get(event.get_absolute_url())
    data = {**GUEST, "token": page.context["register_form"]["token"].value()}
    first, second = (Client().post(address(event), data) for _each in range(2))
    assert first["Location"] == second["Location"]
    told = Message.objects.filter(template="events/confirmed").count()
    assert (Registration.objects.count(), told) == (1, 1)


def test_a_form_sent_again_for_someone_else_registers_them_too() -> None:
    event = make_event()
    for name in ("Noé Essai", "Léa Essai"):
        Client().post(address(event), {**GUEST, "name": name, "token": "gardé-par-le-navigateur"})
    assert sorted(each.name for each in Registration.objects.all()) == ["Léa Essai", "Noé Essai"]


def test_a_stranger_does_not_learn_who_registered() -> None:
    event = make_event(ticket={"limit": 1})
    make_ticket(event, limit=2, name="Duo", position=1)
    single = event.tickets.get(limit=1)
    sign_up(event, email="lea@cantine.example", ticket=single)
    asked = {**GUEST, "ticket": single.pk, "seats": "2", "token": ""}
    told = []
    for email in ("lea@cantine.example", "inconnue@cantine.example"):
        page = Client().post(address(event), {**asked, "email": email})
        told.append((page.status_code, page.context["register_refusal"].message))
    assert told[0] == told[1]


def test_no_address_gets_more_messages_than_someone_would_ask_for() -> None:
    site, by = make_house(desks=0), make_user(role="volunteer")
    events = [make_event(site=site, by=by) for _each in range(6)]
    answers = [Client().post(address(event), GUEST).status_code for event in events]
    assert answers == [302] * 5 + [429]
    assert Registration.objects.count() == 5
    page = Client().post(address(events[5]), GUEST)
    assert "Trop d’inscriptions" in page.content.decode()
    assert 'value="noe@cantine.example"' in page.content.decode()


def test_a_name_that_is_a_link_greets_nobody() -> None:
    sign_up(make_event(), email="victime@cantine.example", name="https://gagne.example/ici Essai")
    send_due(timezone.now())
    assert "gagne.example" not in mail.outbox[0].body


def test_who_can_never_be_served_keeps_nobody_waiting() -> None:
    volunteer = make_user(role="volunteer")
    event = make_event(by=volunteer, capacity=4)
    pair, _other = (sign_up(event, email=f"{n}@cantine.example", seats=2) for n in range(2))
    four = sign_up(event, email="quatre@cantine.example", seats=4)
    single = sign_up(event, email="un@cantine.example")
    cancel_registration(registration=pair, now=NOW)
    assert states(four, single) == ["waiting", "waiting"]
    tickets = (TicketDraft("free", pk=event.tickets.get().pk),)
    draft = draft_of(event.site, capacity=3, space=event.space, tickets=tickets)
    change_event(event=event, draft=draft, by=volunteer, now=NOW)
    assert states(four, single) == ["waiting", "held"]


def test_a_withdrawn_ticket_is_offered_to_nobody() -> None:
    event = make_event(capacity=1)
    first, waiting = sign_up(event), sign_up(event, email="lea@cantine.example")
    event.tickets.update(is_active=False)
    cancel_registration(registration=first, now=NOW)
    assert states(waiting) == ["waiting"]


def test_the_rank_in_the_list_bears_an_offer_that_lands_meanwhile() -> None:
    event = make_event(capacity=1)
    waiting = make_registration(event, state="waiting")
    Registration.objects.filter(pk=waiting.pk).update(state="held", held_until=NOW + timedelta(hours=1))
    assert queue_sentence(waiting)


def test_a_feed_bears_what_a_paste_brought_into_the_database() -> None:
    make_event(title="A\x08B", description="Un PDF\x02.")
    answer = Client().get(reverse("events:atom"))
    assert answer.status_code == 200
    assert "AB" in answer.content.decode()


def test_a_seat_is_not_kept_on_the_spot_for_an_address_nobody_verified(settings: Settings) -> None:
    settings.STRIPE_SECRET_KEY = "sk_test_essai"
    event, user, browser = paid_event(), make_user(), Client()
    browser.force_login(user)
    guest, known = sign_up(event), sign_up(event, user=user, email=user.email)
    offered = [
        "Sur place" in who.get(reverse("billing:pay", args=[order_of(each).public_id])).content.decode()
        for who, each in ((Client(), guest), (browser, known))
    ]
    assert offered == [False, True]


def test_on_the_spot_is_until_the_evening_before_and_an_offer_no_longer_than_it_was() -> None:
    event = paid_event(capacity=1)
    found, waiting = sign_up(event), sign_up(event, email="lea@cantine.example")
    on_the_spot = {"means": "desk", "start": "on"}
    Client().post(reverse("billing:pay", args=[order_of(found).public_id]), on_the_spot)
    found.refresh_from_db()
    assert found.held_until == reminder_time(event)
    expire_due(reminder_time(event))
    waiting.refresh_from_db()
    offered = waiting.held_until
    Client().post(reverse("billing:pay", args=[order_of(waiting).public_id]), on_the_spot)
    waiting.refresh_from_db()
    assert waiting.held_until == offered
