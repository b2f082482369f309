"""What people do on the pages, in their words; journeys are made of these steps."""

import re
from contextlib import suppress

from django.conf import settings
from django.test import Client
from playwright.sync_api import Locator, Page, TimeoutError, expect

from cantine.mailbox.box import Letter, newest
from members.formats import day
from members.models import User
from tests.browser.contexts import PATIENCE
from tests.browser.hands import work
from tests.browser.world import House
from tests.fixtures_standin import GOOD

CODE = re.compile(r"\b\d{6}\b")
TAPS = 3


def sign_in(page: Page, user: User) -> None:
    """Give the browser a session of `user`: signing in itself has a journey of its own."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": settings.PUBLIC_URL}]
    )


def button(page: Page, text: str) -> Locator:
    """The visible button that says `text`: some are there twice, in ticket and bar."""
    return page.get_by_role("button", name=text).locator("visible=true").first


def link(page: Page, text: str) -> Locator:
    """The visible link of the page itself that says `text`."""
    return page.get_by_role("main").get_by_role("link", name=text).locator("visible=true").first


def choose_desk_tomorrow(page: Page, house: House, number: int) -> None:
    """From the home page to a desk chosen, tomorrow morning."""
    page.goto("/")
    link(page, "Réserver un poste").click()
    page.locator(f"#jour-{house.tomorrow}").click()
    expect(page.locator(f"#jour-{house.tomorrow}[aria-current]")).to_be_visible()
    expect(page).to_have_title(re.compile(day(house.tomorrow, "fr")))
    link(page, "Matin").click()
    expect(page.locator("a.segment[aria-current]")).to_contain_text("Matin")
    choose(page, number)


def choose(page: Page, number: int) -> None:
    """Choose a desk of the list, which is the plan in words.

    On a busy machine a tap can fall while the page still moves under it, and is lost: it is given again, as a
    person would.
    """
    chosen = page.locator("#reserver h2", has_text=re.compile(rf"^\s*Poste {number}\s*$"))
    for _ in range(TAPS):
        page.locator(f"#ligne-{number}").click()
        with suppress(TimeoutError):
            chosen.wait_for(state="attached", timeout=PATIENCE / TAPS)
            break
    expect(chosen).to_be_attached()


def sign_up(page: Page, address: str, name: str) -> None:
    """From « Se connecter » to an account, verified by the code of the e-mail."""
    link(page, "Créer un compte").click()
    page.get_by_label("Adresse").fill(address)
    page.get_by_label("Prénom et nom").fill(name)
    page.get_by_label("Mot de passe").fill("la-table-est-mise-24")
    button(page, "Créer mon compte").click()
    type_code(page, address)


def type_code(page: Page, address: str) -> None:
    """Type the code of the newest e-mail into the form that asks for it."""
    expect(page.get_by_label("Code")).to_be_visible()
    asked = page.url
    work()
    found = CODE.search(letter_to(address, "votre code").text)
    assert found, "the e-mail carries no code"
    page.get_by_label("Code").fill(found[0])
    page.get_by_role("main").locator("form button").first.click()
    page.wait_for_url(lambda url: url != asked)


def letter_to(address: str, subject: str) -> Letter:
    """The newest e-mail to `address` whose subject has these words, read beside the browser."""
    said = re.compile(subject, re.IGNORECASE)
    return next(each for each in newest(address) if said.search(plain(str(each.mail["Subject"]))))


def plain(text: str) -> str:
    """A text with plain spaces, as the browser compares them: a letter breaks its lines."""
    return " ".join(text.split())


def open_letter(page: Page, address: str, subject: str) -> None:
    """Open the newest e-mail to `address` whose subject has these words."""
    page.goto(f"/courrier/?a={address}")
    page.get_by_role("main").get_by_role("link", name=re.compile(subject, re.IGNORECASE)).first.click()
    expect(page.locator(".letter-text")).to_be_visible()


def pay_by_card(page: Page) -> None:
    """On the payment page of the stand-in: choose a test card, pay, come back."""
    page.wait_for_url("**/c/pay/**")
    page.locator(f'a[href*="carte={GOOD}"]').click()
    page.get_by_role("button", name="Payer").click()


def download(page: Page, address: str) -> bytes:
    """Fetch a file with the session of the browser."""
    answer = page.request.get(address)
    assert answer.ok, answer.status
    return answer.body()
