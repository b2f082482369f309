"""Debian's Chromium for journeys: phone and desktop, with and without scripts, on the real application."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    WebError,
    expect,
    sync_playwright,
)
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.contexts import PATIENCE, Contexts, anew

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
"""The first without a window of its own, a sixth cheaper."""
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
ABSENT = "Chromium is absent: no browser journey (on Debian, apt-get install chromium-headless-shell)"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}

PLAIN = "--js-flags=--no-opt --no-maglev --no-sparkplug"
"""Scripts do the same without compilers that optimise: a page lives too short to win back their work."""

NewPage = Callable[..., Page]


def pytest_report_header() -> list[str]:
    """Say once that there is no Chromium."""
    return [] if CHROMIUM else [ABSENT]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the journeys out where there is no browser; give them real transactions where there is."""
    for item in items:
        if item.get_closest_marker("browser"):
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason=ABSENT))  # CI installs it; a newcomer may have none
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser per test worker; each test has contexts of its own."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        camera = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
        options = ["--no-sandbox", "--disable-dev-shm-usage", *camera, PLAIN]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield browser
        browser.close()


@pytest.fixture
def site(live_server: LiveServer, settings: Settings) -> str:
    """The address of the application, served by threads of this process, with its own public URL."""
    settings.PUBLIC_URL = live_server.url
    return str(live_server.url)


@pytest.fixture
def letters(settings: Settings) -> None:
    """E-mails go to the mailbox, where the browser reads them."""
    settings.EMAIL_BACKEND = "cantine.mailbox.backend.MailboxBackend"


@pytest.fixture
def console() -> list[str]:
    """What browsers complained of (CSP, scripts, missing files); not empty at the end is a failure.

    A test that asks for an error page takes its own complaints out.
    """
    return []


@pytest.fixture(scope="session")
def contexts(chromium: Browser, django_db_setup: None) -> Iterator[Contexts]:
    """Those of this worker's browser, which its tests use one after the other.

    Closed before the test database goes: the server keeps a session there for each connection of theirs.
    """
    used = Contexts(chromium)
    yield used
    used.close()


@pytest.fixture
def new_page(contexts: Contexts, site: str, console: list[str]) -> Iterator[NewPage]:
    """Open a page in a context of its own: `new_page(**PHONE, color_scheme="dark")`."""
    taken: list[BrowserContext] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            console.append(f"{message.text} ({message.location.get('url', '')})")

    def hear(error: WebError) -> None:
        console.append(str(error.error))

    def open_page(**options: Any) -> Page:
        place = {"locale": "fr-FR", "timezone_id": django_settings.TIME_ZONE, "base_url": site}
        context = contexts.take(**{**place, "reduced_motion": "reduce", **options})
        taken.append(context)
        context.on("console", listen)
        context.on("weberror", hear)
        return anew(context, site)

    yield open_page
    for context in taken:
        context.clear_cookies()  # a call, in whose wait the last complaints come in
        context.remove_listener("console", listen)
        context.remove_listener("weberror", hear)
        contexts.give_back(context)
    assert console == [], "the browser complained"


@pytest.fixture
def phone(new_page: NewPage) -> Page:
    """A page on a phone."""
    return new_page(**PHONE)


@pytest.fixture
def desktop(new_page: NewPage) -> Page:
    """A page on a desktop."""
    return new_page(**DESKTOP)


@pytest.fixture
def phone_without_script(new_page: NewPage) -> Page:
    """A page on a phone whose browser runs no JavaScript."""
    return new_page(**PHONE, java_script_enabled=False)
