"""The application answers a real browser, with the style of the place and without complaints.

On a phone, with scripts and without, the main journey begins on the same page (test_journey.py).
"""

import pytest
from playwright.sync_api import Page


@pytest.mark.browser
def test_the_home_page_opens_on_a_desktop(desktop: Page) -> None:
    answer = desktop.goto("/")
    assert answer is not None
    assert answer.ok
    assert desktop.get_by_role("main").is_visible()
