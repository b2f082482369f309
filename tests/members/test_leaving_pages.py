"""The pages on which one closes one's account and opens it again."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.models import Closing, User
from members.services.closing import WAIT, close_account
from tests.factories.members import PASSWORD, make_user

pytestmark = pytest.mark.django_db
CLOSE = "members:close"


@pytest.fixture
def user(client: Client) -> User:
    """Someone who confirmed a moment ago that it is them."""
    someone = make_user(name="Camille Essai")
    client.force_login(someone)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return someone


def test_another_name_is_refused_and_closes_nothing(client: Client, user: User) -> None:
    answer = client.post(reverse(CLOSE), {"name": "Camille"})
    assert answer.status_code == 409
    assert client.get(reverse("members:me")).status_code == 200
    assert not Closing.objects.exists()


def test_with_the_name_one_is_signed_out_for_good(client: Client, user: User) -> None:
    answer = client.post(reverse(CLOSE), {"name": " camille  essai "})
    assert answer.headers["Location"] == reverse("account_inactive")
    assert client.get(reverse("members:me")).status_code == 302
    assert Closing.objects.standing().get().user == user


def test_the_link_asks_first_and_opens_when_told(client: Client) -> None:
    user = make_user()
    closing = close_account(user=user, typed=user.name, now=timezone.now())
    at = reverse("members:take_back", args=[closing.key])
    assert client.get(at).status_code == 200
    assert not User.objects.get(pk=user.pk).is_active
    assert client.post(at).headers["Location"] == reverse("account_request_login_code")
    assert User.objects.get(pk=user.pk).is_active
    assert (client.get(at).status_code, client.post(at).status_code) == (404, 409)


def test_the_link_opens_nothing_once_the_time_is_over(client: Client) -> None:
    user = make_user()
    closing = close_account(user=user, typed=user.name, now=timezone.now())
    at = reverse("members:take_back", args=[closing.key])
    with time_machine.travel(timezone.now() + WAIT):
        assert (client.get(at).status_code, client.post(at).status_code) == (404, 409)
    assert not User.objects.get(pk=user.pk).is_active
