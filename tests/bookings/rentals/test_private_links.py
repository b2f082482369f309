"""Private links: nobody guesses one, each shows its own request only, none shows anything once it is over."""

from base64 import urlsafe_b64decode
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains

from bookings.models import RentalQuote, RentalRequest, Site
from bookings.services.rentals.erasing import erase_due
from bookings.urls import RENTALS
from members import form_tokens
from members.keys import new_key
from members.models import Message
from tests.bookings.rentals.pages import ASKED, home, text_of
from tests.bookings.rentals.steps import states
from tests.factories.rentals import make_rental_request, make_sent

pytestmark = pytest.mark.django_db
NAMES = sorted(str(each.name) for each in RENTALS if "<str:key>" in str(each.pattern))


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def addresses(key: str, version: int = 1) -> list[str]:
    """Every address that a key opens."""
    parts = {"key": key, "version": version, "seller": "nwx", "number": "FA-2026-00001"}
    wanted = {str(each.name): list(each.pattern.converters) for each in RENTALS}
    return [reverse(f"bookings:{name}", args=[parts[part] for part in wanted[name]]) for name in NAMES]


def both_ways(address: str) -> list[Any]:
    """What reading and sending are answered; pages that are only read refuse to be sent anything."""
    sent = Client().post(address, {"reason": "price", "kept": "0"})
    return [Client().get(address), *([] if sent.status_code == 405 else [sent])]


def test_a_key_is_192_bits_of_chance() -> None:
    keys = {new_key() for _each in range(500)}
    assert len(keys) == 500
    assert {len(urlsafe_b64decode(key)) for key in keys} == {24}


@pytest.mark.parametrize("everywhere", [False, pytest.param(True, marks=pytest.mark.soak)])
def test_whatever_is_wrong_with_a_key_the_answer_is_the_same_and_writes_nothing(
    site: Site, everywhere: bool
) -> None:
    rental = make_sent(site)
    key = rental.request.key
    before = states(rental), Message.objects.count()
    keys = [new_key(), key[:-1], key + "A", key.swapcase(), "%00", "é" * 32, "'--"]
    for number, _name in enumerate(NAMES):
        # Each page is asked with a key that nobody has and another wrong one; in the soak with all of them.
        tried = keys if everywhere else [keys[0], keys[1 + number % (len(keys) - 1)]]
        for address in [addresses(wrong)[number] for wrong in tried]:
            for answer in both_ways(address):
                assert answer.status_code == 404, address
                assertNotContains(answer, rental.quote.reference, status_code=404)
    assert (states(rental), Message.objects.count()) == before


@pytest.mark.parametrize("how", ["over", "erased"])
def test_a_link_that_is_over_shows_nothing_at_any_of_its_addresses_and_does_nothing(
    owed: RentalQuote, site: Site, moment: time_machine.Traveller, how: str
) -> None:
    other = make_rental_request(site)
    for request in (owed.request, other):
        shown = (request.name, request.email, request.purpose, owed.quote.reference)
        moment.move_to(request.link_until if how == "over" else request.period.end + timedelta(days=366))
        if how == "erased":
            erase_due(request.period.end + timedelta(days=366))
        for address in addresses(request.key):
            for answer in both_ways(address):
                assertContains(answer, "Ce lien ne s’ouvre plus", status_code=410)
                assert answer["X-Robots-Tag"] == "noindex, nofollow"
                assert answer["Referrer-Policy"] == "same-origin"
                assert "no-store" in answer["Cache-Control"]
                for text in filter(None, shown):
                    assertNotContains(answer, text, status_code=410)
    assert states(owed)[:2] == ("accepted", "won")


def test_a_key_opens_its_own_request_and_no_version_of_anothers(sent: RentalQuote, site: Site) -> None:
    mine, theirs = make_rental_request(site), sent
    other = Client().get(mine.get_absolute_url())
    for text in (theirs.request.name, theirs.request.email, theirs.quote.reference):
        assertNotContains(other, text)
    for name in ("rent_accept", "rent_refuse", "rent_quote_pdf"):
        address = reverse(f"bookings:{name}", args=[mine.key, theirs.quote.version])
        assert Client().get(address).status_code == 404
        assert Client().post(address, {"name": "X", "function": "Y", "terms": "on"}).status_code in (404, 405)
    assert RentalQuote.objects.get(pk=theirs.pk).quote.state == "sent"


def test_every_page_of_a_link_is_told_to_nobody(owed: RentalQuote) -> None:
    for address in addresses(owed.request.key):
        answer = Client().get(address)
        if answer.status_code == 404:  # the PDF is not made yet
            continue
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in answer["Cache-Control"]


def test_a_flood_from_everywhere_at_once_is_held_off_too(
    site: Site, moment: time_machine.Traveller, settings: Settings
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "ask_to_rent_in_all": "3/h/key"}
    answers = []
    forms = [{**ASKED, "token": form_tokens.issue()} for _each in range(5)]
    moment.shift(timedelta(minutes=1))
    for number, form in enumerate(forms):
        browser = Client(REMOTE_ADDR=f"192.0.2.{number}")
        answers.append(browser.post(home(site), {**form, "email": f"foule{number}@cantine.example"}))
    assert [each.status_code for each in answers] == [302, 302, 302, 429, 429]
    assertContains(answers[-1], "Une assemblée, puis un buffet.", status_code=429)
    assert RentalRequest.objects.filter(site=site).count() == 3
    moment.shift(timedelta(hours=1))
    assert Client().post(home(site), forms[-1]).status_code == 302


def test_the_trap_is_out_of_sight_and_reach_without_script(site: Site) -> None:
    page = text_of(Client().get(home(site)))
    trap = page[page.index('class="rent-trap"') :].partition("</div>")[0]
    assert 'aria-hidden="true"' in trap
    assert 'tabindex="-1"' in trap
    assert 'autocomplete="off"' in trap
