"""A desk booked with the keyboard alone: the focus is always seen, and goes to what went wrong."""

import pytest
from playwright.sync_api import Page, expect

from bookings.models import Booking
from tests.browser import steps
from tests.browser.world import make_house
from tests.factories.members import make_user

pytestmark = pytest.mark.browser
# How the element with the focus shows it: an outline, or in the plan the stroke of the desk's own box.
RING = """() => {
  const element = document.activeElement;
  const box = element.querySelector(".desk-focus");
  const style = getComputedStyle(box || element);
  const shown = getComputedStyle(element.closest("label") || element);
  const ring = (each) => each.outlineStyle !== "none" && parseFloat(each.outlineWidth) >= 2;
  return box ? parseFloat(style.strokeWidth) >= 3 && style.stroke !== "none" : ring(style) || ring(shown);
}"""


def tab_to(page: Page, selector: str, *, most: int = 60) -> None:
    """Press Tab until the focus is there; on the way it is always visible."""
    for _press in range(most):
        page.keyboard.press("Tab")
        page.wait_for_function(RING)  # some rings grow
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"the keyboard does not reach {selector}")


def test_a_desk_is_booked_with_the_keyboard_alone(desktop: Page) -> None:
    house = make_house()
    steps.sign_in(desktop, make_user())
    desktop.goto(house.desks())
    tab_to(desktop, "a.skip", most=1)
    desktop.keyboard.press("Enter")
    tab_to(desktop, "a.desk")
    desktop.keyboard.press("ArrowRight")
    desktop.keyboard.press("ArrowRight")
    chosen = desktop.evaluate("document.activeElement.dataset.desk")
    desktop.keyboard.press("Enter")
    expect(desktop.locator("#reserver h2")).to_have_text(f"Poste {chosen}")
    expect(desktop.locator(f"a.desk[data-desk='{chosen}']")).to_be_focused()
    tab_to(desktop, "#reserver button")
    desktop.keyboard.press("Enter")
    desktop.wait_for_url("**/payer/")
    assert Booking.objects.get().space.number == int(chosen)
    tab_to(desktop, "#payer input[type=radio], #payer button")


def test_the_summary_of_errors_takes_the_focus(desktop: Page, console: list[str]) -> None:
    desktop.goto("/compte/inscription/")
    desktop.get_by_label("Prénom et nom").fill("Odile Essai")
    desktop.get_by_label("Adresse électronique").fill("odile")
    desktop.keyboard.press("Enter")
    expect(desktop.locator("[data-focus]")).to_be_focused()
    expect(desktop.get_by_label("Prénom et nom")).to_have_value("Odile Essai")
    desktop.keyboard.press("Tab")
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_label("Adresse électronique")).to_be_focused()
    console.clear()  # the browser notes the status of a page with errors
