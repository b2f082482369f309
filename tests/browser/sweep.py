"""What is looked at on every page: axe, the console, sideways scroll, one h1, the language."""

from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary, WeakSet

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

PHONE_WIDTH, DESKTOP_WIDTH = 320, 1280
"""The narrowest phone: what fits there fits on those of 390."""
Scheme = Literal["light", "dark"]
Ways = tuple[tuple[Scheme, int], ...]
ASK = "(what) => window.sweep ? sweep(what) : null"
SCRIPT = Axe().axe_script + Path(__file__).with_name("sweep.js").read_text(encoding="utf-8")
THREE: Ways = (("light", DESKTOP_WIDTH), ("light", PHONE_WIDTH), ("dark", PHONE_WIDTH))
"""By day on a desktop, then what a phone lays out otherwise, then at night, where only colours differ."""
TWO: Ways = (("light", DESKTOP_WIDTH), ("dark", DESKTOP_WIDTH))
ONE: Ways = (("light", DESKTOP_WIDTH),)
"""For the many pages made from one template, of which some are looked at in `TWO`."""
IN_EVERY_RUN: dict[Ways, Ways] = {
    THREE: (("light", PHONE_WIDTH), ("dark", PHONE_WIDTH)),
    TWO: (("light", DESKTOP_WIDTH), ("dark", PHONE_WIDTH)),
    ONE: (("light", PHONE_WIDTH),),
}
"""The ways in which a page is looked at outside the soak, where it is in all: see `look_every_way`.

What a desktop shows of a page of `THREE`, a phone shows below, and so at night with `TWO`.
"""
_every_way = False
_seen: dict[Scheme, set[str]] = {"light": set(), "dark": set()}
"""The kinds of text whose colours were looked at in this run: the dearest rules, once for each kind.

Widths change no colour.
"""
_ready: WeakSet[Page] = WeakSet()
"""The pages that bring the script with them: cheaper than to send it to each address that is open."""
_shown: WeakKeyDictionary[Page, tuple[Scheme, int]] = WeakKeyDictionary()
"""How a page was left: the next is opened so, and looked at in the other order."""


def look_every_way(*, yes: bool) -> None:
    """Whether pages are looked at in all their ways."""
    global _every_way  # noqa: PLW0603
    _every_way = yes


def look_at(page: Page, address: str, *, status: int = 200, ways: Ways = THREE) -> list[str]:
    """Open a page once and find what is wrong with it, phone and desktop, light and dark."""
    if page not in _ready:
        page.add_init_script(SCRIPT)
        _ready.add(page)
    _show(page, *_in_order(page, ways)[0])
    answer = page.goto(address)
    problems = [] if answer and answer.status == status else [f"status {answer and answer.status}"]
    if urlsplit(page.url).path != urlsplit(address).path:
        problems.append(f"leads to {page.url}")
    return [f"{address}: {problem}" for problem in problems + look(page, ways=ways)]


def look(page: Page, *, ways: Ways = THREE) -> list[str]:
    """Find what is wrong with the page that is open."""
    problems: list[str] = []
    found: dict[str, Any] = {}
    asked = _asked(ways)
    for scheme, width in _in_order(page, ways):
        _show(page, scheme, width)
        asks = asked[scheme, width]
        found = _answer(page, {"width": width, "asks": asks, "seen": "\n".join(_seen[scheme])})
        _seen[scheme].update(found["kinds"].splitlines())
        problems += [
            f"{scheme} {width}: {each['id']} {' '.join(each['html'].split())[:160]}"
            for each in found["violations"]
        ]
        if found["width"] != width:
            problems.append(f"measured at {found['width']}, not at {width}")
        if found["wide"]:
            problems.append(f"scrolls sideways at {width}: {found['wide']}")
    if found["headings"] != 1:
        problems.append(f"{found['headings']} h1")
    if found["language"] not in {"fr", "en"}:
        problems.append("no language")
    return problems


def _answer(page: Page, what: dict[str, Any]) -> dict[str, Any]:
    """Ask the script that the page brought with it, or bring it to a page that was open before."""
    found = page.evaluate(ASK, what)
    if found is None:
        page.evaluate(SCRIPT)
        found = page.evaluate(ASK, what)
    return dict(found)


def _asked(ways: Ways) -> dict[tuple[Scheme, int], list[str]]:
    """What is asked about the page in each way; only colours differ at night, and only a phone is narrow."""
    now = ways if _every_way else IN_EVERY_RUN.get(ways, ways)
    asked = {way: ["rules", "colours"] if way[0] == "light" else ["colours"] for way in now}
    asked.setdefault((now[-1][0], PHONE_WIDTH), []).append("sideways")
    return asked


def _in_order(page: Page, ways: Ways) -> list[tuple[Scheme, int]]:
    """The ways, from the one in which the page stands: each change lays it out and paints it anew."""
    order = [*_asked(ways)]
    return order[::-1] if _shown.get(page) == order[-1] else order


def _show(page: Page, scheme: Scheme, width: int) -> None:
    """Change only what differs."""
    if not page.viewport_size or page.viewport_size["width"] != width:
        page.set_viewport_size({"width": width, "height": 900})
    if page not in _shown or _shown[page][0] != scheme:
        page.emulate_media(color_scheme=scheme)
    _shown[page] = (scheme, width)


def swept(page: Page, addresses: list[str], *, ways: Ways = THREE) -> None:
    """Look at each, and say everything that is wrong at once."""
    problems = [problem for address in addresses for problem in look_at(page, address, ways=ways)]
    assert problems == [], "\n" + "\n".join(problems)
