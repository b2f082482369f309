"""The second factor and the sessions of a person."""

import re
from importlib import import_module

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings
from pytest_django.asserts import assertContains, assertRedirects

from cantine.roles import take_role
from members.checks import walk
from members.models import Message, User
from members.sealing import OtherKey, unseal
from members.second_factor import WaitForSecondFactor
from tests.factories.members import PASSWORD, make_superuser, make_user

pytestmark = pytest.mark.django_db
INDEX, SECURITY = "admin:index", "members:security"


@pytest.fixture(autouse=True)
def _strict(settings: Settings) -> None:
    settings.SECOND_FACTOR_EXEMPT_DOMAIN = ""
    settings.ACCOUNT_RATE_LIMITS = False


def code_of(secret: str) -> str:
    """What an application shows now."""
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def sign_in(user: User, client: Client | None = None, agent: str = "") -> Client:
    client = client or Client(headers={"user-agent": agent} if agent else None)
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


def with_application(user: User) -> str:
    """Give someone an application of codes; returns its secret."""
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


@pytest.mark.parametrize(
    ("role", "has_factor", "landing"),
    [
        ("coworker", False, "/"),
        ("volunteer", False, "/"),
        ("manager", False, "/moi/securite/"),
        ("manager", True, "/gestion/"),
        ("treasurer", True, "/gestion/"),
    ],
)
def test_signing_in_leads_each_role_to_its_page_and_next_where_it_was_asked(
    role: str, has_factor: bool, landing: str
) -> None:
    user = make_user(role=role)
    secret = with_application(user) if has_factor else ""
    for more, expected in (({"next": "/contact/"}, "/contact/"), ({}, landing)):
        client = Client()
        answer = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD, **more})
        if secret:
            cache.clear()  # a code serves once
            answer = client.post(answer.headers["Location"], {"code": code_of(secret), **more})
        assert answer.headers["Location"] == expected


@pytest.mark.parametrize("role", ["manager", "treasurer"])
def test_gestion_waits_for_a_second_factor_which_a_client_adds_with_an_application(
    role: str, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    user = make_user(role=role)
    client = sign_in(user)
    assertRedirects(client.get(reverse(INDEX)), reverse(SECURITY))
    assertContains(client.get(reverse(SECURITY)), "la gestion s’ouvrent dès que")
    add = reverse("mfa_activate_totp")
    confirm = client.get(add)
    assert confirm.headers["Location"].startswith(reverse("account_reauthenticate"))
    client.post(confirm.headers["Location"], {"password": PASSWORD})
    page = client.get(add)
    secret = re.search(r'class="secret">(\w+)<', page.content.decode())
    assert secret is not None
    assertContains(page, 'href="otpauth://totp/')
    refused = client.post(add, {"code": "000000"})
    assertContains(refused, "Ce code ou cette clé ne convient pas.")
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(add, {"code": code_of(secret[1])})
    assertRedirects(done, reverse("mfa_view_recovery_codes"))
    assert client.get(reverse(INDEX)).status_code == 200
    assert Message.objects.filter(template="account/totp_activated", to=user.email).exists()


def test_no_page_but_those_that_lead_to_one_opens_to_staff_without_a_second_factor() -> None:
    asked = RequestFactory(headers={"cookie": f"{django_settings.SESSION_COOKIE_NAME}=x"}).get("/")
    waiting = WaitForSecondFactor(lambda request: HttpResponse())

    def opened(user: User) -> set[str]:
        asked.user = user
        return {name for _route, name, view in walk() if waiting.process_view(asked, view, (), {}) is None}

    assert opened(make_user(role="volunteer")) == {name for _route, name, _view in walk()}
    for user in (make_user(role="treasurer"), make_superuser()):
        rooms = {name.rpartition(".")[0] for name in opened(user)}
        assert {room for room in rooms if not room.startswith(("allauth.", "cantine.mailbox"))} == {
            "cantine.crawlers",
            "cantine.health",
            "cantine.watching.views",
            "members.account_urls",
            "members.views.language",
            "members.views.pages",
            "members.views.security",
        }
    client = sign_in(make_user(role="manager"))
    for page in ("home", "events:mine", "members:me"):
        assertRedirects(client.get(reverse(page)), reverse(SECURITY))
    assertContains(client.get(reverse(SECURITY)), reverse("account_logout"))
    client.post(reverse("account_logout"))
    assert client.get(reverse("home")).status_code == 200


def test_recovery_codes_are_shown_once() -> None:
    user = make_user(role="manager")
    client = sign_in(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    with_application(user)
    first, again = (client.get(reverse("mfa_view_recovery_codes")).content.decode() for _ in range(2))
    codes = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
    assert codes[0] in first
    assert not any(code in again for code in codes)


def test_signing_in_asks_for_the_code_or_for_a_recovery_code_which_counts_once() -> None:
    user = make_user(role="manager")
    with_application(user)
    codes = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
    for expected in (True, False):
        client = sign_in(user)
        assert client.get(reverse("members:me")).status_code == 302
        answer = client.post(reverse("mfa_authenticate"), {"code": codes[0]})
        assert (answer.status_code == 302) is expected
        assert (client.get(reverse(INDEX)).status_code == 200) is expected
    right = sign_in(user)
    right.post(reverse("mfa_authenticate"), {"code": code_of("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")})
    assert right.get(reverse(INDEX)).status_code == 200


def test_the_other_ways_in_do_not_go_round_the_second_factor() -> None:
    user = make_user(role="manager")
    with_application(user)
    client = Client()
    client.post(reverse("account_request_login_code"), {"email": user.email})
    code = Message.objects.get(template="account/login_code").ids["code"]
    client.post(reverse("account_confirm_login_code"), {"code": code})
    assert client.get(reverse("members:me")).status_code == 302
    assert client.get(reverse("mfa_authenticate")).status_code == 200


def test_demonstration_logins_on_the_embedded_database_open_gestion_without(settings: Settings) -> None:
    settings.SECOND_FACTOR_EXEMPT_DOMAIN = "cantine.example"
    assert sign_in(make_user(role="manager")).get(reverse(INDEX)).status_code == 200
    real = make_user(role="manager", email="maud@cantine.example.org")
    assertRedirects(sign_in(real).get(reverse(INDEX)), reverse(SECURITY))


def test_who_lost_everything_is_let_back_in_from_the_command_line_without_factor_or_session() -> None:
    user = make_superuser()
    with_application(user)
    client = sign_in(user)
    client.post(reverse("mfa_authenticate"), {"code": code_of("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")})
    call_command("reset_second_factor", user.email.upper(), verbosity=0)
    assert not Authenticator.objects.filter(user=user).exists()
    assert client.get(reverse("members:me")).status_code == 302
    assertRedirects(sign_in(user).get(reverse(INDEX)), reverse(SECURITY))
    with pytest.raises(CommandError):
        call_command("reset_second_factor", "personne@nulle-part.example")


def test_the_database_tells_no_secret_and_a_rotated_key_still_reads_what_it_sealed(
    settings: Settings,
) -> None:
    user = make_user(role="manager")
    secret = with_application(user)
    codes = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
    kept = {row.type: row.data for row in Authenticator.objects.filter(user=user)}
    assert kept["totp"]["secret"].startswith("sealed:")
    assert kept["recovery_codes"]["seed"].startswith("sealed:")
    assert secret not in str(kept)
    settings.SIGNING_KEY_FALLBACKS = [settings.SIGNING_KEY]
    settings.SIGNING_KEY = "another-key-of-the-tests-abcdefghijklmnopqrstuvwxyz"
    factor = Authenticator.objects.get(user=user, type="totp")
    assert factor.wrap().validate_code(code_of(secret))
    assert Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes() == codes
    settings.SIGNING_KEY_FALLBACKS = []
    with pytest.raises(OtherKey):
        factor.wrap().validate_code(code_of(secret))


def test_what_was_kept_in_clear_is_read_and_the_migration_seals_it_once() -> None:
    user = make_user()
    Authenticator.objects.create(user=user, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    factor = Authenticator.objects.get(user=user)
    assert factor.wrap().validate_code(code_of("JBSWY3DPEHPK3PXP"))
    migration = import_module("members.migrations.0009_second_factors_are_sealed")
    for _twice in range(2):
        migration.sealed(apps, connection.schema_editor())
    factor.refresh_from_db()
    assert (factor.data["secret"][:7], unseal(factor.data["secret"])) == ("sealed:", "JBSWY3DPEHPK3PXP")
    migration.opened(apps, connection.schema_editor())
    factor.refresh_from_db()
    assert factor.data == {"secret": "JBSWY3DPEHPK3PXP"}


FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"
)


def test_open_sessions_are_listed_by_device_without_an_address_and_ended_one_by_one_or_together() -> None:
    user, stranger = make_user(), make_user()
    here, phone, old = (sign_in(user, agent=agent) for agent in (FIREFOX, PHONE, "curl"))
    theirs = sign_in(stranger)
    page = here.get(reverse(SECURITY))
    for words in ("Firefox, Linux", "Safari, iPhone", "Appareil inconnu", "Cet appareil"):
        assertContains(page, words)
    assert set(UserSession.objects.values_list("ip", flat=True)) == {"0.0.0.0"}
    one = UserSession.objects.get(user=user, user_agent=PHONE)
    not_mine = UserSession.objects.get(user=stranger)
    here.post(reverse("members:end_session", args=[one.pk]))
    here.post(reverse("members:end_session", args=[not_mine.pk]))
    assert [each.get(reverse("members:me")).status_code for each in (here, phone, old, theirs)] == [
        200,
        302,
        200,
        200,
    ]
    here.post(reverse("members:end_others"))
    assert [each.get(reverse("members:me")).status_code for each in (here, old, theirs)] == [200, 302, 200]
    assert Session.objects.count() >= 2


def test_a_password_that_changes_ends_the_other_sessions_and_keeps_this_one_listed() -> None:
    user = make_user()
    here, other = sign_in(user), sign_in(user, agent=PHONE)
    sent = {"oldpassword": PASSWORD, "password1": "un-autre-couvert-25", "password2": "un-autre-couvert-25"}
    here.post(reverse("account_change_password"), sent)
    assert [each.get(reverse("members:me")).status_code for each in (here, other)] == [200, 302]
    assertContains(here.get(reverse(SECURITY)), "Cet appareil")


def test_a_closed_account_and_a_role_taken_away_end_every_session_at_once() -> None:
    closed, former = make_user(), make_user(role="treasurer")
    clients = [sign_in(closed), sign_in(former)]
    boss = Client()
    boss.force_login(make_superuser(email="direction@cantine.example"))
    Authenticator.objects.create(user=User.objects.get(is_superuser=True), type="totp", data={})
    record = reverse("admin:members_user_change", args=[closed.pk])
    boss.post(record, {"name": closed.name, "language": "fr"})
    take_role(user=former, role="treasurer", by=None)
    assert not User.objects.get(pk=closed.pk).is_active
    assert [client.get(reverse("members:me")).status_code for client in clients] == [302, 302]
    assert not UserSession.objects.filter(user__in=[closed, former]).exists()
