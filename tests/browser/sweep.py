"""What is looked at on every page: axe, the console, sideways scroll, one h1, the language."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

PHONE_WIDTH, DESKTOP_WIDTH = 320, 1280
"""The narrowest phone: what fits there fits on those of 390."""
Scheme = Literal["light", "dark"]
Ways = Sequence[tuple[Scheme, int]]
SCRIPT = Axe().axe_script + Path(__file__).with_name("sweep.js").read_text(encoding="utf-8")
THREE: Ways = (("light", DESKTOP_WIDTH), ("light", PHONE_WIDTH), ("dark", PHONE_WIDTH))
"""By day on a desktop, then what a phone lays out otherwise, then at night, where only colours differ.

On a desktop in the soak only: see `look_every_way`.
"""
TWO: Ways = (("light", DESKTOP_WIDTH), ("dark", DESKTOP_WIDTH))
ONE: Ways = (("light", DESKTOP_WIDTH),)
"""For the many pages made from one template, of which some are looked at in `TWO`."""
_every_way = False
_seen: dict[Scheme, set[str]] = {"light": set(), "dark": set()}
"""The kinds of text whose colours were looked at in this run: the dearest rules, once for each kind.

Widths change no colour.
"""


def look_every_way(*, yes: bool) -> None:
    """Whether pages of `THREE` ways are looked at on a desktop too: what it shows, a phone shows below."""
    global _every_way  # noqa: PLW0603
    _every_way = yes


def _now(ways: Ways) -> Ways:
    return ways[1:] if ways == THREE and not _every_way else ways


def look_at(page: Page, address: str, *, status: int = 200, ways: Ways = THREE) -> list[str]:
    """Open a page once and find what is wrong with it, phone and desktop, light and dark."""
    _show(page, *_now(ways)[0])
    answer = page.goto(address)
    problems = [] if answer and answer.status == status else [f"status {answer and answer.status}"]
    return [f"{address}: {problem}" for problem in problems + look(page, ways=ways)]


def look(page: Page, *, ways: Ways = THREE) -> list[str]:
    """Find what is wrong with the page that is open."""
    problems = []
    if page.locator("h1").count() != 1:
        problems.append(f"{page.locator('h1').count()} h1")
    if page.locator("html").get_attribute("lang") not in {"fr", "en"}:
        problems.append("no language")
    page.evaluate(SCRIPT)
    for scheme, width in _now(ways):
        _show(page, scheme, width)
        problems += [f"{scheme} {width}: {each}" for each in violations(page, scheme)]
    _show(page, ways[-1][0], PHONE_WIDTH)
    if wide := page.evaluate("() => sweep.sideways()"):
        problems.append(f"scrolls sideways at {PHONE_WIDTH}: {wide}")
    return problems


def _show(page: Page, scheme: Scheme, width: int) -> None:
    """Change only what differs: each change lays the page out anew."""
    if page.viewport_size != _size(width):
        page.set_viewport_size(_size(width))
    page.emulate_media(color_scheme=scheme)


def violations(page: Page, scheme: Scheme) -> list[str]:
    """What axe finds, each with the first element it means; only colours differ at night."""
    found: list[dict[str, Any]] = page.evaluate("() => sweep.rules()") if scheme == "light" else []
    colours = page.evaluate("(seen) => sweep.colours(seen)", sorted(_seen[scheme]))
    _seen[scheme].update(colours["kinds"])
    found += colours["violations"]
    return [f"{each['id']} {' '.join(each['nodes'][0]['html'].split())[:160]}" for each in found]


def _size(width: int) -> ViewportSize:
    return {"width": width, "height": 900}


def swept(page: Page, addresses: list[str], *, ways: Ways = THREE) -> None:
    """Look at each, and say everything that is wrong at once."""
    problems = [problem for address in addresses for problem in look_at(page, address, ways=ways)]
    assert problems == [], "\n" + "\n".join(problems)
