"""The pages of registering: a guest in one screen, one tap when signed in, the private link; no script."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from billing.models import Order
from events.models import Registration
from events.views.wording import already_said
from members.messages.sending import send_due
from members.models import Message
from tests.factories.bookings import make_house
from tests.factories.events import make_event, make_question, make_registration, make_ticket
from tests.factories.members import make_membership, make_user

pytestmark = pytest.mark.django_db
GUEST = {"name": "Noé Essai", "email": "noe@cantine.example", "seats": "1", "reminder": "on"}


def url(name: str, *args: object) -> str:
    return reverse(f"events:{name}", args=args)


def test_a_guest_registers_in_one_screen_and_sees_the_ticket() -> None:
    event, browser = make_event(), Client()
    assertContains(browser.get(event.get_absolute_url()), "Réserver ma place")
    answer = browser.post(url("register", event.slug), GUEST)
    found = Registration.objects.get()
    assertRedirects(answer, found.get_absolute_url())
    page = browser.get(found.get_absolute_url())
    assertContains(page, found.places.get().spelt)
    assertContains(page, "Code QR du billet")


def test_a_guest_who_registers_twice_in_one_browser_has_one_ticket_unless_they_ask_for_more() -> None:
    event, browser = make_event(ticket={"limit": 9}), Client()
    first = browser.post(url("register", event.slug), GUEST)
    again = browser.post(url("register", event.slug), {**GUEST, "email": "Noe@cantine.example"}, follow=True)
    assert again.redirect_chain[0][0] == first["Location"]
    assertContains(again, "Vous êtes déjà inscrit·e\u00a0: rien n’a été changé")
    assert Registration.objects.count() == 1
    browser.post(url("register", event.slug), {**GUEST, "seats": "2"})
    browser.post(url("register", event.slug), {**GUEST, "name": "Zoé Essai"})
    assert Registration.objects.count() == 3
    elsewhere = Client().post(url("register", event.slug), GUEST)  # it learns nothing of whoever came before
    assert elsewhere["Location"] != first["Location"]


@pytest.mark.parametrize(
    ("state", "offered", "said"),
    [
        ("confirmed", False, "Vous êtes déjà inscrit·e"),
        ("waiting", False, "Vous êtes déjà sur la liste d’attente"),
        ("held", False, "Votre place vous est déjà gardée et attend son paiement"),
        ("held", True, "Une place vous est déjà proposée"),
    ],
)
def test_who_comes_again_reads_where_they_stand_and_that_nothing_was_changed(
    state: str, offered: bool, said: str
) -> None:
    found = Registration(state=state, offered_at=timezone.now() if offered else None)
    assert already_said(found).startswith(said)
    assert "rien n’a été changé" in already_said(found)


def test_what_was_typed_stays_when_something_is_missing() -> None:
    event = make_event()
    page = Client().post(url("register", event.slug), {**GUEST, "email": "noe@cantine"})
    assert page.status_code == 422
    assertContains(page, "Noé Essai", status_code=422)
    assertContains(page, "Il manque une partie de l’adresse", status_code=422)
    assert not Registration.objects.exists()


def test_one_tap_when_signed_in() -> None:
    event, user, browser = make_event(ticket={"limit": 1}), make_user(name="Léa Essai"), Client()
    browser.force_login(user)
    page = browser.get(event.get_absolute_url())
    assertContains(page, "Au nom de Léa Essai")
    assertNotContains(page, 'name="email"')
    browser.post(url("register", event.slug), {})
    assert Registration.objects.get().user == user
    assertContains(browser.get(event.get_absolute_url()), "confirmée")


def test_a_guest_pays_without_an_account() -> None:
    event = make_event(site=make_house(desks=0, desk_payment=True), tickets=False)
    make_ticket(event, price="12.00")
    browser = Client()
    answer = browser.post(url("register", event.slug), {**GUEST, "seats": "2", "names": "Zoé Essai"})
    order = Order.objects.get()
    assertRedirects(answer, reverse("billing:pay", args=[order.public_id]))
    page = browser.get(answer["Location"])
    assertContains(page, "24,00")
    chosen = browser.post(answer["Location"], {"means": "desk", "start": "on"})
    assertRedirects(chosen, Registration.objects.get().get_absolute_url())


def test_an_open_price_is_asked_and_given() -> None:
    event = make_event(site=make_house(desks=0, desk_payment=True), tickets=False)
    make_ticket(event, pricing="open", price="5.00")
    browser = Client()
    assertContains(browser.get(event.get_absolute_url()), 'value="5,00"')
    browser.post(url("register", event.slug), {**GUEST, "price": "3,50"})
    assert Registration.objects.get().unit_price == Decimal("3.50")


def test_questions_are_asked_and_kept() -> None:
    event = make_event()
    question = make_question(event, is_required=True, kind="choice", choices=["Oui", "Peut-être"])
    browser, name = Client(), f"question_{question.pk}"
    assert browser.post(url("register", event.slug), GUEST).status_code == 422
    assert browser.post(url("register", event.slug), {**GUEST, name: "Autre"}).status_code == 422
    assert not Registration.objects.exists()
    browser.post(url("register", event.slug), {**GUEST, name: "Peut-être"})
    assert Registration.objects.get().answers.get().text == "Peut-être"


def test_full_offers_the_list_then_the_offer_is_accepted_with_one_button() -> None:
    event, browser = make_event(capacity=1), Client()
    first = make_registration(event)
    assertContains(browser.get(event.get_absolute_url()), "Rejoindre la liste d’attente")
    browser.post(url("register", event.slug), GUEST)
    waiting = Registration.objects.get(state="waiting")
    assertContains(browser.get(waiting.get_absolute_url()), "en tête de la liste")
    assertContains(browser.get(url("leave", first.key)), "Annuler votre inscription")
    browser.post(url("leave", first.key))
    assertContains(browser.get(waiting.get_absolute_url()), "Prendre ma place")
    browser.post(url("accept", waiting.key))
    assertContains(browser.get(waiting.get_absolute_url()), "Vous y serez")


def test_the_private_link_opens_to_whoever_has_it_and_nobody_else() -> None:
    found = make_registration(make_event())
    assert Client().get(url("registration", "devine")).status_code == 404
    page = Client().get(found.get_absolute_url())
    assertContains(page, found.name)
    assertContains(page, 'content="noindex"')
    assert "no-store" in page["Cache-Control"]


def test_an_online_link_is_for_those_who_have_a_seat() -> None:
    event = make_event(where="online", space=None, online_link="https://visio.example/secret", capacity=1)
    sure, waiting = make_registration(event), make_registration(event, state="waiting")
    browser = Client()
    assertNotContains(browser.get(event.get_absolute_url()), "visio.example")
    assertNotContains(browser.get(waiting.get_absolute_url()), "visio.example")
    assertContains(browser.get(sure.get_absolute_url()), "visio.example")


def test_a_members_event_is_hidden_from_strangers_and_opens_to_members() -> None:
    event, member = make_event(audience="members"), make_user()
    make_membership(user=member)
    assert Client().get(event.get_absolute_url()).status_code == 404
    assert Client().post(url("register", event.slug), GUEST).status_code == 404
    browser = Client()
    browser.force_login(member)
    assertContains(browser.get(event.get_absolute_url()), "Réserver ma place")
    assert not Registration.objects.exists()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_ticket_comes_by_email_with_its_code_and_its_entry(language: str) -> None:
    event = make_event()
    Client().post(url("register", event.slug), GUEST, headers={"accept-language": language})
    found = Registration.objects.get()
    Message.objects.exclude(template="events/confirmed").delete()
    assert send_due(timezone.now() + timedelta(seconds=1)) == 1
    sent = mail.outbox[0]
    names = [part[0] if isinstance(part, tuple) else part.get_filename() for part in sent.attachments]
    assert found.get_absolute_url() in sent.body
    assert names == ["evenement.ics", f"billet-{found.places.get().spelt}.png"]
    assert event.title in sent.subject


def test_the_calendar_entry_is_read_by_a_strict_library_and_taken_back_once_cancelled() -> None:
    found = make_registration(make_event())
    entry = Calendar.from_ical(Client().get(url("registration_ics", found.key)).content)
    assert entry["METHOD"] == "PUBLISH"
    Client().post(url("leave", found.key))
    entry = Calendar.from_ical(Client().get(url("registration_ics", found.key)).content)
    assert (entry["METHOD"], entry.walk("VEVENT")[0]["STATUS"]) == ("CANCEL", "CANCELLED")


def test_every_message_renders_in_both_languages() -> None:
    event = make_event(cancel_reason="La salle est inondée.")
    states = {
        "confirmed": "confirmed", "reminder": "confirmed", "changed": "confirmed", "held": "held",
        "offer": "held", "waiting": "waiting", "offer_over": "expired", "gone": "expired",
        "cancelled": "cancelled", "event_cancelled": "cancelled",
    }  # fmt: skip
    start = event.period.utc.start.isoformat()
    for language in ("fr", "en"):
        for name, state in states.items():
            found = make_registration(event, state=state, held_until=timezone.now() + timedelta(hours=1))
            ids = {
                "registration": found.pk,
                "start": start,
                "version": "0",
                "said": ["when", "where", "link", "title"],
            }
            Message.objects.create(
                key=f"{name}-{language}",
                to="a@cantine.example",
                language=language,
                template=f"events/{name}",
                ids=ids,
            )
            event.refresh_from_db()
    send_due(timezone.now() + timedelta(seconds=1), limit=50)
    assert list(Message.objects.exclude(state="sent").values_list("key", "state", "last_error")) == []
    assert not any(re.search(r"\{\{|\{%|None", str(sent.body)) for sent in mail.outbox)


def test_the_page_costs_the_same_queries_however_many_are_registered(
    django_assert_max_num_queries: object,
) -> None:
    event = make_event(capacity=500)
    for _each in range(30):
        make_registration(event)
    Client().get(event.get_absolute_url())  # the premises are read
    with django_assert_max_num_queries(12):  # type: ignore[operator]  # a context manager
        Client().get(event.get_absolute_url())


def test_the_first_answer_to_correct_takes_the_focus_and_the_page_opens_there() -> None:
    event = make_event()
    page = Client().post(url("register", event.slug), {**GUEST, "name": ""}).content.decode()
    assert re.search(r'<input[^>]*name="name"[^>]*autofocus', page)
    assert f'action="{url("register", event.slug)}#inscription"' in page


@pytest.mark.parametrize(("capacity", "taken", "offered"), [(3, 1, 2), (3, 3, 3), (None, 0, 4)])
def test_no_more_places_are_offered_than_there_are(capacity: int | None, taken: int, offered: int) -> None:
    event = make_event(capacity=capacity)
    if taken:
        make_registration(event, names=["Noé", "Ada", "Léo"][:taken])
    page = Client().get(event.get_absolute_url()).content.decode()
    asked = re.search(r'<select name="seats".*?</select>', page, re.DOTALL)
    assert asked
    assert re.findall(r'<option value="(\d+)"', asked[0]) == [str(n) for n in range(1, offered + 1)]


def test_the_eve_is_not_promised_once_it_is_over() -> None:
    tonight = make_event(starts_at=timezone.now() + timedelta(hours=3))
    assertNotContains(Client().get(tonight.get_absolute_url()), "Me le rappeler la veille")


def test_a_refund_is_not_promised_once_its_time_is_over() -> None:
    event = make_event(starts_at=timezone.now() + timedelta(hours=3), tickets=False)
    make_ticket(event, price="12.00")
    assertContains(Client().get(event.get_absolute_url()), "la place n’est plus remboursée")


def test_who_is_registered_sees_it_before_the_form_to_register_someone_else() -> None:
    user, event = make_user(), make_event()
    make_registration(event, user=user)
    browser = Client()
    browser.force_login(user)
    assertContains(browser.get(event.get_absolute_url()), "Inscrire quelqu’un d’autre")


def test_a_registration_says_that_the_event_is_cancelled_and_why() -> None:
    event = make_event(state="cancelled", cancel_reason="L’oratrice est souffrante.")
    page = Client().get(make_registration(event, state="cancelled").get_absolute_url())
    assertContains(page, "L’événement est annulé")
    assertContains(page, "L’oratrice est souffrante.")
