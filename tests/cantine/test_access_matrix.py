"""Who comes in where: the matrix role × address, from the declarations of the views themselves."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import Client
from django.urls import NoReverseMatch, reverse

from members.access import PUBLIC, ROLES, SIGNED_IN, WITH_KEY
from members.checks import access_of, walk
from tests.factories.members import make_superuser, make_user

SAMPLE = {"int": "999999", "slug": "rien", "str": "rien", "uuid": "00000000-0000-0000-0000-000000000000"}
UNKEPT = re.compile(r"<(?:(\w+):)?\w+>")
SIGN_IN = re.compile(r"/(?:compte/connexion|gestion/login)/\?next=")
REGEXP = re.compile(r"[\^$]|\(\?P?<\w+>[^)]*\)")


def address(route: str) -> str:
    """Make an address that matches `route`, of something that does not exist."""
    plain = UNKEPT.sub(lambda found: SAMPLE.get(found.group(1) or "str", "rien"), route)
    return "/" + REGEXP.sub("", plain)


def views() -> Iterator[tuple[str, str]]:
    """List (address, access) of each view."""
    for route, _name, view in walk():
        yield address(route), access_of(view) or ""


def test_each_view_says_who_may_come_in() -> None:
    assert [message for message in run_checks(tags=["urls"]) if message.id == "members.E002"] == []
    assert "" not in {access for _, access in views()}


def refused(response: Any) -> bool:
    """Whether someone was sent to sign in, or told no."""
    sent_away = response.status_code == 302 and SIGN_IN.match(response.url)
    return bool(sent_away) or response.status_code == 403


def get(client: Client, at: str) -> Any:
    client.raise_request_exception = False
    return client.get(at)


@pytest.mark.django_db
def test_strangers_come_in_only_where_it_says_public_or_with_a_key() -> None:
    stranger = Client()
    for at, access in views():
        stranger.cookies.clear()
        response = get(stranger, at)
        opened = not refused(response)
        if access in (PUBLIC, WITH_KEY):
            assert opened or response.status_code == 403 or at == reverse("admin:login"), at
        else:
            assert not opened, at


def allowed(access: str, role: str) -> bool:
    """Whether the declaration lets this role in."""
    if access in (PUBLIC, WITH_KEY, SIGNED_IN):
        return True
    if access == "staff":
        return role in ("manager", "treasurer", "superuser")
    return role == "superuser" or role in access.split(",")


@pytest.mark.django_db
@pytest.mark.parametrize("role", [*ROLES, "superuser"])
def test_a_role_is_refused_wherever_its_name_is_not(role: str) -> None:
    user = make_superuser() if role == "superuser" else make_user(role=role)
    client = Client()
    client.force_login(user)
    for at, access in views():
        if not allowed(access, role):
            response = get(client, at)
            assert refused(response) or response.status_code in (404, 405), at


@pytest.mark.django_db
def test_sign_in_for_gestion_leads_back_there() -> None:
    try:
        index = reverse("admin:index")
    except NoReverseMatch:
        pytest.fail("there is no /gestion/")
    user = make_user(role="manager")
    client = Client()
    sent = client.get(index, follow=True)
    page = sent.redirect_chain[-1][0]
    assert page.startswith("/compte/connexion/?next=")
    answer = client.post(page, {"login": user.email, "password": "la-table-est-mise-24", "next": index})
    assert answer.headers["Location"] == index
