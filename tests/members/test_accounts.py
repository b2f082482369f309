"""Signing up, signing in and getting back in, through the pages and the e-mails they owe."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from members.messages.sending import send_due
from members.models import Message, User
from tests.factories.members import PASSWORD, make_user

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "une-autre-table-mise-25"


def code_sent_to(address: str) -> str:
    """Let the worker send, and read the code in the newest e-mail to `address`."""
    send_due(timezone.now())
    body = [letter.body for letter in mail.outbox if letter.to == [address]][-1]
    found = re.search(r"^(\d{6})$", str(body), re.MULTILINE)
    assert found, body
    return found.group(1)


def post(client: Client, at: str, data: dict[str, str] | None = None, **more: Any) -> Any:
    """Send a form; the answer of Django's client has attributes that its types do not know."""
    return client.post(at, data, **more)


def sign_up(
    client: Client, email: str = "camille@cantine.example", password: str = PASSWORD, **more: str
) -> Any:
    return post(
        client,
        reverse("account_signup"),
        {"name": "Camille Essai", "email": email, "password1": password, **more},
    )


def signed_in(client: Client) -> bool:
    return get_user(client).is_authenticated


def test_signs_up_verifies_and_comes_in_without_leaving_the_page(client: Client) -> None:
    response = sign_up(client, email="Camille@Cantine.example", next="/moi/")
    assert response.status_code == 302
    assert not signed_in(client)
    response = post(client, response.url, {"code": code_sent_to("camille@cantine.example"), "next": "/moi/"})
    assert urlsplit(response.url).path == "/moi/"
    user = User.objects.get()
    assert signed_in(client)
    assert (user.email, user.name, user.language) == ("camille@cantine.example", "Camille Essai", "fr")
    assert user.has_role("coworker")
    assert not user.is_staff
    assert EmailAddress.objects.get().verified


def test_signs_up_in_english_and_keeps_the_language(client: Client) -> None:
    client.cookies["django_language"] = "en"
    sign_up(client)
    assert User.objects.get().language == "en"
    assert Message.objects.get().language == "en"


def test_signs_up_without_a_password_and_comes_back_with_a_code(client: Client) -> None:
    response = sign_up(client, password="")
    post(client, response.url, {"code": code_sent_to("camille@cantine.example")})
    assert signed_in(client)
    assert not User.objects.get().has_usable_password()


def test_a_wrong_code_opens_nothing(client: Client) -> None:
    response = sign_up(client)
    right = code_sent_to("camille@cantine.example")
    wrong = "000000" if right != "000000" else "111111"
    page = post(client, response.url, {"code": wrong})
    assert "Ce code n’est pas le bon" in page.content.decode()
    assert not signed_in(client)
    assert not EmailAddress.objects.get().verified


def test_a_weak_password_is_refused_and_writes_nothing(client: Client) -> None:
    page = sign_up(client, password="motdepasse")
    assert "form-errors" in page.content.decode()
    assert not User.objects.exists()
    assert not Message.objects.exists()


def test_an_unverified_address_does_not_come_in(client: Client) -> None:
    user = make_user()
    EmailAddress.objects.update(verified=False)
    post(client, reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert not signed_in(client)


def test_signs_in_with_a_password_whatever_the_case_and_goes_where_it_was_going(client: Client) -> None:
    user = make_user(email="camille@cantine.example")
    response = post(
        client,
        reverse("account_login"),
        {"login": "Camille@Cantine.Example", "password": PASSWORD, "next": "/gestion/"},
    )
    assert response.url == "/gestion/"
    assert get_user(client) == user


def test_does_not_go_to_another_site_after_signing_in(client: Client) -> None:
    user = make_user()
    response = post(
        client,
        reverse("account_login"),
        {"login": user.email, "password": PASSWORD, "next": "https://evil.example/"},
    )
    assert response.url == "/"


def test_signs_in_with_a_code(client: Client) -> None:
    user = make_user()
    response = post(client, reverse("account_request_login_code"), {"email": user.email, "next": "/moi/"})
    response = post(client, response.url, {"code": code_sent_to(user.email), "next": "/moi/"})
    assert urlsplit(response.url).path == "/moi/"
    assert signed_in(client)


def test_a_code_is_wiped_from_the_outbox_once_sent(client: Client) -> None:
    user = make_user()
    post(client, reverse("account_request_login_code"), {"email": user.email})
    code = code_sent_to(user.email)
    row = Message.objects.values().get()
    assert code not in str(row)


def test_signs_out(client: Client) -> None:
    client.force_login(make_user())
    post(client, reverse("account_logout"))
    assert not signed_in(client)


def test_resets_a_password_by_code(client: Client) -> None:
    user = make_user()
    response = post(client, reverse("account_reset_password"), {"email": user.email})
    response = post(client, response.url, {"code": code_sent_to(user.email)})
    post(client, response.url, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)
    assert Message.objects.filter(template="account/password_reset").exists()


def test_changes_a_password(client: Client) -> None:
    user = make_user()
    client.force_login(user)
    page = reverse("account_change_password")
    post(client, page, {"oldpassword": "wrong", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    post(client, page, {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)
    assert Message.objects.get().template == "account/password_changed"


def test_changes_an_address_only_once_verified(client: Client) -> None:
    user = make_user(email="avant@cantine.example")
    post(client, reverse("account_login"), {"login": user.email, "password": PASSWORD})
    response = post(client, reverse("account_email"), {"action_add": "", "email": "apres@cantine.example"})
    user.refresh_from_db()
    assert user.email == "avant@cantine.example"
    post(client, response.url, {"code": code_sent_to("apres@cantine.example")})
    user.refresh_from_db()
    assert user.email == "apres@cantine.example"
    told = Message.objects.get(template="account/email_changed")
    assert told.to == "avant@cantine.example"


def answers(client: Client, name: str, data: dict[str, str]) -> tuple[int, str, str]:
    """What someone sees who asks: status, address, and the next page without what they typed."""
    response = post(client, reverse(name), data)
    shown = client.get(response.url).content.decode()
    for said in data.values():
        shown = shown.replace(said, "…")
    return response.status_code, response.url, re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", shown)


@pytest.mark.parametrize("name", ["account_reset_password", "account_request_login_code"])
def test_an_unknown_address_is_answered_like_a_known_one(name: str) -> None:
    user = make_user()
    known = answers(Client(), name, {"email": user.email})
    unknown = answers(Client(), name, {"email": "inconnue@cantine.example"})
    assert known == unknown
    assert set(Message.objects.values_list("to", flat=True)) == {user.email, "inconnue@cantine.example"}


def test_signing_up_with_a_known_address_is_answered_like_a_new_one() -> None:
    user = make_user(name="Camille Essai")
    typed = {"name": "Dominique Neuve", "password1": PASSWORD}
    taken = answers(Client(), "account_signup", {**typed, "email": user.email})
    free = answers(Client(), "account_signup", {**typed, "email": "neuve@cantine.example"})
    assert taken == free
    assert Message.objects.get(to=user.email).template == "account/account_already_exists"
    user.refresh_from_db()
    assert user.name == "Camille Essai"
    assert user.check_password(PASSWORD)


def test_too_many_attempts_are_answered_429_in_our_look() -> None:
    statuses = [sign_up(Client(), email=f"essai{n}@cantine.example").status_code for n in range(21)]
    assert statuses[:20] == [302] * 20
    assert statuses[20] == 429
    assert User.objects.count() == 20


def test_too_many_wrong_passwords_stop_even_the_right_one(client: Client) -> None:
    user = make_user()
    for _ in range(6):
        post(client, reverse("account_login"), {"login": user.email, "password": "faux"})
    page = post(client, reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert "Trop d’essais" in page.content.decode()
    assert not signed_in(client)


@pytest.mark.parametrize("name", ["account_reset_password", "account_request_login_code"])
def test_codes_asked_for_by_the_hour_leave_no_time_to_guess_one(name: str) -> None:
    user, statuses = make_user(), []
    with time_machine.travel("2026-11-24T09:00:00Z", tick=False) as clock:
        for _ in range(11):
            statuses.append(post(Client(), reverse(name), {"email": user.email}).status_code)
            clock.shift(60)
    assert statuses[:10] == [302] * 10
    assert statuses[10] in (200, 429)
    assert Message.objects.filter(to=user.email).count() == 10


def test_limits_count_the_visitor_that_the_proxy_saw(settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    seen = [{"X-Forwarded-For": f"192.0.2.1, 198.51.100.{n}"} for n in range(21)]
    for n, headers in enumerate(seen):
        answer = post(
            Client(),
            reverse("account_signup"),
            {"name": "Camille", "email": f"a{n}@cantine.example", "password1": PASSWORD},
            headers=headers,
        )
        assert answer.status_code == 302


def test_a_name_is_kept_on_one_line(client: Client) -> None:
    sign_up(client, name="Camille\r\nBcc: autre@cantine.example  Essai")
    assert User.objects.get().name == "Camille Bcc: autre@cantine.example Essai"


PAGES = (
    "account_login", "account_signup", "account_request_login_code", "account_reset_password",
    "account_inactive", "account_password_reset_completed",
)  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_page_of_the_way_in_is_drawn(client: Client, name: str, language: str) -> None:
    client.cookies["django_language"] = language
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert "<h1>" in response.content.decode()
    assert " style=" not in response.content.decode()


def test_each_page_of_an_account_is_drawn(client: Client) -> None:
    user = make_user()
    post(client, reverse("account_login"), {"login": user.email, "password": PASSWORD})
    for name in ("account_change_password", "account_email", "members:me", "account_logout"):
        response = client.get(reverse(name))
        assert (name, response.status_code) == (name, 200)
        assert "<h1>" in response.content.decode(), name


def test_links_in_emails_ignore_the_host_header(client: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["evil.example"]
    post(
        client,
        reverse("account_reset_password"),
        {"email": "inconnue@cantine.example"},
        headers={"host": "evil.example"},
    )
    send_due(timezone.now())
    letter = mail.outbox[0].message().as_string()
    assert "evil" not in letter
    assert settings.PUBLIC_URL in mail.outbox[0].body
