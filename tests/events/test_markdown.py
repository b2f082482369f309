"""Descriptions attacked: the page holds no script, no address that runs, no picture from elsewhere."""

import pytest
from django.test import Client

from events.models import Event
from tests.factories.events import make_event

pytestmark = pytest.mark.django_db

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[clic](javascript:alert(1))",
    "[clic](JaVaScRiPt:alert(1))",
    "[clic](data:text/html;base64,PHNjcmlwdD4=)",
    "[clic](vbscript:x)",
    "![image](https://espion.example/pixel.png)",
    "<iframe src='https://espion.example'></iframe>",
    "<a href='x' onclick='alert(1)'>x</a>",
    "<svg onload=alert(1)>",
    "<style>*{display:none}</style>",
    "[x]: javascript:alert(1)\n[clic][x]",
    '<https://exemple.example/"onmouseover=alert(1)>',
]


NEVER = ("<script", "<img", "<iframe", "<style", "<svg", 'href="javascript', 'href="data', 'href="vbscript')


def test_nothing_passes() -> None:
    event = make_event()
    for attack in ATTACKS:
        Event.objects.filter(pk=event.pk).update(description=attack)
        page = Client().get(event.get_absolute_url()).content.decode()
        body = page[page.index('class="prose"') : page.index('id="inscription"')].lower()
        for never in NEVER:
            assert never not in body, attack
        for tag in body.split("<")[1:]:
            assert " on" not in tag.split(">")[0], attack


def test_what_is_meant_is_drawn() -> None:
    text = "## Déroulé\n\n- **Un**\n- [lien](https://essai.example)\n\n> Citation"
    page = Client().get(make_event(description=text).get_absolute_url()).content.decode()
    for part in ("<h2>Déroulé</h2>", "<strong>Un</strong>", 'href="https://essai.example"', "<blockquote>"):
        assert part in page
