"""The local mailbox: what would have been sent can be read, safely."""

from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from cantine.mailbox import box
from cantine.mailbox.backend import MailboxBackend


@pytest.fixture(autouse=True)
def _mailbox(settings: Settings, tmp_path: Path) -> None:
    """A folder of its own."""
    settings.DATA_DIR = tmp_path


def send(subject: str = "Votre poste est réservé", to: str = "camille@cantine.example") -> str:
    mail = EmailMultiAlternatives(subject, "Poste 7, à 9 h.", "bonjour@cantine.example", [to])
    mail.extra_headers["Message-ID"] = "<essai@cantine.example>"
    mail.attach_alternative("<p style='color:red'>Poste 7<script>alert(1)</script></p>", "text/html")
    mail.attach("agenda.ics", "BEGIN:VCALENDAR", "text/calendar")
    MailboxBackend().send_messages([mail])
    return box.newest()[0].name


@pytest.mark.django_db
def test_lists_the_newest_first_and_filters_by_address(client: Client) -> None:
    send("Premier")
    send("Second", to="dominique@cantine.example")
    shown = client.get(reverse("mailbox:letters")).content.decode()
    assert shown.index("Second") < shown.index("Premier")
    shown = client.get(reverse("mailbox:letters"), {"a": "camille"}).content.decode()
    assert "Second" not in shown


@pytest.mark.django_db
def test_shows_headers_text_and_attachments(client: Client) -> None:
    name = send()
    shown = client.get(reverse("mailbox:letter", args=[name])).content.decode()
    assert "&lt;essai@cantine.example&gt;" in shown
    assert "Poste 7, à 9 h." in shown
    assert "agenda.ics" in shown
    file = client.get(reverse("mailbox:file", args=[name, 0]))
    assert file.content == b"BEGIN:VCALENDAR"
    assert file.headers["Content-Disposition"] == 'attachment; filename="agenda.ics"'


@pytest.mark.django_db
def test_the_formatted_part_runs_no_script(client: Client) -> None:
    response = client.get(reverse("mailbox:html", args=[send()]))
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'none'" in policy
    assert "sandbox" in policy


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["rien", "1764000000000000000-0a0a0a0a"])
def test_an_unknown_letter_is_a_404(client: Client, name: str) -> None:
    assert client.get(reverse("mailbox:letter", args=[name])).status_code == 404


def test_a_name_cannot_lead_out_of_the_folder() -> None:
    assert box.read("../../etc/passwd") is None


def test_is_empty_before_anything_was_sent() -> None:
    assert box.newest() == []


def test_letters_hold_codes_and_are_closed_to_others(tmp_path: Path) -> None:
    send()
    assert (tmp_path / "courrier").stat().st_mode & 0o077 == 0
