"""What is looked at on every page: axe, the console, sideways scroll, one h1, the language."""

from collections.abc import Sequence
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

PHONE_WIDTH, DESKTOP_WIDTH = 320, 1280
"""The narrowest phone: what fits there fits on those of 390."""
Ways = Sequence[tuple[Literal["light", "dark"], int]]
SCRIPT = Axe().axe_script
# Colours still on their way to the other scheme would be measured half-way; what inherits them follows.
AXE = """async ({ only, without, within }) => {
  for (let frame = 0; frame < 4; frame += 1) {
    for (const each of document.getAnimations()) each.finish();
    await new Promise(requestAnimationFrame);
  }
  const options = { resultTypes: ["violations"], iframes: false, preload: false };
  if (only) options.runOnly = { type: "rule", values: only };
  if (without) options.rules = Object.fromEntries(without.map((rule) => [rule, { enabled: false }]));
  const part = within && document.querySelector(within) ? { include: [within] } : document;
  return axe.run(part, options).then((found) => found.violations);
}"""
COLOURS = ["color-contrast", "link-in-text-block"]
"""What colours decide: the dearest rules, and all that can differ in the dark. Widths change no colour."""
# A busy machine lays out a page of a new width some frames late: it is given sixty.
SIDEWAYS = """async () => {
  await document.fonts.ready;
  const { documentElement: root } = document;
  for (let frame = 0; frame < 60; frame += 1) {
    await new Promise(requestAnimationFrame);
    if (frame > 2 && root.scrollWidth <= root.clientWidth) return "";
  }
  const width = root.clientWidth;
  const shut = (each) => getComputedStyle(each).overflowX !== "visible";
  const clips = (each) => each && (shut(each) || clips(each.parentElement));
  const over = (each) => each.getBoundingClientRect().right > width + 1 && !clips(each.parentElement);
  const wide = [...document.body.querySelectorAll("*")].filter(over);
  return wide.slice(0, 3).map((each) => each.outerHTML.slice(0, 120)).join(" ") || "something";
}"""
THREE: Ways = (("light", DESKTOP_WIDTH), ("light", PHONE_WIDTH), ("dark", PHONE_WIDTH))
"""Everything by daylight on a desktop, then what a phone lays out otherwise, then the colours at night."""
TWO: Ways = (("light", DESKTOP_WIDTH), ("dark", DESKTOP_WIDTH))
ONE: Ways = (("light", DESKTOP_WIDTH),)
"""For the many pages made from one template, of which some are looked at in `TWO`."""


def look_at(
    page: Page, address: str, *, status: int = 200, ways: Ways = THREE, frame: bool = True
) -> list[str]:
    """Open a page once and find what is wrong with it, phone and desktop, light and dark.

    Without `frame` the colours of its head and foot at night are left out: another page showed them.
    """
    answer = page.goto(address)
    problems = [] if answer and answer.status == status else [f"status {answer and answer.status}"]
    if page.locator("h1").count() != 1:
        problems.append(f"{page.locator('h1').count()} h1")
    if page.locator("html").get_attribute("lang") not in {"fr", "en"}:
        problems.append("no language")
    page.evaluate(SCRIPT)
    for scheme, width in ways:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        problems += [f"{scheme} {width}: {each}" for each in violations(page, scheme, width, frame=frame)]
    page.set_viewport_size({"width": PHONE_WIDTH, "height": 900})
    if wide := page.evaluate(SIDEWAYS):
        problems.append(f"scrolls sideways at {PHONE_WIDTH}: {wide}")
    return [f"{address}: {problem}" for problem in problems]


def violations(page: Page, scheme: str, width: int, *, frame: bool = True) -> list[str]:
    """What axe finds, each with the first element it means."""
    only = COLOURS if scheme == "dark" else None
    within = None if frame or scheme == "light" else "main"
    without = COLOURS if scheme == "light" and width < DESKTOP_WIDTH else None
    found = page.evaluate(AXE, {"only": only, "without": without, "within": within})
    return [f"{each['id']} {' '.join(each['nodes'][0]['html'].split())[:160]}" for each in found]


def swept(page: Page, addresses: list[str], *, ways: Ways = THREE) -> None:
    """Look at each, and say everything that is wrong at once."""
    problems = [
        problem
        for place, address in enumerate(addresses)
        for problem in look_at(page, address, ways=ways, frame=not place)
    ]
    assert problems == [], "\n" + "\n".join(problems)
