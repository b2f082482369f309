"""The page of what is rented, and its form as someone fills it in."""

import re
from datetime import timedelta
from typing import Any

import time_machine
from django.test import Client
from django.urls import reverse

from bookings.models import Site
from members import form_tokens
from tests.factories.rentals import DAY

TOKEN = re.compile(r'name="token" value="([^"]+)"')
ASKED = {
    "day": DAY.isoformat(), "starts": "14:00", "ends": "18:00", "people": "45", "space": "quai",
    "layout": "theatre", "purpose": "Une assemblée, puis un buffet.", "name": "Maud Essai",
    "email": "Maud@cantine.example", "organisation": "Coopérative des Nuages bas", "buyer": "association",
}  # fmt: skip


def home(site: Site) -> str:
    return reverse("bookings:rent_at", args=[site.code])


def text_of(page: Any) -> str:
    return str(page.content.decode())


def token_of(page: Any) -> str:
    found = TOKEN.search(text_of(page))
    assert found
    return found[1]


def filled(moment: time_machine.Traveller) -> dict[str, str]:
    """The same form without asking for its page, for what is not about it."""
    token = form_tokens.issue()
    moment.shift(timedelta(minutes=1))
    return {**ASKED, "token": token}


def fill_in(site: Site, moment: time_machine.Traveller, client: Client | None = None) -> dict[str, str]:
    """The form of the page, as someone who takes a minute over it has it."""
    page = (client or Client()).get(home(site))
    moment.shift(timedelta(minutes=1))
    return {**ASKED, "token": token_of(page)}
