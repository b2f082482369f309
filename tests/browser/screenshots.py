"""Take the pictures of docs/screenshots from a running demonstration.

    .venv/bin/python -m tests.browser.screenshots --url http://localhost:8000 --password essai-de-cantine

It books two desks as the demonstration's coworker and pays one on the payment stand-in. Needs Chromium, and
pdftoppm for the invoice.
"""

import argparse
import re
import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.fixtures import CHROMIUM, DESKTOP, PHONE
from tests.fixtures_standin import GOOD

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LOOKS = [(place, scheme) for place in ("phone", "desktop") for scheme in SCHEMES]
PLACES: dict[str, dict[str, Any]] = {"phone": PHONE, "desktop": DESKTOP}
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
SEEN_BY_THE_MANAGER = {
    "manager-today": "/gestion/",
    "manager-list": "/gestion/bookings/booking/",
    "manager-rentals": "/gestion/locations/",
}
ASKER = "ada.projet@cantine.example"
"""Who has a quote that waits for an answer (cantine/demo/projects.py)."""
TALLEST = 2200
"""A page longer than this is cut, in CSS pixels."""
COLOURS = 224
SITE = "rouen"


def main() -> None:
    """Read the arguments and take every picture."""
    parser = argparse.ArgumentParser(description="Take the pictures of docs/screenshots.")
    parser.add_argument("--url", default="http://localhost:8000")
    parser.add_argument("--password", required=True, help="the demonstration's")
    asked = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        take_all(browser, asked.url, asked.password)
        browser.close()


def take_all(browser: Browser, url: str, password: str) -> None:
    """Every page in every look; what is booked is booked once, on the first look."""
    made: dict[str, str] = {}
    for place, scheme in LOOKS:
        context = browser.new_context(
            base_url=url, locale="fr-FR", color_scheme=scheme, reduced_motion="reduce", **PLACES[place]
        )
        page, look = context.new_page(), f"{place}-{scheme}"
        shoot(page, "home", look, "/")
        shoot_events(page, look)
        shoot(page, "rent", look, f"/{SITE}/louer/?espace=quai")
        shoot(page, "quote", look, followed(page))
        sign_in(page, "coworker@cantine.example", password)
        made = made or book_and_pay(page)
        for name, address in made.items():
            shoot(page, name, look, address)
        context.clear_cookies()
        sign_in(page, "volunteer@cantine.example", password)
        shoot(page, "publish", look, "/evenements/proposer/")
        context.clear_cookies()
        sign_in(page, "manager@cantine.example", password)
        for name, address in SEEN_BY_THE_MANAGER.items():
            if place == "desktop" or name == "manager-rentals":
                shoot(page, name, look, address)
        context.close()


def shoot_events(page: Page, look: str) -> None:
    """The agenda and the first event of it, as a visitor sees them."""
    shoot(page, "events", look, "/evenements/")
    first = page.locator('main a[href^="/evenements/"][href*="-20"]').first
    shoot(page, "event", look, first.get_attribute("href") or "")


def sign_in(page: Page, address: str, password: str) -> None:
    """By the form, as anyone."""
    page.goto("/compte/connexion/")
    page.get_by_label("Adresse électronique").fill(address)
    page.get_by_label("Mot de passe").fill(password)
    page.get_by_role("main").get_by_role("button").first.click()
    page.wait_for_url(lambda url: "/connexion/" not in url)


def book_and_pay(page: Page) -> dict[str, str]:
    """One desk paid, one held until its payment; the addresses of what there is to see then."""
    day = page.request.get("/reserver/").url.rstrip("/").rsplit("/", 1)[1]
    day = str(date.fromisoformat(day) + timedelta(days=1))
    hold(page, day, "matin")
    pay(page)
    ticket = page.url
    draw(invoice_of(page))
    hold(page, day, "apres-midi")
    return {
        "today": "/",
        "book": f"/{SITE}/reserver/{day}/?moment=matin",
        "rooms": f"/{SITE}/salles/{day}/?salle=pommier&de=14:00&a=16:00",
        "pay": page.url,
        "confirmed": ticket,
        "bookings": "/moi/reservations/",
        "invoices": "/moi/factures/",
        "mail": letter(page),
    }


def hold(page: Page, day: str, moment: str) -> None:
    """Choose the first free desk of a half-day and go on to its payment."""
    page.goto(f"/{SITE}/reserver/{day}/?moment={moment}")
    page.locator("a[data-choose]").nth(6).click()
    page.wait_for_url("**poste=**")
    page.locator("button[form=reserver]:visible, #reserver button:visible").first.click()
    page.wait_for_url("**/payer/")


def pay(page: Page) -> None:
    """By card, on the stand-in."""
    if (start := page.locator("input[name=start]")).count():
        start.check()
    page.locator("#payer button").click()
    page.wait_for_url("**/c/pay/**")
    page.locator(f'a[href*="carte={GOOD}"]').click()
    page.get_by_role("button", name="Payer").click()
    page.wait_for_url("**/moi/reservations/**")


def invoice_of(page: Page) -> bytes:
    """The invoice of the ticket, once the worker has made its PDF."""
    address = page.locator('main a[href^="/moi/factures/"]').first.get_attribute("href") or ""
    for _wait in range(60):
        answer = page.request.get(address)
        if answer.body().startswith(b"%PDF"):
            return answer.body()
        page.wait_for_timeout(1000)
    raise SystemExit(f"{address} is not there yet: is the worker running?")


def draw(content: bytes) -> None:
    """The first page of a PDF as a picture, where poppler is there."""
    if shutil.which("pdftoppm") is None:
        return
    target = FOLDER / "invoice"
    command = ["pdftoppm", "-png", "-r", "80", "-f", "1", "-singlefile", "-", str(target)]
    subprocess.run(command, input=content, check=True)
    shrink(target.with_suffix(".png"))


def letter(page: Page) -> str:
    """The newest confirmation in the mailbox, as it is formatted."""
    return f"{letter_to(page, 'coworker@cantine.example', 'confirmée')}html/"


def followed(page: Page) -> str:
    """The private page of who has a quote to answer, by the link in its letter."""
    page.goto(letter_to(page, ASKER, "Votre devis"))
    found = re.search(r"/louer/demande/[^/\s]+/", page.locator(".letter-text").inner_text())
    if found is None:
        raise SystemExit(f"the letter to {ASKER} has no link")
    return found.group()


def letter_to(page: Page, address: str, subject: str) -> str:
    """The newest letter about something, once the worker has sent it."""
    found = page.get_by_role("main").get_by_role("link", name=re.compile(subject))
    for _wait in range(60):
        page.goto(f"/courrier/?a={address}")
        if found.count():
            break
        page.wait_for_timeout(1000)
    return found.first.get_attribute("href") or ""


def shoot(page: Page, name: str, look: str, address: str) -> None:
    """Open a page and take its picture."""
    size = SIZES[look.partition("-")[0]]
    page.set_viewport_size({"width": size[0], "height": size[1]})
    answer = page.goto(address)
    if answer is None or not answer.ok:
        raise SystemExit(f"{address} answered {answer and answer.status}")
    page.wait_for_load_state("networkidle")
    # A window as high as the page, so that what sticks to its edge is at the edge.
    tall = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size[0], "height": max(size[1], min(TALLEST, tall))})
    target = FOLDER / f"{name}-{look}.png"
    page.screenshot(path=target)
    shrink(target)


def shrink(picture: Path) -> None:
    """Few colours: flat pages lose nothing that one sees."""
    with Image.open(picture) as image:
        small = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(picture, optimize=True)


if __name__ == "__main__":
    main()
