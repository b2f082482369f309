"""Any desk: one that is free, those that serve a wheelchair last."""

from datetime import date

import pytest

from bookings import errors
from bookings.models import Booking
from bookings.services.booking import book_any
from tests.bookings.steps import assert_refused
from tests.factories.billing import make_customer
from tests.factories.bookings import (
    NOW,
    make_desk,
    make_house,
    morning,
)
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db


def test_any_desk_takes_a_free_one_until_none_is_left() -> None:
    site = make_house(desks=2)
    user = make_user()
    payer = make_customer(user, terms_days=30)

    def book() -> Booking:
        return book_any(
            site=site,
            kind="desk",
            period=morning(),
            customer=payer,
            by=user,
            now=NOW,
            on_terms=True,
            start_requested=True,
        )

    assert {book().space.number, book().space.number} == {1, 2}
    assert_refused(errors.NothingFree, book)


def test_any_desk_on_a_closed_day_says_closed() -> None:
    site = make_house()
    user = make_user()
    payer = make_customer(user)
    saturday = date(2026, 11, 28)
    refused = assert_refused(
        errors.Closed,
        lambda: book_any(site=site, kind="desk", period=morning(saturday), customer=payer, by=user, now=NOW),
    )
    assert refused.instead == "Prochain jour ouvert\u00a0: lundi 30 novembre."


def test_any_desk_keeps_those_for_wheelchairs_to_the_last() -> None:
    site = make_house(desks=1)
    kept = make_desk(site, 7, equipment=("fauteuil",))
    user = make_user()
    payer = make_customer(user)

    def book(*equipment: str) -> Booking:
        return book_any(
            site=site, kind="desk", period=morning(), customer=payer, by=user, now=NOW, equipment=equipment
        )

    assert book().space.number == 1
    assert book("fauteuil").space_id == kept.pk
