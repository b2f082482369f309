"""Sending what is owed: at least once, under one Message-ID, whatever happens in between."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from members.messages import sending
from members.messages.rendering import message_id_of
from members.messages.sending import BACK_OFF, LEASE, MAX_TRIES, send_due
from members.models import Message
from tests.factories.members import make_message
from tests.members.conftest import Kitchen

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def make(key: str = "essai:1", **more: Any) -> Message:
    return make_message(template="account/password_set", key=key, due_at=NOW, **more)


def formatted(letter: EmailMessage) -> str:
    """Read the HTML part."""
    assert isinstance(letter, EmailMultiAlternatives)
    return str(letter.alternatives[0][0])


def test_sends_text_and_html_in_the_persons_language(db: None, kitchen: Kitchen) -> None:
    french, english = make("fr"), make("en", language="en")
    assert send_due(NOW) == 2
    first, second = mail.outbox
    assert first.to == [french.to]
    assert "Vous pouvez maintenant vous connecter" in first.body
    assert "<html" in formatted(first)
    assert 'lang="en"' in formatted(second)
    assert ("\u00a0: http" in first.body, "\u00a0: http" in second.body) == (True, False)
    assert ": http" in second.body
    assert first.extra_headers["Message-ID"] == message_id_of("fr")
    assert first.extra_headers["Auto-Submitted"] == "auto-generated"
    english.refresh_from_db()
    assert (english.state, english.sent_at, english.message_id) == ("sent", NOW, message_id_of("en"))


def test_leaves_what_is_not_due_yet(db: None, kitchen: Kitchen) -> None:
    make(state="owed")
    assert send_due(NOW - timedelta(seconds=1)) == 0
    assert mail.outbox == []


def test_drops_what_is_no_longer_true(db: None, kitchen: Kitchen) -> None:
    message = make()
    kitchen.truth = False
    send_due(NOW)
    message.refresh_from_db()
    assert (message.state, mail.outbox) == ("dropped", [])


def test_attaches_a_calendar_with_its_method(db: None, kitchen: Kitchen) -> None:
    make(attachments=["essai:17"])
    send_due(NOW)
    raw = mail.outbox[0].message().as_string()
    assert 'text/calendar; method="REQUEST"' in raw
    assert 'filename="agenda.ics"' in raw


def test_waits_for_an_attachment_without_counting_a_try(db: None, kitchen: Kitchen) -> None:
    message = make(attachments=["essai:17"])
    kitchen.ready = False
    send_due(NOW)
    message.refresh_from_db()
    assert (message.state, message.tries, mail.outbox) == ("owed", 0, [])
    assert NOW < message.next_try_at < NOW + timedelta(seconds=30)
    kitchen.ready = True
    send_due(message.next_try_at)
    assert len(mail.outbox) == 1


def test_a_wrong_message_blocks_no_other_and_is_tried_again_later(db: None, kitchen: Kitchen) -> None:
    wrong = make("wrong", attachments=["unknown:1"])
    right = make("right")
    send_due(NOW)
    wrong.refresh_from_db()
    right.refresh_from_db()
    assert right.state == "sent"
    assert (wrong.state, wrong.tries, wrong.next_try_at) == ("owed", 1, NOW + BACK_OFF[0])
    assert "UnknownAttachment" in wrong.last_error


def test_gives_up_after_its_tries(db: None, kitchen: Kitchen) -> None:
    message = make()
    kitchen.broken = True
    now = NOW
    for _ in range(MAX_TRIES):
        assert send_due(now) == 1
        message.refresh_from_db()
        now = message.next_try_at
    assert (message.state, message.tries) == ("failed", MAX_TRIES)
    assert send_due(now + timedelta(days=30)) == 0


def test_a_kind_that_is_gone_fails_alone(db: None, kitchen: Kitchen) -> None:
    lost = make_message(template="nobody/knows", key="lost", due_at=NOW)
    make("right")
    send_due(NOW)
    lost.refresh_from_db()
    assert (lost.state, lost.tries, len(mail.outbox)) == ("owed", 1, 1)


def test_a_server_out_of_reach_costs_no_try(
    db: None, kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = make()

    def unreachable(self: EmailBackend) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "open", unreachable)
    assert send_due(NOW) == 0
    message.refresh_from_db()
    assert (message.state, message.tries) == ("owed", 0)


def test_killed_between_sending_and_recording_it_is_sent_again_under_the_same_message_id(
    db: None, kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = make()

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(sending, "_record", die)
        with pytest.raises(KeyboardInterrupt):
            send_due(NOW)
    assert send_due(NOW) == 0, "its lease still runs"
    assert send_due(NOW + LEASE) == 1
    message.refresh_from_db()
    assert message.state == "sent"
    assert [letter.extra_headers["Message-ID"] for letter in mail.outbox] == [message_id_of(message.key)] * 2


def test_two_senders_at_once_send_once(
    transactional_db: None, kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        make(f"essai:{number}")
    together = threading.Barrier(3)

    def work() -> None:
        together.wait()
        while send_due(NOW, limit=2):
            pass
        connection.close()

    senders = [threading.Thread(target=work) for _ in range(3)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert Message.objects.filter(state="sent", tries=1).count() == 12
    assert len({letter.extra_headers["Message-ID"] for letter in mail.outbox}) == len(mail.outbox) == 12


def test_a_code_is_wiped_once_sent_and_dropped_once_expired(db: None) -> None:
    ids = {"code": "123456", "expires": (datetime.now(UTC) + timedelta(minutes=15)).isoformat()}
    fresh = make_message(template="account/login_code", key="fresh", due_at=NOW, ids=ids)
    old = make_message(
        template="account/login_code", key="old", due_at=NOW, ids={**ids, "expires": NOW.isoformat()}
    )
    send_due(datetime.now(UTC) + timedelta(days=1))
    fresh.refresh_from_db()
    old.refresh_from_db()
    assert "123456" in mail.outbox[0].body
    assert (fresh.state, fresh.ids, old.state, old.ids) == ("sent", {}, "dropped", {})
    assert "123456" not in fresh.subject
    assert len(mail.outbox) == 1
