"""The sign of a form that anyone may send: of our page, not too quick, not too old."""

from datetime import timedelta

import pytest
import time_machine
from pytest_django import Settings

from members import form_tokens
from members.form_tokens import Trouble
from tests.factories.bookings import NOW


def after(seconds: float) -> str | Trouble:
    with time_machine.travel(NOW, tick=False) as moment:
        sign = form_tokens.issue()
        moment.shift(timedelta(seconds=seconds))
        return form_tokens.read(sign)


@pytest.mark.parametrize(
    ("seconds", "trouble"),
    [(0, Trouble.QUICK), (3, Trouble.QUICK), (24 * 3600 + 1, Trouble.OLD)],
)
def test_nobody_writes_that_fast_nor_that_slowly(seconds: float, trouble: Trouble) -> None:
    assert after(seconds) is trouble


@pytest.mark.parametrize("seconds", [4, 24 * 3600])
def test_in_between_it_gives_its_token(seconds: float) -> None:
    token = after(seconds)
    assert isinstance(token, str)
    assert len(token) == 32


def test_quickness_may_be_let_be(settings: Settings) -> None:
    settings.FORM_TAKES_SECONDS = 0
    assert isinstance(after(0), str)


@pytest.mark.parametrize("sign", ["", "a", "a:b", "a:b:c", "é" * 500])
def test_a_sign_that_is_not_ours_is_forged(sign: str) -> None:
    assert form_tokens.read(sign) is Trouble.FORGED


def test_a_sign_whose_token_was_changed_is_forged() -> None:
    _token, *rest = form_tokens.issue().split(":")
    assert form_tokens.read(":".join(["autre", *rest])) is Trouble.FORGED
