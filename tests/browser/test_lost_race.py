"""Two people want the same desk: who comes second reads it on the same page and has another at once."""

import pytest
from playwright.sync_api import expect

from bookings.models import Booking
from tests.browser import steps
from tests.browser.fixtures import DESKTOP, PHONE, NewPage
from tests.browser.world import make_house
from tests.factories.members import make_user

pytestmark = pytest.mark.browser


def test_who_comes_second_is_told_kindly_and_books_the_nearest_desk(
    new_page: NewPage, console: list[str]
) -> None:
    house = make_house()
    first, second = new_page(**DESKTOP), new_page(**PHONE)
    for page in (first, second):
        steps.sign_in(page, make_user())
        page.goto(house.desks(7))
    steps.button(first, "Réserver le poste 7").click()
    first.wait_for_url("**/payer/")
    steps.button(second, "Réserver le poste 7").click()
    told = second.get_by_role("alert")
    expect(told).to_contain_text("Le poste 7 vient d’être pris")
    expect(told).to_contain_text("Rien n’a été débité")
    expect(told).to_be_focused()
    assert "/reserver/" in second.url
    nearest = told.get_by_role("link").first.inner_text()
    expect(second.locator("#reserver h2")).to_have_text(f"Poste {nearest}")
    assert Booking.objects.count() == 1
    steps.button(second, f"Réserver le poste {nearest}").click()
    second.wait_for_url("**/payer/")
    assert set(Booking.objects.values_list("space__number", flat=True)) == {7, int(nearest)}
    assert [text for text in console if "409" not in text] == []
    console.clear()  # the browser notes the refusal's status, 409
