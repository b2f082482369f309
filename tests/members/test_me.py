"""A person's own account."""

import pytest
from django.test import Client
from django.urls import reverse

from members.models import User
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db


def test_sends_a_stranger_to_the_sign_in_page(client: Client) -> None:
    response = client.get(reverse("members:me"))
    assert response.headers["Location"] == f"{reverse('account_login')}?next={reverse('members:me')}"


def test_changes_name_and_language_and_speaks_it_at_once(client: Client) -> None:
    user = make_user()
    client.force_login(user)
    typed = {"name": "  Camille   Fauvel ", "language": "en"}
    response = client.post(reverse("members:me"), typed, follow=True)
    user.refresh_from_db()
    assert (user.name, user.language) == ("Camille Fauvel", "en")
    assert '<html lang="en">' in response.content.decode()


def test_refuses_an_empty_name_and_a_language_we_do_not_speak(client: Client) -> None:
    user = make_user(name="Camille Essai")
    client.force_login(user)
    response = client.post(reverse("members:me"), {"name": " ", "language": "de"})
    assert response.status_code == 422
    kept = User.objects.get()
    assert (kept.name, kept.language) == ("Camille Essai", "fr")


def test_cannot_give_oneself_rights(client: Client) -> None:
    user = make_user()
    client.force_login(user)
    forged = {"name": "Camille", "language": "fr", "is_staff": "on", "is_superuser": "on", "groups": "3"}
    client.post(reverse("members:me"), forged)
    kept = User.objects.get(pk=user.pk)
    assert (kept.is_staff, kept.is_superuser, set(kept.roles)) == (False, False, {"coworker"})


def test_the_footers_switch_changes_the_page_and_the_persons_language(client: Client) -> None:
    user = make_user()
    client.force_login(user)
    answer = client.post("/langue/", {"language": "en", "next": "/moi/"})
    assert answer.headers["Location"] == "/moi/"
    assert 'lang="en"' in client.get("/moi/").content.decode()
    user.refresh_from_db()
    assert user.language == "en"


def test_a_language_we_do_not_speak_changes_nothing(client: Client) -> None:
    user = make_user()
    client.force_login(user)
    client.post("/langue/", {"language": "tlh", "next": "/moi/"})
    user.refresh_from_db()
    assert user.language == "fr"
