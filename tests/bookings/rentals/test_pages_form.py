"""The form of a request: what is kept, what is refused, programs held off."""

import re
from datetime import time, timedelta
from decimal import Decimal

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from bookings.models import RentalRequest, Site
from members import form_tokens
from members.models import Message
from tests.bookings.rentals.pages import ASKED, fill_in, filled, home, text_of, token_of
from tests.factories.bookings import PARIS, make_plain_booking, on
from tests.factories.members import make_user
from tests.factories.rentals import DAY, make_extra

pytestmark = pytest.mark.django_db


def price(site: Site) -> str:
    return reverse("bookings:rent_price", args=[site.code])


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def test_without_script_a_button_gives_the_price_and_keeps_what_was_typed(
    site: Site, moment: time_machine.Traveller
) -> None:
    extra = make_extra(site)
    page = Client().post(home(site), {**filled(moment), "do": "price", "extras": [extra.pk]})
    assertContains(page, "252,00")
    assertContains(page, "Une assemblée, puis un buffet.")
    assert re.search(rf'value="{extra.pk}"[^>]*checked', text_of(page))
    assert not RentalRequest.objects.exists()


def test_anyone_asks_and_follows_by_the_private_link(site: Site, moment: time_machine.Traveller) -> None:
    answer = Client().post(home(site), fill_in(site, moment))
    found = RentalRequest.objects.get()
    assert found.key not in answer["Location"]  # whoever typed that address reads what is sent to it
    sent = Client().get(answer["Location"])
    assertContains(sent, "Regardez vos e-mails")
    assertNotContains(sent, found.key)
    assert (found.email, found.organisation_name, found.buyer, found.people) == (
        "maud@cantine.example", "Coopérative des Nuages bas", "association", 45,
    )  # fmt: skip
    assert (found.price_excl, found.price_incl) == (Decimal("150.00"), Decimal("180.00"))
    page = Client().get(found.get_absolute_url())
    for text in (
        "Le Quai",
        "samedi 12 décembre 2026, 14\u00a0h\u00a0–\u2060\u00a018\u00a0h",
        "150,00\u00a0€ HT",
    ):
        assertContains(page, text)


def test_an_evening_may_end_after_midnight_and_nothing_else_goes_backwards(
    site: Site, moment: time_machine.Traveller
) -> None:
    form = filled(moment)
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
    form = {**filled(moment), **wrong}
    page = Client().post(home(site), form)
    assertContains(page, told, status_code=422)
    kept = {"organisation", "purpose", "name", "starts"} - wrong.keys()
    for name in kept:
        assertContains(page, form[name], status_code=422)
    assert not RentalRequest.objects.exists()


def test_all_that_is_wrong_is_said_at_once_in_the_order_of_the_page(
    site: Site, moment: time_machine.Traveller
) -> None:
    wrong = {"people": "61", "layout": "meeting", "purpose": "", "email": "maud@cantine", "organisation": ""}
    page = Client().post(home(site), {**filled(moment), **wrong})
    assertContains(page, "4 réponses sont à revoir", status_code=422)
    summary = re.findall(r'<a href="#id_(\w+)">', text_of(page))
    assert summary == ["people", "layout", "purpose", "email"]
    gone = {"day": "2026-11-24", "starts": "06:00", "people": "0"}
    page = Client().post(home(site), {**filled(moment), **gone})
    assert re.findall(r'<a href="#id_(\w+)">', text_of(page)) == ["people", "starts"]
    assert not RentalRequest.objects.exists()


def test_a_layout_the_chosen_space_does_not_take_is_not_offered(site: Site) -> None:
    asked = {"space": "quai", "layout": "theatre"}
    address = reverse("bookings:rent_layouts", args=[site.code])
    for page in (Client().get(home(site), {"espace": "quai"}), Client().get(address, asked)):
        assert re.search(r'value="meeting" disabled>En réunion \(pas dans cet espace\)<', text_of(page))
        assertContains(page, "En théâtre, 45 personnes")
    assertContains(Client().get(home(site)), ">En réunion<")


def test_the_hours_of_the_day_typed_are_told_but_not_who_took_them(site: Site) -> None:
    hall = site.spaces.get(code="quai")
    make_plain_booking(space=hall, period=on(DAY, time(14), time(18), PARIS))
    typed = {"space": "quai", "day": DAY.isoformat()}
    hours = "libre de 9\u00a0h à 14\u00a0h\u202f; déjà pris de 14\u00a0h à 18\u00a0h."
    said = f"Le Quai, samedi 12 décembre\u00a0: {hours}"
    opened = Client().get(home(site), {"espace": "quai", "jour": DAY.isoformat()})
    without_script = Client().post(home(site), {**typed, "do": "price"})
    for page in (opened, without_script, Client().get(price(site), typed)):
        assertContains(page, said)
    assertContains(
        Client().get(price(site), {**typed, "day": "2026-12-19"}), "libre de 9\u00a0h à 18\u00a0h."
    )
    assertNotContains(Client().get(price(site), {**typed, "space": "conseil"}), "libre")


def test_a_second_submit_leads_to_the_first_request(site: Site, moment: time_machine.Traveller) -> None:
    form, browser = filled(moment), Client()
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
    page = Client().post(home(site), {**filled(moment), **trap})
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
    forms = [{**ASKED, "token": form_tokens.issue()} for _each in range(4)]
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


def test_who_is_signed_in_at_that_address_is_led_to_the_request(
    site: Site, moment: time_machine.Traveller
) -> None:
    person, browser = make_user(email="maud@cantine.example"), Client()
    EmailAddress.objects.filter(user=person).update(verified=False)
    browser.force_login(person)
    form = fill_in(site, moment, browser)
    assert "/demande/" not in browser.post(home(site), form)["Location"]
    EmailAddress.objects.filter(user=person).update(verified=True)
    assertRedirects(browser.post(home(site), form), RentalRequest.objects.get().get_absolute_url())
