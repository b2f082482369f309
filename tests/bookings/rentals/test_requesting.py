"""Asking to rent: what is written down and owed, what is refused, the arrows, and who is forgotten."""

from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.db.utils import DatabaseError

from bookings.errors_rental import FormSent, GoneBy, NotRented, TooFarAhead, TooManyPeople
from bookings.models import RentalRequest, Site
from bookings.rental_words import standing, steps
from bookings.services.rentals.erasing import erase_due
from bookings.services.rentals.offering import extras_of, indication_for
from bookings.services.rentals.requesting import Asked, Who, request_rental, withdraw_request
from cantine.audit.rentals import requesters_kept_too_long
from members.errors import Refused, WrongState
from members.models import Message
from tests.factories.bookings import NOW, on
from tests.factories.members import make_user
from tests.factories.rentals import DAY, make_extra, make_rental_request, make_rented_house, no_tariff

pytestmark = pytest.mark.django_db
WHO = Who(
    name="Maud Essai", email="maud@cantine.example", organisation_name="Nuages bas", buyer="association"
)


def asked(site: Site, code: str = "quai", **fields: object) -> Asked:
    plain = Asked(
        site=site,
        space=site.spaces.filter(code=code).first(),
        period=on(DAY, time(14), time(18)),
        people=45,
        purpose="Une assemblée, puis un buffet.",
    )
    return replace(plain, **fields)  # type: ignore[arg-type]  # fields of an Asked


def test_a_request_is_written_with_the_price_that_was_told(site: Site) -> None:
    sound, coffee = make_extra(site), make_extra(site, per="person", amount="4.00", vat_rate=Decimal("10.00"))
    other = make_extra(make_rented_house())
    chosen = [sound.pk, coffee.pk, other.pk]
    found = request_rental(
        asked=asked(site, layout="theatre", extras=chosen, alternatives=[DAY + timedelta(days=1)]),
        who=WHO,
        now=NOW,
        form_token="jeton",
    )
    found.refresh_from_db()
    assert (found.state, found.people, found.layout) == ("received", 45, "theatre")
    assert (found.price_excl, found.price_incl) == (Decimal("390.00"), Decimal("450.00"))
    assert set(found.extras.all()) == {sound, coffee}
    assert found.alternatives == [DAY + timedelta(days=1)]
    assert found.link_until == found.period.end + timedelta(days=90)
    assert len(found.key) == 32


def test_advice_is_asked_for_without_a_space_or_a_price(site: Site) -> None:
    found = request_rental(asked=asked(site, "aucun", people=300), who=WHO, now=NOW)
    assert (found.space, found.price_excl) == (None, None)


def test_outside_opening_hours_one_may_ask_and_no_price_is_told(site: Site) -> None:
    evening = on(DAY, time(19), time(23))
    found = request_rental(asked=asked(site, period=evening), who=WHO, now=NOW)
    assert (found.state, found.price_excl) == ("received", None)


def test_the_receipt_is_owed_and_the_managers_are_told_each_in_their_language(site: Site) -> None:
    manager, other = make_user(role="manager"), make_user(role="manager", language="en")
    make_user(role="treasurer")
    found = request_rental(asked=asked(site), who=replace(WHO, language="en"), now=NOW)
    owed = set(Message.objects.values_list("template", "to", "language"))
    assert owed == {
        ("rentals/received", WHO.email, "en"),
        ("rentals/to_answer", manager.email, "fr"),
        ("rentals/to_answer", other.email, "en"),
    }
    withdraw_request(request=found, now=NOW)
    assert Message.objects.filter(template="rentals/withdrawn").count() == 2


def test_where_nobody_answers_the_site_is_told(site: Site) -> None:
    request_rental(asked=asked(site), who=WHO, now=NOW)
    assert Message.objects.get(template="rentals/to_answer").to == site.email


def test_a_form_sent_twice_asks_once_and_serves_nobody_else(site: Site) -> None:
    first = request_rental(asked=asked(site), who=WHO, now=NOW, form_token="jeton")
    assert request_rental(asked=asked(site), who=WHO, now=NOW, form_token="jeton") == first
    with pytest.raises(FormSent):
        request_rental(
            asked=asked(site), who=replace(WHO, email="autre@cantine.example"), now=NOW, form_token="jeton"
        )
    assert RentalRequest.objects.count() == 1
    assert Message.objects.filter(template="rentals/received").count() == 1


def test_what_cannot_be_rented_is_refused_and_nothing_is_written(site: Site) -> None:
    hidden = site.spaces.get(code="a")
    far = on(DAY.replace(year=2029), time(14), time(18))
    refused: list[tuple[Asked, type[Refused]]] = [
        (asked(site, period=on(NOW.date(), time(7), time(8))), GoneBy),
        (asked(site, period=far), TooFarAhead),
        (asked(site, space=hidden), NotRented),
        (asked(site, layout="banquet"), NotRented),
        (asked(site, people=61), TooManyPeople),
        (asked(site, people=46, layout="theatre"), TooManyPeople),
        (asked(make_rented_house(), space=site.spaces.get(code="quai")), NotRented),
    ]
    for each, why in refused:
        with pytest.raises(why):
            request_rental(asked=each, who=WHO, now=NOW)
    assert not RentalRequest.objects.exists()
    assert not Message.objects.exists()


def test_what_is_told_of_a_price_follows_the_day_and_the_tariff(site: Site) -> None:
    hall, period = site.spaces.get(code="quai"), on(DAY, time(14), time(18))
    extra = make_extra(site)
    told = {"site": site, "space": hall, "period": period, "people": 10, "extras": [extra.pk]}
    found = indication_for(**told)  # type: ignore[arg-type]
    assert found is not None
    assert found.total.excl == Decimal("210.00")
    extra.product.prices.update(valid_to=DAY - timedelta(days=1))
    assert extras_of(site, day=DAY) == []
    assert [each.pk for each in extras_of(site, day=DAY - timedelta(days=1))] == [extra.pk]
    no_tariff(site)
    assert indication_for(**told) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("state", ["received", "quoted"])
def test_a_request_is_taken_back_until_it_is_decided(site: Site, state: str) -> None:
    request = make_rental_request(site, state=state)
    withdraw_request(request=request, now=NOW)
    request.refresh_from_db()
    assert (request.state, request.lost_reason, request.closed_at) == ("lost", "withdrawn", NOW)
    assert "retiré" in standing(request)[0]


@pytest.mark.parametrize("state", ["won", "done", "lost", "cancelled"])
def test_what_is_decided_stays(site: Site, state: str) -> None:
    request = make_rental_request(site, state=state)
    with pytest.raises(WrongState):
        withdraw_request(request=request, now=NOW)
    request.refresh_from_db()
    assert request.state == state
    assert not Message.objects.exists()


ARROWS = {
    ("received", "quoted"), ("received", "lost"), ("quoted", "won"), ("quoted", "lost"),
    ("won", "done"), ("won", "cancelled"), ("done", "cancelled"),
}  # fmt: skip


@pytest.mark.parametrize("before", RentalRequest.State.values)
@pytest.mark.parametrize("after", RentalRequest.State.values)
def test_states_move_along_their_arrows_only(site: Site, before: str, after: str) -> None:
    request = make_rental_request(site, state=before)
    reason = "price" if after == "lost" else ""
    rows = RentalRequest.objects.filter(pk=request.pk)
    if before == after or (before, after) in ARROWS:
        rows.update(state=after, lost_reason=reason)
        return
    with pytest.raises(InternalError, match="Invalid transition"), transaction.atomic():
        rows.update(state=after, lost_reason=reason)


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "lost", "lost_reason": ""},
        {"lost_reason": "price"},
        {"people": 0},
        {"layout": "pyramide"},
        {"price_excl": Decimal("1.00")},
        {"price_excl": Decimal("2.00"), "price_incl": Decimal("1.00")},
        {"buyer": "martien"},
    ],
)
def test_what_makes_no_sense_is_no_row(site: Site, fields: dict[str, Any]) -> None:
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        make_rental_request(site, **fields)
    assert not RentalRequest.objects.exists()


def test_each_state_says_where_it_stands_and_what_comes_next(site: Site) -> None:
    said = {standing(make_rental_request(site, state=each)) for each in RentalRequest.State.values}
    assert len(said) == len(RentalRequest.State.values)
    marks = [
        [mark for _word, mark in steps(make_rental_request(site, state=each))] for each in ("received", "won")
    ]
    assert marks == [["done", "current", "next"], ["done", "done", "done"]]


def test_who_asked_is_forgotten_a_year_after_the_day_and_the_figures_stay(site: Site) -> None:
    old = make_rental_request(
        site,
        organisation_name="Nuages bas",
        phone="02 00 00 00 00",
        price_excl=Decimal("390.00"),
        price_incl=Decimal("450.00"),
        form_token="jeton",
    )
    Message.objects.create(
        key="essai", to=old.email, template="rentals/received", ids={"request": old.pk}, due_at=NOW,
        next_try_at=NOW,
    )  # fmt: skip
    later = old.period.end + timedelta(days=365)
    assert erase_due(later - timedelta(seconds=1)) == 0
    assert list(requesters_kept_too_long(later)) == []
    assert list(requesters_kept_too_long(later + timedelta(days=1))) != []
    assert erase_due(later) == 1
    assert erase_due(later) == 0
    assert list(requesters_kept_too_long(later + timedelta(days=1))) == []
    old.refresh_from_db()
    assert [old.name, old.email, old.phone, old.organisation_name, old.purpose, old.form_token] == [""] * 6
    assert old.price_excl == Decimal("390.00")
    assert not old.opens_by_link(NOW)
    told = Message.objects.get()
    assert (told.to, told.state) == ("", Message.State.DROPPED)
