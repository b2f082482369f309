"""A NUL, which PostgreSQL can not hold, is refused before anything looks it up."""

import pytest
from django.test import Client

from tests.factories.members import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [None, "coworker", "manager"])
def test_a_nul_is_refused_wherever_it_stands(role: str | None) -> None:
    client = Client()
    if role:
        client.force_login(make_user(role=role))
    assert client.get("/reserver/", {"site": "a\0b"}).status_code == 400
    assert client.get("/reserver/", {"a\0b": "site"}).status_code == 400
    assert client.get("/moi/reservations/a%00b/").status_code == 400
    assert client.post("/compte/connexion/", {"login": "a\0b", "password": "c"}).status_code == 400
    assert client.get("/gestion/recherche/", {"q": "a\0b"}).status_code == 400
    cookie = {"cookie": 'sessionid="aaaaaaaaaaaaaaaa\\000"'}
    assert client.get("/", headers=cookie).status_code == 400


def test_a_machine_that_sends_a_form_is_told_that_its_signature_is_bad() -> None:
    assert Client().post("/stripe/webhook/", {"a": "b"}).status_code == 400
