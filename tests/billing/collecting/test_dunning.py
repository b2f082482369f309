"""Dunning in three steps: one letter each, never two at once, none to who paid, disputes or was credited."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import Error, transaction

from billing.collecting.dunning import may_be_dunned, next_step, owe_letter, owe_letters
from billing.collecting.errors import PauseOver, PauseWithoutEnd
from billing.collecting.messages import dunning
from billing.collecting.pausing import lift, pause
from billing.documents.services import issue_credit_note
from billing.models import DunningLetter, DunningStep, LateRate, Payment
from billing.placeholders import check_placeholders, filled
from members.messages.rendering import render
from members.models import Message
from tests.billing.collecting.steps import enter, make_debtor, make_due, make_steps
from tests.factories.members import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trial")]
DAY = dt.timedelta(days=1)


def late(now: dt.datetime, days: int) -> dt.datetime:
    """So many days after a due date of thirty days."""
    return now + (30 + days) * DAY


def positions() -> list[int]:
    return list(DunningLetter.objects.order_by("pk").values_list("position", flat=True))


def test_each_step_has_its_letter_once_in_its_time(now: dt.datetime) -> None:
    make_steps()
    document = make_due(now)
    times = {0: [], 7: [], 8: [1], 9: [1], 22: [1], 23: [1, 2], 44: [1, 2], 45: [1, 2, 3], 99: [1, 2, 3]}
    for days, written in times.items():
        owe_letters(late(now, days))
        owe_letters(late(now, days))
        assert positions() == written, days
    keys = Message.objects.filter(template="billing/dunning").order_by("key").values_list("key", flat=True)
    assert list(keys) == [f"dunning:{document.pk}:{position}" for position in (1, 2, 3)]


def test_a_late_start_writes_one_letter_and_the_next_after_as_many_days(now: dt.datetime) -> None:
    make_steps()
    make_due(now)
    for days, written in ((60, 1), (61, 1), (74, 1), (75, 2), (96, 2), (97, 3)):
        owe_letters(late(now, days))
        assert len(positions()) == written, days


def test_what_fell_due_before_the_steps_began_is_left_alone(now: dt.datetime) -> None:
    make_steps(since=late(now, 1).date())
    make_due(now)
    assert owe_letters(late(now, 50)) == 0


def test_a_new_wording_is_not_another_letter(now: dt.datetime) -> None:
    first = make_steps()[0]
    make_due(now)
    owe_letters(late(now, 8))
    DunningStep.objects.create(
        position=1,
        days_after=9,
        subject_fr="Autre",
        text_fr="Autre",
        subject_en="Other",
        text_en="Other",
        valid_from=late(now, 9).date(),
    )
    owe_letters(late(now, 10))
    assert positions() == [1]
    assert DunningStep.objects.in_force(late(now, 10).date())[0].subject_fr == "Autre"
    assert DunningStep.objects.in_force(late(now, 8).date())[0] == first


def test_next_step_is_pure_and_asks_for_nothing_without_steps() -> None:
    step = cast("Any", SimpleNamespace(position=2, days_after=20, valid_from=dt.date(2020, 1, 1)))
    due_on, today = dt.date(2026, 1, 1), dt.date(2026, 1, 21)
    assert next_step([step], [], due_on=due_on, today=today) is step
    assert next_step([step], [], due_on=due_on, today=today - DAY) is None
    assert next_step([], [], due_on=due_on, today=today) is None


def test_who_paid_disputes_or_was_credited_has_no_letter(now: dt.datetime) -> None:
    make_steps()
    paid, credited, disputed, part = (make_due(now) for _each in range(4))
    enter(paid, "36.00", now=now)
    enter(part, "6.00", now=now)
    with transaction.atomic():
        issue_credit_note(credited, {credited.lines.get(): Decimal("6.00")}, now=now)
    Payment.objects.create(
        order=disputed.order,
        attempt=1,
        method="card",
        state="disputed",
        amount=Decimal("36.00"),
        started_at=now,
        succeeded_at=now,
    )
    assert list(may_be_dunned(late(now, 8).date())) == [part]
    owe_letters(late(now, 8))
    letter = DunningLetter.objects.get()
    assert (letter.document, letter.owed) == (part, Decimal("30.00"))


@pytest.mark.parametrize("about", ["document", "customer"])
def test_a_pause_holds_letters_back_until_its_end(now: dt.datetime, about: str) -> None:
    make_steps()
    document, other, manager = make_due(now), make_due(now), make_user(role="manager")
    on: dict[str, Any] = {"document": document}
    on = on if about == "document" else {"customer": document.customer}
    start = late(now, 5)
    pause(**on, why="promised", reason="Promis", until=late(now, 10).date(), by=manager, now=start)
    owe_letters(late(now, 8))
    assert [letter.document for letter in DunningLetter.objects.all()] == [other]
    owe_letters(late(now, 11))
    assert DunningLetter.objects.filter(document=document).count() == 1


def test_a_dispute_stands_until_it_is_lifted_and_anything_else_has_an_end(now: dt.datetime) -> None:
    make_steps()
    document, manager = make_due(now), make_user(role="manager")
    for until in (None, now.date() - DAY):
        with pytest.raises(PauseWithoutEnd):
            pause(document=document, why="other", reason="Non", until=until, by=manager, now=now)
    held = pause(document=document, why="disputed", reason="Contestée", until=None, by=manager, now=now)
    owe_letters(late(now, 60))
    assert positions() == []
    lift(pause_=held, by=manager, now=late(now, 60))
    with pytest.raises(PauseOver):
        lift(pause_=held, by=manager, now=late(now, 61))
    owe_letters(late(now, 61))
    assert positions() == [1]


def test_the_letter_says_what_is_owed_and_how_to_pay_it(now: dt.datetime) -> None:
    make_steps()
    LateRate.objects.all().delete()
    LateRate.objects.create(percent=Decimal("12.15"), valid_from=dt.date(2026, 1, 1))
    document = make_due(now, "388.61")
    owe_letters(late(now, 8))
    letter = owe_letter(document=document, now=late(now, 30))
    assert letter is not None
    assert (letter.penalties, letter.indemnity) == (Decimal("3.88"), Decimal("40.00"))
    with time_machine.travel(late(now, 30), tick=False):
        said = dunning({"letter": letter.pk})
        assert said is not None
        assert said["subject"] == f"Facture {document.number}"
        assert said["paragraphs"] == [
            "Bonjour Nuages bas,",
            "il reste 388,61\u00a0€, dus le 24 décembre 2026.",
        ]
        message = Message.objects.get(key=letter.message_key)
        message.attachments = []
        mail = render(message)
        assert mail is not None
        for text in ("3,88\u00a0€", "40,00\u00a0€", "FR76 3000", document.number):
            assert text in str(mail.body)
        Message.objects.filter(pk=message.pk).update(language="en")
        message.refresh_from_db()
        message.attachments = []
        mail = render(message)
        assert mail is not None
        assert "€388.61 was due on 24 December 2026" in str(mail.body)


def test_a_letter_that_is_no_longer_true_is_dropped(now: dt.datetime) -> None:
    make_steps()
    paid, paused = make_due(now), make_due(now)
    owe_letters(late(now, 8))
    enter(paid, "36.00", now=late(now, 8))
    pause(
        document=paused,
        why="disputed",
        reason="Contestée",
        until=None,
        by=make_user(role="manager"),
        now=late(now, 8),
    )
    with time_machine.travel(late(now, 8), tick=False):
        for message in Message.objects.filter(template="billing/dunning"):
            assert render(message) is None


def test_a_letter_written_never_changes(now: dt.datetime) -> None:
    make_steps()
    make_due(now, customer=make_debtor(name="Autre"))
    owe_letters(late(now, 8))
    with pytest.raises(Error), transaction.atomic():
        DunningLetter.objects.update(position=2)
    with pytest.raises(Error), transaction.atomic():
        DunningLetter.objects.all().delete()


def test_only_known_placeholders_are_filled_and_what_is_put_in_is_not_read_again() -> None:
    values = {"nom": "{numero}", "numero": "FA-1"}
    assert filled("{nom} {numero} {__class__} {", values) == "{numero} FA-1 {__class__} {"
    check_placeholders("Bonjour {nom}, {numero} {montant} {echeance} {retard} {vendeur}")
    for wrong in ("{autre}", "{nom.__class__}", "{", "}", "{nom}}", "{ nom }"):
        with pytest.raises(ValidationError):
            check_placeholders(wrong)


def test_the_steps_that_come_with_the_application_are_well_written() -> None:
    steps = DunningStep.objects.in_force(dt.date(2999, 1, 1))
    assert [step.position for step in steps] == [1, 2, 3]
    for step in steps:
        step.full_clean(exclude=["valid_to"])
