"""What a first view weighs, and whether it holds still: 150 kB compressed, 30 kB of own script, CLS 0."""

import gzip
from functools import cache
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Response

from bookings.models import Booking
from cantine.demo import rentals
from tests.browser import steps
from tests.browser.contexts import anew
from tests.browser.fixtures import DESKTOP, PHONE, NewPage
from tests.browser.world import make_house
from tests.factories.bookings import SINCE, make_booking, make_confirmed
from tests.factories.members import make_user

pytestmark = pytest.mark.browser
VIEW, SCRIPT = 150_000, 30_000
PACKED = (".woff2", ".png", ".jpg", ".webp")
STILL = 0.001  # the eye sees a hundred times as much (web.dev: good below 0.1)
# Layout shifts since the page began, but those behind a click or a key: their sum, and what moved where.
SHIFTS = """() => new Promise((tell) => {
  const found = { sum: 0, moved: [] };
  const place = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(" ");
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries().filter((each) => !each.hadRecentInput)) {
      found.sum += entry.value;
      for (const { node, previousRect, currentRect } of entry.sources) {
        const name = (node?.outerHTML ?? node?.data ?? "").slice(0, 80);
        found.moved.push(`${entry.startTime} ms: ${name}: ${place(previousRect)} > ${place(currentRect)}`);
      }
    }
  }).observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => tell(found), 50)));
})"""


def packed(response: Response) -> int:
    """What travels: the tests' server does not compress, the real ones do."""
    body = response.body()
    return len(body) if urlsplit(response.url).path.endswith(PACKED) else compressed(body)


@cache
def compressed(body: bytes) -> int:
    """Style and scripts come with each page: they are compressed once."""
    return len(gzip.compress(body, 9))


def answers_to(page: Page) -> list[Response]:
    """What the page fetches from now on."""
    found: list[Response] = []

    def hear(answer: Response) -> None:
        found.append(answer)

    page.on("response", hear)
    return found


def slowly(page: Page) -> None:
    """As on a telephone of some years ago: what is drawn of half a page would be seen to move."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})


def test_first_views_are_light_and_hold_still(new_page: NewPage, site: str) -> None:
    house, user = make_house(), make_user()
    rentals.build_spaces(house.site, since=SINCE)
    held = make_booking(space=house.desk(8), period=house.morning(), user=user, now=timezone.now())
    make_confirmed(space=house.desk(9), period=house.hours(13, 18), user=user, now=timezone.now())
    assert held.line
    pay = f"/commandes/{held.line.order.public_id}/payer/"
    for place, pages in (
        (PHONE, ("/", house.desks(), house.rooms("pommier"), "/rouen/louer/", "/rouen/louer/quai/")),
        (DESKTOP, ("/", house.desks(7), pay, "/moi/reservations/", house.rooms("pommier"))),
    ):
        first = new_page(**place)
        for number, address in enumerate(pages):
            page = anew(first.context, site)
            if place is DESKTOP and number:
                steps.sign_in(page, user)
            answers = answers_to(page)
            if "salles" in address:
                slowly(page)
            page.goto(address)
            page.wait_for_function("() => document.fonts.status === 'loaded'")
            shifts = page.evaluate(SHIFTS)
            assert shifts["sum"] < STILL, (address, *shifts["moved"])
            weights = {answer.url: packed(answer) for answer in answers}
            scripts = {
                url: size for url, size in weights.items() if url.endswith(".js") and "htmx" not in url
            }
            names = {url.rsplit("/", 1)[1] for url in weights}
            assert {"site.css", "figtree.woff2"} <= names, "something was kept of the page before"
            assert sum(weights.values()) <= VIEW, (address, weights)
            assert sum(scripts.values()) <= SCRIPT, (address, scripts)
            assert all(urlsplit(url).netloc == urlsplit(page.url).netloc for url in weights)
    assert Booking.objects.count() == 2
