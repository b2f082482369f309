"""Owing a message: in the caller's transaction, once for each key."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from members import nudging
from members.errors import WrongState
from members.messages import owing
from members.messages.kinds import UnknownKind
from members.models import Message
from members.transactions import OutsideTransaction
from tests.factories.members import make_message

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def owe(key: str = "essai:1", **more: Any) -> None:
    owing.owe(owing.letter(to="camille@cantine.example", template="account/password_set", key=key, **more))


def test_owes_a_message_with_its_language_and_ids(db: None) -> None:
    owe(language="en", attachments=("ics:booking:17",), number=17)
    message = Message.objects.get()
    assert (message.to, message.language, message.state) == ("camille@cantine.example", "en", "owed")
    assert message.ids == {"number": 17}
    assert message.attachments == ["ics:booking:17"]
    assert message.next_try_at == message.due_at


def test_waits_until_it_is_due(db: None) -> None:
    owe(due_at=NOW)
    assert Message.objects.get().next_try_at == NOW


def test_the_same_key_again_changes_nothing(db: None) -> None:
    owe(language="fr")
    owe(language="en", number=2)
    message = Message.objects.get()
    assert (message.language, message.ids) == ("fr", {})


def test_is_rolled_back_with_what_it_speaks_of(db: None) -> None:
    with transaction.atomic():
        owe()
        transaction.set_rollback(True)
    assert not Message.objects.exists()


def test_refuses_a_template_nobody_registered(db: None) -> None:
    with pytest.raises(UnknownKind):
        owing.owe(owing.letter(to="camille@cantine.example", template="nobody/knows", key="essai:1"))
    assert not Message.objects.exists()


def test_refuses_to_be_called_outside_a_transaction(transactional_db: None) -> None:
    with pytest.raises(OutsideTransaction):
        owe()
    assert not Message.objects.exists()


def test_nudges_the_worker_once_committed_and_survives_its_absence(
    db: None, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(nudging, "nudge", asked.append)
    with django_capture_on_commit_callbacks(execute=True):
        owe(key="first")
        owe(key="second")
        assert asked == []
    assert asked == ["members.tasks.send_messages"]


@pytest.mark.parametrize(
    ("before", "after"),
    [("sent", "owed"), ("dropped", "owed"), ("dropped", "sent"), ("sent", "failed"), ("failed", "sent")],
)
def test_a_state_moves_only_along_its_arrows(db: None, before: str, after: str) -> None:
    when = NOW if before == "sent" else None
    message = make_message(template="account/password_set", state=before, sent_at=when)
    with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(state=after, sent_at=NOW if after == "sent" else None)
    message.refresh_from_db()
    assert message.state == before


def test_a_message_given_up_is_owed_again(db: None) -> None:
    message = make_message(template="account/password_set", state="failed", tries=7, last_error="550")
    owing.owe_again(message=message, now=NOW)
    assert (message.state, message.tries, message.next_try_at, message.last_error) == ("owed", 0, NOW, "")


def test_a_message_sent_is_not_owed_again(db: None) -> None:
    message = make_message(template="account/password_set", state="sent", sent_at=NOW)
    with pytest.raises(WrongState):
        owing.owe_again(message=message, now=NOW)
    message.refresh_from_db()
    assert message.state == "sent"
