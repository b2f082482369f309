"""Rooms: hours chosen by a tap, by selects, by the plain form; joined rooms are one with their halves."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from bookings.models import Booking
from tests.browser import steps
from tests.browser.world import House
from tests.factories.bookings import make_booking
from tests.factories.members import make_user

pytestmark = pytest.mark.browser


def test_a_tap_begins_and_selects_end_the_stretch(phone: Page, house: House) -> None:
    steps.sign_in(phone, make_user())
    phone.goto(house.rooms("pommier"))
    column = phone.locator(f'[data-day="{house.tomorrow}"]')
    column.locator(".block--free .block-link").nth(2).tap()
    expect(column.locator("[data-chosen]")).to_be_visible()
    phone.get_by_label("De", exact=True).select_option("14:00")
    phone.get_by_label("À", exact=True).select_option("16:00")
    expect(phone.locator(".summary")).to_contain_text("36,00\u00a0€")
    steps.button(phone, "Continuer").click()
    phone.wait_for_url("**/payer/")
    assert Booking.objects.get().period.utc == house.hours(14, 16).utc


def test_hours_chosen_before_an_earlier_answer_comes_are_kept(phone: Page, house: House) -> None:
    steps.sign_in(phone, make_user())
    phone.goto(house.rooms("pommier"))
    asked: list[Route] = []
    phone.route("**/salles/**", lambda route: asked.append(route) if len(asked) < 2 else route.continue_())
    column = phone.locator(f'[data-day="{house.tomorrow}"]')
    with phone.expect_request("**/salles/**"):
        column.locator(".block--free .block-link").nth(2).tap()
    phone.get_by_label("De", exact=True).select_option("14:00")
    with phone.expect_request(lambda request: "de=14" in request.url):  # not what the first answer leads to
        asked[0].continue_()
    expect(phone.locator(".summary")).to_contain_text("9\u00a0h\u00a0–\u2060\u00a013\u00a0h")
    phone.get_by_label("À", exact=True).select_option("16:00")
    asked[1].continue_()
    expect(phone.locator(".summary")).to_contain_text("36,00 €")


def test_both_rooms_joined_are_blocked_where_a_half_is_taken(
    phone: Page, house: House, console: list[str]
) -> None:
    make_booking(space=house.room("poirier"), period=house.hours(14, 16), now=timezone.now())
    steps.sign_in(phone, make_user())
    phone.goto(house.rooms("verger") + "&de=13:00&a=15:00")
    expect(phone.locator(f'[data-day="{house.tomorrow}"] .block--taken')).to_be_visible()
    expect(phone.get_by_text("Ce créneau n’est pas libre.")).to_be_visible()
    expect(phone.locator("button:visible", has_text="Continuer")).to_have_count(0)
    phone.goto(house.rooms("pommier") + "&de=13:00&a=15:00")
    expect(steps.button(phone, "Continuer")).to_be_visible()


def test_without_script_the_form_shows_the_price_and_books(phone_without_script: Page, house: House) -> None:
    page = phone_without_script
    steps.sign_in(page, make_user())
    page.goto(house.rooms("pommier"))
    page.get_by_label("De", exact=True).select_option("10:00")
    page.get_by_label("À", exact=True).select_option("11:30")
    steps.button(page, "Voir le prix").click()
    expect(page.locator(".summary")).to_contain_text("27,00\u00a0€")
    steps.button(page, "Continuer").click()
    page.wait_for_url("**/payer/")
    assert Booking.objects.get().space.code == "pommier"
