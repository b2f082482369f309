"""What a production refuses, and what it then has."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cantine.production import problems

ROOT = Path(__file__).resolve().parent.parent.parent
LONG = "for-tests-only-abcdefghijklmnopqrstuvwxyz-0123456789"
SAFE = {
    "ALLOWED_HOSTS": "cantine.example",
    "DATABASE_URL": "postgres://user:password@database.example/cantine",
    "DEFAULT_FROM_EMAIL": "bonjour@cantine.example",
    "EMAIL_URL": "smtp+tls://user:password@mail.example:587",
    "PUBLIC_URL": "https://cantine.example",
    "REDIS_URL": "redis://redis.example:6379/0",
    "SECRET_KEY": LONG,
    "SIGNING_KEY": LONG,
    "STRIPE_SECRET_KEY": "sk_live_abc",
    "STRIPE_WEBHOOK_SECRET": "whsec_abc",
}
ASK = """
from django.conf import settings
for name in ("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "DEBUG", "EMAIL_BACKEND"):
    print(getattr(settings, name))
print(settings.SECURE_HSTS_SECONDS > 0, settings.ALLOWED_HOSTS, settings.EMAIL_USE_TLS)
print(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"])
"""


def in_production(command: list[str], folder: Path, **changed: str) -> subprocess.CompletedProcess[str]:
    """Run a program with the environment of a production, where nothing embedded may appear."""
    env = {"PATH": os.environ["PATH"], "CANTINE_ENV": "production", "DATA_DIR": str(folder / "data")}
    env |= {"DJANGO_SETTINGS_MODULE": "cantine.settings", **SAFE, **changed}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )


def test_a_complete_environment_is_accepted() -> None:
    assert problems(SAFE) == []


def test_cards_may_be_off() -> None:
    without_cards = {**SAFE, "STRIPE_SECRET_KEY": "off", "STRIPE_WEBHOOK_SECRET": ""}
    assert problems(without_cards) == []


def test_a_trial_says_so_and_may_use_test_keys() -> None:
    assert problems({**SAFE, "STRIPE_SECRET_KEY": "sk_test_abc", "STRIPE_TEST": "1"}) == []


@pytest.mark.parametrize("name", sorted(SAFE))
def test_what_is_missing_is_one_line_that_names_it(name: str) -> None:
    found = problems({key: value for key, value in SAFE.items() if key != name})
    assert len(found) == 1
    assert found[0].startswith(name)
    assert "\n" not in found[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("SIGNING_KEY", "short"),
        ("PUBLIC_URL", "http://cantine.example"),
        ("STRIPE_SECRET_KEY", "pk_live_abc"),
        ("STRIPE_SECRET_KEY", "sk_test_abc"),
        ("STRIPE_SECRET_KEY", "rk_test_abc"),
        ("STRIPE_TEST", "1"),
        ("STRIPE_API_BASE", "http://127.0.0.1:8001"),
        ("STRIPE_WEBHOOK_SECRET", "abc"),
        ("DEMO", "1"),
        ("ALLOWED_HOSTS", "*"),
        ("EMAIL_URL", "consolemail://"),
    ],
)
def test_what_is_unsafe_is_refused(name: str, value: str) -> None:
    found = problems({**SAFE, name: value})
    assert [line.split()[0] for line in found] == [name]


def test_manage_says_it_in_lines_without_a_traceback_and_starts_nothing(tmp_path: Path) -> None:
    done = in_production(["manage.py", "migrate"], tmp_path, SECRET_KEY="", DATABASE_URL="")
    assert done.returncode == 1
    assert [line.split()[0] for line in done.stderr.splitlines()] == ["DATABASE_URL", "SECRET_KEY"]
    assert not (tmp_path / "data").exists()


def test_a_production_is_closed_and_sends_forms_to_stripe_only(tmp_path: Path) -> None:
    done = in_production(["-c", ASK], tmp_path)
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        *("True", "True", "True", "False", "django.core.mail.backends.smtp.EmailBackend"),
        "True ['cantine.example'] True",
        "[\"'self'\", 'https://checkout.stripe.com']",
    ]


def test_run_is_not_for_production(tmp_path: Path) -> None:
    done = in_production(["manage.py", "run", "--skip-checks"], tmp_path)
    assert done.returncode != 0
    assert "docs/operations.md" in done.stderr
    assert not (tmp_path / "data").exists()


def test_behind_a_proxy_its_visitor_is_counted_and_every_cookie_is_secure(tmp_path: Path) -> None:
    ask = "from django.conf import settings as s\n"
    ask += "print(s.ALLAUTH_TRUSTED_PROXY_COUNT, s.LANGUAGE_COOKIE_SECURE)"
    assert in_production(["-c", ask], tmp_path).stdout == "1 True\n"
    assert in_production(["-c", ask], tmp_path, TRUSTED_PROXIES="2").stdout == "2 True\n"
