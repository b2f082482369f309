"""Before one's data are handed out or erased, one confirms that it is oneself."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from members.models import Closing, DataRequest, Message, User
from tests.factories.members import PASSWORD, make_user

pytestmark = pytest.mark.django_db
PAGES = ("members:data", "members:close")
CONFIRM = "members:confirm"


@pytest.fixture
def user() -> User:
    return make_user()


def come_in(client: Client, user: User) -> None:
    client.force_login(user)


def by_code(user: User) -> User:
    """Someone who has no password."""
    user.set_unusable_password()
    user.save()
    return user


def code() -> str:
    return str(Message.objects.filter(template="account/confirm_code").latest("pk").ids["code"])


def send(client: Client, **typed: Any) -> Any:
    return client.post(reverse(CONFIRM), {"next": reverse("members:data"), **typed})


@pytest.mark.parametrize("page", PAGES)
def test_who_has_a_password_types_it_first(client: Client, user: User, page: str) -> None:
    client.force_login(user)
    sent = client.get(reverse(page))
    assert sent.headers["Location"].startswith(reverse("account_reauthenticate"))
    back = client.post(sent.headers["Location"], {"password": PASSWORD, "next": reverse(page)})
    assert back.headers["Location"] == reverse(page)
    assert client.get(reverse(page)).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_who_has_none_types_a_code_first(client: Client, user: User, page: str) -> None:
    client.force_login(by_code(user))
    sent = client.get(reverse(page)).headers["Location"]
    assert sent.startswith(reverse(CONFIRM))
    assert "action" in client.get(sent).content.decode()
    client.post(sent, {"action": "send"})
    done = client.post(sent, {"action": "type", "code": code(), "next": reverse(page)})
    assert done.headers["Location"] == reverse(page)
    assert client.get(reverse(page)).status_code == 200


def test_a_wrong_code_costs_a_try_and_three_cost_the_code(client: Client, user: User) -> None:
    client.force_login(by_code(user))
    send(client, action="send")
    wrong = "000000" if code() != "000000" else "111111"
    for _try in range(3):
        assert send(client, action="type", code=wrong).status_code == 422
    assert send(client, action="type", code=code()).status_code == 422
    assert client.get(reverse("members:data")).status_code == 302


def test_a_code_serves_its_own_session_only(user: User) -> None:
    mine, other = Client(), Client()
    mine.force_login(by_code(user))
    other.force_login(user)
    send(mine, action="send")
    assert send(other, action="type", code=code()).status_code == 422
    assert other.get(reverse("members:data")).status_code == 302


def test_codes_are_not_sent_without_end(client: Client, user: User) -> None:
    client.force_login(by_code(user))
    for _each in range(6):
        send(client, action="send")
    assert Message.objects.filter(template="account/confirm_code").count() == 3


def test_nothing_is_asked_or_closed_by_who_did_not_confirm(client: Client, user: User) -> None:
    client.force_login(user)
    client.post(reverse("members:ask_for_copy"))
    client.post(reverse("members:close"), {"name": user.name})
    assert not DataRequest.objects.exists()
    assert not Closing.objects.exists()


def test_one_is_led_to_our_own_pages_only(client: Client, user: User) -> None:
    client.force_login(by_code(user))
    send(client, action="send")
    done = client.post(
        reverse(CONFIRM), {"action": "type", "code": code(), "next": "https://ailleurs.example/"}
    )
    assert done.headers["Location"] == reverse("members:data")


def test_the_code_is_not_in_the_session(client: Client, user: User) -> None:
    client.force_login(by_code(user))
    send(client, action="send")
    assert not re.search(code(), str(dict(client.session)))
