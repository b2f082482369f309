"""Writing to the house: by anyone, once a form, by no program; it reaches the manager's list and mail."""

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from bookings.models import ContactMessage, Site
from members import form_tokens
from tests.browser.hands import work
from tests.factories.members import make_user
from tests.factories.places import Place, make_place

pytestmark = pytest.mark.django_db
SAID = {"name": "Nora Curieuse", "email": "nora@exemple.example", "words": "Peut-on visiter ?"}


@pytest.fixture
def place(settings: LazySettings) -> Place:
    settings.FORM_TAKES_SECONDS = 0
    return make_place()


def sent(**changes: str) -> dict[str, str]:
    return {**SAID, "token": form_tokens.issue(), **changes}


def test_the_page_says_who_where_and_today_s_hours(client: Client, place: Place) -> None:
    Site.objects.update(email="bonjour@cantine.example", phone="02 00 00 00 00")
    page = client.get("/contact/")
    for said in (
        "bonjour@cantine.example",
        "tel:0200000000",
        "Le tram s’arrête devant.",
        "1, rue de l’Exemple",
    ):
        assertContains(page, said)
    assert "aujourd’hui" in page.content.decode()


def test_a_message_reaches_the_list_and_the_mail_of_the_manager(client: Client, place: Place) -> None:
    manager = make_user(role="manager")
    assertRedirects(client.post("/contact/", sent()), "/contact/?site=essai")
    message = ContactMessage.objects.get()
    assert (message.site, message.email, message.dealt_with_at) == (place.site, "nora@exemple.example", None)
    work()
    (letter,) = mail.outbox
    assert (letter.to, "Peut-on visiter ?" in letter.body) == ([manager.email], True)
    desk = Client()
    desk.force_login(manager)
    assertContains(desk.get(reverse("admin:index")), "1 message reçu")
    desk.post(reverse("admin:deal_with", args=[message.pk]))
    message.refresh_from_db()
    assert message.dealt_with_by == manager
    waiting = reverse("admin:bookings_contactmessage_changelist") + "?etat=attend"
    assert "Nora Curieuse" not in desk.get(waiting).content.decode()


def test_where_nobody_answers_the_site_s_address_is_told(client: Client, place: Place) -> None:
    Site.objects.update(email="bonjour@cantine.example")
    client.post("/contact/", sent())
    work()
    assert [letter.to for letter in mail.outbox] == [["bonjour@cantine.example"]]


def test_a_form_sent_twice_writes_once_and_is_nobody_elses(client: Client, place: Place) -> None:
    once = sent()
    client.post("/contact/", once)
    client.post("/contact/", once)
    assert client.post("/contact/", once | {"name": "Autre"}).status_code == 422
    assert ContactMessage.objects.count() == 1


@pytest.mark.parametrize(
    "wrong", [{"token": ""}, {"token": "x:y:z"}, {"site_web": "http://spam"}, {"name": " "}]
)
def test_programs_are_left_outside(client: Client, place: Place, wrong: dict[str, str]) -> None:
    assert client.post("/contact/", sent(**wrong)).status_code == 422
    assert not ContactMessage.objects.exists()


def test_too_quick_for_a_person_keeps_what_was_typed(
    client: Client, place: Place, settings: LazySettings
) -> None:
    settings.FORM_TAKES_SECONDS = 60
    answer = client.post("/contact/", sent())
    assertContains(answer, "Peut-on visiter ?", status_code=422)
    assert not ContactMessage.objects.exists()
