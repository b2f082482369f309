"""What billing's e-mails say, in both languages, as text and as HTML."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from pytest_django import Settings

from billing.documents.files import make_due
from billing.models import Document, Payment, Refund
from billing.settlement import telling
from billing.settlement.services import accept_on_terms, reverse_line
from members.messages.rendering import render
from members.models import Message
from tests.factories.billing import make_customer, make_order, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trial")]


@pytest.fixture(autouse=True)
def storage(settings: Settings, tmp_path: Path) -> None:
    """Keep the files of a test apart."""
    settings.MEDIA_ROOT = tmp_path


def said(template: str) -> str:
    """Render the only message of its kind; its text, with the HTML behind it."""
    return text_of(render(Message.objects.get(template=template)))


def text_of(mail: Any) -> str:
    assert mail is not None
    html = mail.alternatives[0][0]
    assert "<h1" in html
    return f"{mail.subject}\n{mail.body}\n{html}"


def invoiced(now: dt.datetime, language: str) -> Document:
    customer = make_customer(terms_days=30, language=language)
    order = make_order(customer=customer, now=now)
    document = accept_on_terms(order=order, by=person(customer), now=now)
    assert document is not None
    make_due(now)
    return document


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_invoice_goes_out_with_its_file_and_a_credit_note_names_it(
    now: dt.datetime, language: str
) -> None:
    document = invoiced(now, language)
    mail: Any = render(Message.objects.get())
    text = text_of(mail)
    assert document.number in text
    assert ("36,00\u00a0€" if language == "fr" else "€36.00") in text
    assert "/moi/factures/" in text
    assert [each[0] for each in mail.attachments] == [f"{document.number}.pdf"]
    with transaction.atomic():
        done = reverse_line(line=document.order.lines.get(), kept=Decimal(0), by=None, now=now)
    make_due(now)
    text = said("billing/credit_note")
    assert done.credit_note is not None
    assert done.credit_note.number in text
    assert document.number in text


def refund_of(now: dt.datetime, reason: str) -> Refund:
    order = make_order(now=now)
    payment = Payment.objects.create(
        order=order,
        attempt=1,
        method="card",
        state="succeeded",
        amount=order.total,
        started_at=now,
        succeeded_at=now,
    )
    return Refund.objects.create(
        payment=payment, amount=order.total, reason=reason, requested_at=now, next_try_at=now
    )


@pytest.mark.parametrize(
    ("reason", "words"),
    [("gone", "n’était plus disponible"), ("double", "payée deux fois"), ("given_up", "abandonnée")],
)
def test_a_refund_says_why(now: dt.datetime, reason: str, words: str) -> None:
    with transaction.atomic():
        telling.owe_refunded(refund_of(now, reason))
    text = said("billing/refunded")
    assert words in text
    assert "36,00\u00a0€" in text


def test_a_refund_that_failed_is_no_longer_announced(now: dt.datetime) -> None:
    refund = refund_of(now, "double")
    with transaction.atomic():
        telling.owe_refunded(refund)
        telling.owe_refund_failed(refund)
    Refund.objects.update(state="failed")
    assert render(Message.objects.get(template="billing/refunded")) is None
    assert "36,00\u00a0€" in said("billing/refund_failed")


def test_a_payment_that_was_refused_is_told_without_blame(now: dt.datetime) -> None:
    with transaction.atomic():
        telling.owe_payment_refused(make_order(now=now), payment_id=1)
    assert "Rien n’a été débité" in said("billing/payment_refused")
