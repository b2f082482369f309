"""The application answers a real browser, with the style of the place and without complaints."""

import pytest
from playwright.sync_api import Page


@pytest.mark.browser
def test_the_home_page_opens_on_a_phone_and_on_a_desktop(phone: Page, desktop: Page) -> None:
    for page in (phone, desktop):
        answer = page.goto("/")
        assert answer is not None
        assert answer.ok
        assert page.get_by_role("main").is_visible()


@pytest.mark.browser
def test_the_home_page_opens_without_script(phone_without_script: Page) -> None:
    answer = phone_without_script.goto("/")
    assert answer is not None
    assert answer.ok
    assert phone_without_script.get_by_role("main").is_visible()
