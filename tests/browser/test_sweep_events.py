"""Every page of events, looked at as someone who may open it."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from events.models import Event, Registration
from members.models import User
from tests.browser import steps
from tests.browser.sweep import swept
from tests.browser.world import House, make_long_named
from tests.factories.events import make_event, make_question, make_registration, make_ticket
from tests.factories.members import make_user

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("letters", "swept_how")]


def at(name: str, *args: object) -> str:
    return reverse(f"events:{name}", args=args)


def make_evening(house: House, by: User, **fields: Any) -> Event:
    """An event with everything on its page: two tickets, a question, several seats."""
    event = make_event(site=house.site, space=house.room("pommier"), by=by, room=True, **fields)
    make_ticket(event, name="Soutien", position=1, pricing="open", price="5.00")
    make_question(event, "Avez-vous une allergie ?", kind="choice", choices=["Oui", "Non"])
    return event


def test_what_a_guest_sees(page: Page, house: House) -> None:
    volunteer = make_user(role="volunteer")
    event = make_evening(house, volunteer, where="online", online_link="https://visio.example/essai")
    states = ("confirmed", "held", "waiting", "expired", "cancelled")
    found: list[Registration] = [make_registration(event, state=state, names=["Zoé"]) for state in states]
    full = make_event(site=house.site, capacity=1, by=volunteer)
    make_registration(full)
    over = make_event(site=house.site, state="cancelled", by=volunteer, cancel_reason="Fuite d’eau.")
    pages = [each.get_absolute_url() for each in (event, full, over)]
    pages += [each.get_absolute_url() for each in found]
    local = event.local.start
    pages += [
        at("agenda"),
        at("agenda") + "?quand=ce-soir",
        at("month", local.year, local.month),
        at("embed"),
        "/",
    ]
    swept(page, [*pages, at("leave", found[0].key), at("address", found[2].key)])


def test_what_organisers_see(page: Page, house: House) -> None:
    volunteer = make_user(role="volunteer")
    event = make_evening(house, volunteer)
    found = make_registration(event, names=["Noé", "Zoé"], user=volunteer)
    names = ("edit", "desk", "cancel_event")
    steps.sign_in(page, volunteer)
    pages = [at("propose"), at("mine"), *(at(name, event.slug) for name in names)]
    swept(page, [*pages, at("withdraw", event.slug, found.pk)])


def test_what_a_reviewer_sees(page: Page, house: House) -> None:
    event = make_event(site=house.site, by=make_long_named(), state="submitted", is_proposal=True)
    steps.sign_in(page, make_user(role="manager"))
    swept(page, [at("mine"), at("desk", event.slug)])
