"""The application answers a real browser."""

import pytest
from playwright.sync_api import Page


@pytest.mark.browser
def test_a_phone_reads_the_state_of_the_house(phone: Page) -> None:
    answer = phone.goto("/healthz")
    assert answer is not None
    assert answer.status == 200
    assert answer.json()["database"] == "ok"


@pytest.mark.browser
def test_a_style_sheet_is_served_without_script(phone_without_script: Page) -> None:
    answer = phone_without_script.goto("/static/css/site.css")
    assert answer is not None
    assert answer.ok
