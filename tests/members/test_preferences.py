"""E-mails one may do without: switched off, left by one tap, and never those that are owed."""

from datetime import UTC, datetime

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from members.messages import kinds, topics
from members.messages.sending import send_due
from members.models import OptOut, Preferences
from members.services.preferences import follow_changed_address
from tests.factories.members import make_message, make_user
from tests.members.conftest import Kitchen

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
TEMPLATE = "account/password_set"


def optional(kitchen: Kitchen) -> None:
    """Let the message of the kitchen be one people may do without."""
    kinds._kinds[TEMPLATE] = kinds.Kind(TEMPLATE, kitchen.load, topic=topics.REMINDERS)


def sent(to: str) -> list[EmailMessage]:
    make_message(template=TEMPLATE, due_at=NOW, to=to)
    send_due(NOW)
    return [letter for letter in mail.outbox if letter.to == [to]]


def test_an_optional_letter_says_how_to_do_without_the_next(kitchen: Kitchen) -> None:
    optional(kitchen)
    (letter,) = sent("nora@exemple.example")
    link = topics.link_of("nora@exemple.example", topics.REMINDERS)
    assert letter.extra_headers["List-Unsubscribe"] == f"<{link}>"
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in letter.body


def test_what_is_owed_has_no_way_out(kitchen: Kitchen) -> None:
    (letter,) = sent("nora@exemple.example")
    assert "List-Unsubscribe" not in letter.extra_headers
    assert "desabonnement" not in letter.body


def test_one_tap_of_a_mail_program_is_enough_and_looking_is_not(kitchen: Kitchen) -> None:
    optional(kitchen)
    link = reverse_of("guest@exemple.example")
    program = Client(enforce_csrf_checks=True)
    assertContains(program.get(link), "guest@exemple.example")
    assert topics.wants("guest@exemple.example", topics.REMINDERS)
    for _twice in range(2):
        assert program.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert sent("guest@exemple.example") == []
    assert OptOut.objects.count() == 1
    program.post(link, {"do": "resume"})
    assert len(sent("guest@exemple.example")) == 1


def reverse_of(email: str) -> str:
    return "/" + topics.link_of(email, topics.REMINDERS).split("/", 3)[3]


def test_a_link_we_did_not_make_is_not_found() -> None:
    assert Client().post(reverse("members:unsubscribe", args=["rien:rien"])).status_code == 404
    assert not OptOut.objects.exists()


def test_the_page_keeps_what_is_chosen(client: Client) -> None:
    user = make_user()
    client.force_login(user)
    page = reverse("members:preferences")
    assertContains(client.get(page), "checked", count=3)
    assertRedirects(client.post(page, {"topics": ["events"], "shares_presence": "on"}), page)
    assert [topics.wants(user, each) for each in ("reminders", "events")] == [False, True]
    assert Preferences.objects.get().shares_presence
    client.post(page, {"topics": ["reminders", "events", "notices"]})
    assert not OptOut.objects.exists()
    assert not Preferences.objects.get().shares_presence


def test_only_topics_with_an_e_mail_are_offered() -> None:
    assert [each.code for each in topics.offered()] == ["reminders", "events", "notices"]


def test_what_one_does_without_follows_to_a_new_address() -> None:
    user = make_user(email="avant@exemple.example")
    OptOut.objects.create(email=user.email, topic="reminders", since=timezone.now())

    class Address:
        def __init__(self, email: str) -> None:
            self.email = email

    follow_changed_address(
        from_email_address=Address("avant@exemple.example"),
        to_email_address=Address("apres@exemple.example"),
    )
    assert not topics.wants("apres@exemple.example", "reminders")
