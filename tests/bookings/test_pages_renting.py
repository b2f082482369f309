"""The pages of renting: what there is, one space, the request, its private page; in both languages."""

import json
import re
from collections.abc import Iterator
from datetime import time, timedelta
from decimal import Decimal
from typing import Any

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

from bookings.album import ALBUM
from bookings.models import RentalRequest, RentalSpace, Site
from members.messages.sending import send_due
from members.models import Message
from tests.factories.bookings import NOW, make_plain_booking, make_room, make_site, on
from tests.factories.members import make_user
from tests.factories.rentals import (
    DAY,
    make_extra,
    make_rental_picture,
    make_rental_request,
    make_rental_space,
    make_rented_house,
    no_tariff,
)

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name="token" value="([^"]+)"')
ASKED = {
    "day": DAY.isoformat(), "starts": "14:00", "ends": "18:00", "people": "45", "space": "quai",
    "layout": "theatre", "purpose": "Une assemblée, puis un buffet.", "name": "Maud Essai",
    "email": "Maud@cantine.example", "organisation": "Coopérative des Nuages bas", "buyer": "association",
}  # fmt: skip


@pytest.fixture(autouse=True)
def moment() -> Iterator[time_machine.Traveller]:
    cache.clear()
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def site() -> Site:
    return make_rented_house()


def home(site: Site) -> str:
    return reverse("bookings:rent_at", args=[site.code])


def text_of(page: Any) -> str:
    return str(page.content.decode())


def token_of(page: Any) -> str:
    found = TOKEN.search(text_of(page))
    assert found
    return found[1]


def fill_in(site: Site, moment: time_machine.Traveller, client: Client | None = None) -> dict[str, str]:
    """The form of the page, as someone who takes a minute over it has it."""
    page = (client or Client()).get(home(site))
    moment.shift(timedelta(minutes=1))
    return {**ASKED, "token": token_of(page)}


def test_the_address_without_a_site_leads_to_the_first_that_rents() -> None:
    make_site(position=1)
    renting = make_rented_house(position=2)
    assertRedirects(Client().get("/louer/"), home(renting))
    other = make_rented_house(position=3)
    assertRedirects(Client().get("/louer/", {"site": other.code}), home(other))
    assert Client().get("/inconnu/louer/").status_code == 404


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("fr", ["Louer la Cantine", "60 personnes", "37,50\u00a0€", "HT l’heure", "Demander un devis"]),
        ("en", ["Rent the Cantine", "60 people", "€37.50", "excl. VAT an hour", "Ask for a quote"]),
    ],
)
def test_each_space_has_its_card(site: Site, language: str, texts: list[str]) -> None:
    page = Client().get(home(site), headers={"accept-language": language})
    for text in ["Le Quai", *texts]:
        assertContains(page, text)
    assertNotContains(page, "Espace à cacher")


def test_a_space_that_is_hidden_or_has_no_price_says_so(site: Site) -> None:
    hidden = make_rental_space(make_room(site, name="Espace à cacher"), is_public=False)
    no_tariff(site)
    page = Client().get(home(site))
    assertNotContains(page, "Espace à cacher")
    assertContains(page, "sur devis")
    assert Client().get(hidden.get_absolute_url()).status_code == 404
    assert Client().get(home(site), {"espace": hidden.space.code}).status_code == 200


def test_a_space_shows_layouts_pictures_and_what_is_included(site: Site) -> None:
    rental = RentalSpace.objects.get(space__code="quai", space__site=site)
    make_rental_picture(rental, alt="Le hall, <tables> hautes", alt_en="The hall, high tables")
    page = Client().get(rental.get_absolute_url())
    for text in ("Debout", "60 personnes", "Le café", "480w", "1600w", "Le hall, &lt;tables&gt; hautes"):
        assertContains(page, text)
    english = Client().get(rental.get_absolute_url(), headers={"accept-language": "en"})
    assertContains(english, "The hall, high tables")
    assertContains(english, "Standing")


def test_a_space_is_described_to_search_engines(site: Site) -> None:
    rental = RentalSpace.objects.get(space__code="quai", space__site=site)
    rental.pitch = "Un hall </script> clair"
    rental.save()
    page = text_of(Client().get(rental.get_absolute_url()))
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert found
    data = json.loads(found[1])
    assert (data["@type"], data["name"], data["maximumAttendeeCapacity"]) == ("EventVenue", "Le Quai", 60)
    assert data["makesOffer"]["priceSpecification"]["price"] == "37.50"
    assert data["description"] == "Un hall </script> clair"
    assert data["url"] == settings.PUBLIC_URL + rental.get_absolute_url()


def test_the_free_days_lead_to_the_form_with_them(site: Site) -> None:
    rental = RentalSpace.objects.get(space__code="quai", space__site=site)
    page = Client().get(rental.get_absolute_url(), {"mois": "2026-12"})
    assertContains(page, f"{home(site)}?espace=quai&amp;jour=2026-12-01#demande")
    assertContains(page, "?mois=2027-01")
    form = Client().get(home(site), {"espace": "quai", "jour": "2026-12-01"})
    assertContains(form, 'value="2026-12-01"')
    assertContains(form, '<option value="quai" selected>Le Quai</option>', html=True)


def test_a_picture_is_given_while_its_space_is_shown(site: Site) -> None:
    rental = RentalSpace.objects.get(space__code="quai", space__site=site)
    picture = make_rental_picture(rental, large=ALBUM.store(b"image d'essai"))
    at = reverse("bookings:rent_picture", args=[picture.large])
    assert b"".join(Client().get(at).streaming_content) == b"image d'essai"  # type: ignore[attr-defined]
    assert Client().get(reverse("bookings:rent_picture", args=["autre.jpg"])).status_code == 404
    assert Client().get(reverse("bookings:rent_picture", args=[picture.small])).status_code == 404
    rental.is_public = False
    rental.save()
    assert Client().get(at).status_code == 404


def test_the_price_follows_what_is_typed(site: Site) -> None:
    extra = make_extra(site)
    at = reverse("bookings:rent_price", args=[site.code])
    typed: dict[str, Any] = {name: ASKED[name] for name in ("day", "starts", "ends", "people", "space")}
    page = Client().get(at, {**typed, "extras": [extra.pk]})
    for text in ("Le Quai, 4\u00a0heures", "150,00", "60,00", "252,00\u00a0€"):
        assertContains(page, text)
    assertNotContains(page, "<html")
    assertContains(Client().get(at), "le prix indicatif s’affiche ici")
    assertContains(Client().get(at, {**typed, "space": "conseil"}), "le prix indicatif s’affiche ici")
    no_tariff(site)
    assertContains(Client().get(at, typed), "sur devis")


def test_before_it_is_sent_one_is_told_that_the_hours_are_taken_or_the_space_too_small(site: Site) -> None:
    at, quai = reverse("bookings:rent_price", args=[site.code]), site.spaces.get(code="quai")
    typed = {name: ASKED[name] for name in ("day", "starts", "ends", "people", "space")}
    make_plain_booking(space=quai, period=on(DAY, time(17), time(19)))
    assertContains(Client().get(at, typed), "déjà pris à ces heures")
    assertNotContains(Client().get(at, {**typed, "ends": "17:00"}), "déjà pris")
    assertContains(Client().get(at, {**typed, "people": "61"}), "60")


def test_without_script_a_button_gives_the_price_and_keeps_what_was_typed(
    site: Site, moment: time_machine.Traveller
) -> None:
    extra = make_extra(site)
    page = Client().post(home(site), {**fill_in(site, moment), "do": "price", "extras": [extra.pk]})
    assertContains(page, "252,00")
    assertContains(page, "Une assemblée, puis un buffet.")
    assert re.search(rf'value="{extra.pk}"[^>]*checked', text_of(page))
    assert not RentalRequest.objects.exists()


def test_anyone_asks_and_follows_by_the_private_link(site: Site, moment: time_machine.Traveller) -> None:
    answer = Client().post(home(site), fill_in(site, moment))
    found = RentalRequest.objects.get()
    assertRedirects(answer, found.get_absolute_url())
    assert (found.email, found.organisation_name, found.buyer, found.people) == (
        "maud@cantine.example", "Coopérative des Nuages bas", "association", 45,
    )  # fmt: skip
    assert (found.price_excl, found.price_incl) == (Decimal("150.00"), Decimal("180.00"))
    page = Client().get(found.get_absolute_url())
    for text in ("Le Quai", "samedi 12 décembre 2026, 14\u00a0h\u00a0–\u00a018\u00a0h", "150,00\u00a0€ HT"):
        assertContains(page, text)


def test_an_evening_may_end_after_midnight_and_nothing_else_goes_backwards(
    site: Site, moment: time_machine.Traveller
) -> None:
    form = fill_in(site, moment)
    page = Client().post(home(site), {**form, "starts": "18:00", "ends": "09:00"})
    assertContains(page, "La fin doit venir après le début", status_code=422)
    Client().post(home(site), {**form, "starts": "19:00", "ends": "01:00"})
    assert RentalRequest.objects.get().period.hours == 6


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"email": "maud@cantine"}, "Il manque une partie de l’adresse"),
        ({"people": "0"}, "people"),
        ({"day": "2026-11-01"}, "Ce jour est passé"),
        ({"other_day": "2026-11-01"}, "Ce jour est passé"),
        ({"day": "0001-01-01"}, "deux ans"),
        ({"purpose": ""}, "purpose"),
        ({"name": "   "}, "name"),
        ({"space": "inconnu"}, "space"),
        ({"people": "61", "layout": "conseil"}, "Le Quai accueille 60 personnes au plus"),
        ({"people": "46"}, "Le Quai accueille 45 personnes au plus"),
        ({"layout": "meeting"}, "ne se dispose pas ainsi"),
        ({"day": "2029-12-12"}, "deux ans à venir"),
    ],
)
def test_everything_typed_stays_when_something_is_wrong(
    site: Site, moment: time_machine.Traveller, wrong: dict[str, str], told: str
) -> None:
    form = {**fill_in(site, moment), **wrong}
    page = Client().post(home(site), form)
    assertContains(page, told, status_code=422)
    kept = {"organisation", "purpose", "name", "starts"} - wrong.keys()
    for name in kept:
        assertContains(page, form[name], status_code=422)
    assert not RentalRequest.objects.exists()


def test_a_second_submit_leads_to_the_first_request(site: Site, moment: time_machine.Traveller) -> None:
    form, browser = fill_in(site, moment), Client()
    first, second = browser.post(home(site), form), browser.post(home(site), form)
    assert first["Location"] == second["Location"]
    assert RentalRequest.objects.count() == 1
    page = browser.post(home(site), {**form, "email": "autre@cantine.example"})
    assertContains(page, "Ce formulaire a déjà servi", status_code=422)
    moment.shift(timedelta(minutes=1))
    browser.post(home(site), {**form, "email": "autre@cantine.example", "token": token_of(page)})
    assert RentalRequest.objects.count() == 2


@pytest.mark.parametrize("trap", [{"site_web": "https://example.test"}, {"token": ""}, {"token": "a:b:c"}])
def test_programs_are_held_off(site: Site, moment: time_machine.Traveller, trap: dict[str, str]) -> None:
    page = Client().post(home(site), {**fill_in(site, moment), **trap})
    assertContains(page, "n’a pas pu être envoyée", status_code=422)
    assertContains(page, "Maud Essai", status_code=422)
    assert not RentalRequest.objects.exists()
    assert not Message.objects.exists()


def test_too_quick_is_sent_again_a_moment_later(site: Site, moment: time_machine.Traveller) -> None:
    browser = Client()
    form = {**ASKED, "token": token_of(browser.get(home(site)))}
    page = browser.post(home(site), form)
    assertContains(page, "plus vite qu’on ne l’écrit", status_code=422)
    assert token_of(page) == form["token"]
    assert not RentalRequest.objects.exists()
    moment.shift(timedelta(seconds=5))
    assert browser.post(home(site), form).status_code == 302


def test_a_page_open_since_yesterday_gets_a_new_sign(site: Site, moment: time_machine.Traveller) -> None:
    form = fill_in(site, moment)
    moment.shift(timedelta(days=2))
    page = Client().post(home(site), form)
    assertContains(page, "ouverte depuis longtemps", status_code=422)
    moment.shift(timedelta(minutes=1))
    assert Client().post(home(site), {**form, "token": token_of(page)}).status_code == 302


def test_one_address_does_not_ask_without_end(site: Site, moment: time_machine.Traveller) -> None:
    forms = [{**ASKED, "token": token_of(Client().get(home(site)))} for _each in range(4)]
    moment.shift(timedelta(minutes=1))
    answers = [Client().post(home(site), form) for form in forms]
    assert [each.status_code for each in answers] == [302, 302, 302, 429]
    assertContains(answers[-1], "Trop de demandes", status_code=429)
    assertContains(answers[-1], "Une assemblée, puis un buffet.", status_code=429)
    assert RentalRequest.objects.count() == 3


def test_who_is_signed_in_finds_their_name(site: Site) -> None:
    browser = Client()
    browser.force_login(make_user(name="Léa Essai", email="lea@cantine.example"))
    assertContains(browser.get(home(site)), 'value="lea@cantine.example"')


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


@pytest.mark.parametrize("state", RentalRequest.State.values)
def test_the_private_page_says_every_state(site: Site, state: str) -> None:
    found = make_rental_request(site, space=site.spaces.get(code="quai"), state=state)
    assert Client().get(found.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_receipt_says_no_word_that_was_typed_freely(
    site: Site, moment: time_machine.Traveller, language: str
) -> None:
    form = fill_in(site, moment) | {"name": "https://spam.example", "purpose": "Achetez mes pommes"}
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
