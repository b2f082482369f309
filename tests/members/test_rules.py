"""The house rules: agreed to by version, asked about again when they change."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from members.models import Consent, Page, User
from members.services.consenting import RULES
from tests.factories.members import make_user
from tests.factories.places import make_booked, make_place

pytestmark = pytest.mark.django_db
AT = "/moi/reglement/"
LATER = date(2020, 2, 1)


def write(version: int, valid_from: date = date(2020, 1, 1), language: str = "fr") -> Page:
    page, _made = Page.objects.update_or_create(
        slug=RULES,
        language=language,
        version=version,
        defaults={"title": "Règlement intérieur", "body": f"Texte {version}", "valid_from": valid_from},
    )
    return page


@pytest.fixture
def user(client: Client) -> User:
    person = make_user()
    client.force_login(person)
    return person


def test_agreeing_keeps_which_version_and_when(client: Client, user: User) -> None:
    page = write(1)
    assert client.post(AT, {"page": page.pk}).status_code == 422
    assert not Consent.objects.exists()
    for _twice in range(2):
        assertRedirects(client.post(AT, {"page": page.pk, "agreed": "on"}), "/")
    given = Consent.objects.get()
    assert (given.user, given.slug, given.version, given.language) == (user, RULES, 1, "fr")
    assertContains(client.get(AT), "Vous avez accepté la version 1")


def test_a_new_version_asks_again_and_the_old_agreement_stays(client: Client, user: User) -> None:
    first = write(1)
    client.post(AT, {"page": first.pk, "agreed": "on"})
    second = write(2, LATER)
    assertContains(client.get(AT), "Le règlement a changé depuis votre dernier accord.")
    client.post(AT, {"page": second.pk, "agreed": "on"})
    assert list(Consent.objects.order_by("version").values_list("version", flat=True)) == [1, 2]


def test_what_changed_while_it_was_read_is_not_agreed_to(client: Client, user: User) -> None:
    first = write(1)
    write(2, LATER)
    answer = client.post(AT, {"page": first.pk, "agreed": "on"})
    assertContains(answer, "Le règlement vient de changer.", status_code=409)
    assert not Consent.objects.exists()


def test_another_language_is_the_same_agreement(client: Client, user: User) -> None:
    page, _english = write(1), write(1, language="en")
    client.post(AT, {"page": page.pk, "agreed": "on"})
    client.cookies["django_language"] = "en"
    assertNotContains(client.get(AT), 'name="agreed"')


def test_today_asks_who_comes_here_kindly_and_a_first_visit_by_its_steps(client: Client) -> None:
    page, place = write(1), make_place()
    user = make_user()
    client.force_login(user)
    first = client.get(reverse("home"))
    assertContains(first, "Lire le règlement intérieur")
    assertNotContains(first, "Prenez deux minutes")
    make_booked(user, place.desk(1), place.morning())
    assertContains(client.get("/"), "Prenez deux minutes pour lire le règlement intérieur")
    client.post(AT, {"page": page.pk, "agreed": "on"})
    assertNotContains(client.get("/"), "Prenez deux minutes")
    write(2, timezone.localdate() + timedelta(days=1))
    assertNotContains(client.get("/"), "Prenez deux minutes")
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        client.force_login(user)
        assertContains(client.get("/"), "Le règlement intérieur a changé.")
