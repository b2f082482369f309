"""The private page of a request, its letters, and what the pages cost."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from bookings.models import RentalRequest, RentalSpace, Site
from members.messages.sending import send_due
from members.models import Message
from tests.bookings.rentals.pages import filled, home, text_of
from tests.factories.bookings import NOW, make_room
from tests.factories.rentals import (
    make_extra,
    make_rental_picture,
    make_rental_request,
    make_rental_space,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def test_the_private_page_opens_with_its_key_only_and_is_told_to_nobody(site: Site) -> None:
    found = make_rental_request(site)
    assert Client().get(reverse("bookings:rent_followed", args=["devine"])).status_code == 404
    page = Client().get(found.get_absolute_url())
    assertContains(page, found.purpose)
    assertContains(page, 'content="noindex"')
    assert page["Referrer-Policy"] == "same-origin"
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in page["Cache-Control"]
    english = Client().get(found.get_absolute_url(), headers={"accept-language": "en"})
    assertContains(english, "We have received your request.")


def test_a_link_whose_time_is_over_says_so_and_nothing_else(
    site: Site, moment: time_machine.Traveller
) -> None:
    found = make_rental_request(site, organisation_name="Nuages bas")
    moment.move_to(found.link_until)
    for name in ("rent_followed", "rent_withdraw"):
        page = Client().get(reverse(f"bookings:{name}", args=[found.key]))
        assertContains(page, "Ce lien ne s’ouvre plus", status_code=410)
        for text in (found.name, found.email, "Nuages bas", found.purpose):
            assertNotContains(page, text, status_code=410)
    Client().post(reverse("bookings:rent_withdraw", args=[found.key]))
    found.refresh_from_db()
    assert found.state == "received"


def test_a_request_is_withdrawn_after_asking(site: Site) -> None:
    found, browser = make_rental_request(site), Client()
    at = reverse("bookings:rent_withdraw", args=[found.key])
    assertContains(browser.get(at), "Retirer votre demande de location")
    found.refresh_from_db()
    assert found.state == "received"
    assertRedirects(browser.post(at), found.get_absolute_url())
    assertContains(browser.get(found.get_absolute_url()), "Vous avez retiré cette demande.")
    assertRedirects(browser.get(at), found.get_absolute_url())
    assertContains(browser.post(at), "n’est plus possible", status_code=409)


@pytest.mark.parametrize(
    ("state", "heading"),
    [
        ("received", "Votre demande de location"), ("quoted", "Votre devis de location"),
        ("won", "Votre location est confirmée"), ("done", "Votre location est terminée"),
        ("lost", "Votre demande est close"), ("cancelled", "Votre location est annulée"),
    ],
)  # fmt: skip
def test_the_private_page_is_called_by_its_state(site: Site, state: str, heading: str) -> None:
    found = make_rental_request(site, space=site.spaces.get(code="quai"), state=state)
    page = text_of(Client().get(found.get_absolute_url()))
    assert f"<h1>{heading}</h1>" in page
    assert re.search(f"<title>\\s*{heading}", page)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_receipt_says_no_word_that_was_typed_freely(
    site: Site, moment: time_machine.Traveller, language: str
) -> None:
    form = filled(moment) | {"name": "https://spam.example", "purpose": "Achetez mes pommes"}
    Client().post(home(site), form, headers={"accept-language": language})
    found = RentalRequest.objects.get()
    Message.objects.exclude(template="rentals/received").delete()
    assert send_due(NOW + timedelta(hours=1)) == 1
    (sent,) = mail.outbox
    parts = [part.get_payload(decode=True) for part in sent.message().walk() if not part.is_multipart()]
    whole = "".join(part.decode() for part in parts if isinstance(part, bytes))
    assert "<h1" in whole
    assert settings.PUBLIC_URL + found.get_absolute_url() in sent.body
    assert ("Le Quai" in sent.subject, "spam.example" in whole, "pommes" in whole) == (True, False, False)
    assert ("Bonjour" in whole, "Nuages" in whole) == (False, False)


def test_every_message_renders_in_both_languages(site: Site) -> None:
    quai = site.spaces.get(code="quai")
    for language in ("fr", "en"):
        for name, state in {"received": "received", "to_answer": "received", "withdrawn": "lost"}.items():
            found = make_rental_request(
                site, space=quai, state=state, price_excl=Decimal(1), price_incl=Decimal("1.20")
            )
            found.extras.add(make_extra(site))
            Message.objects.create(
                key=f"{name}-{language}", to="a@cantine.example", language=language, due_at=NOW,
                next_try_at=NOW, template=f"rentals/{name}", ids={"request": found.pk},
            )  # fmt: skip
    send_due(NOW + timedelta(seconds=1), limit=50)
    assert list(Message.objects.exclude(state="sent").values_list("key", "state", "last_error")) == []
    assert not any(re.search(r"\{\{|\{%|None", str(sent.body)) for sent in mail.outbox)
    assert any("Une assemblée d’essai." in sent.body for sent in mail.outbox)


def test_pages_cost_the_same_queries_however_much_there_is(site: Site) -> None:
    quai = RentalSpace.objects.get(space__code="quai", space__site=site)

    def cost() -> list[int]:
        found = []
        for at in (home(site), quai.get_absolute_url()):
            Client().get(at)  # the premises are read
            with CaptureQueriesContext(
                connection,
            ) as queries:
                Client().get(at)
            found.append(len(queries))
        return found

    before = cost()
    for number in range(5):
        row = make_rental_space(make_room(site, code=f"salle-{number}"), {"meeting": 8, "u_shape": 6})
        make_rental_picture(row)
        make_rental_picture(quai)
        make_extra(site)
        make_rental_request(site)
    assert cost() == before
    assert max(before) <= 10


def test_the_map_of_the_site_lists_what_is_rented(site: Site) -> None:
    page = text_of(Client().get("/sitemap.xml"))
    assert f"{settings.PUBLIC_URL}{home(site)}<" in page
    assert f"{home(site)}quai/<" in page
    assert "/louer/demande/" in text_of(Client().get("/robots.txt"))
