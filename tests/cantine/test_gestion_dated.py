"""Dated rows: tariffs and pages in force are not edited, a new row follows them."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from bookings.models import Space, SpacePart, Tariff
from members.models import Membership, Page
from tests.factories.bookings import NOW, make_house
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(make_user(role="manager"))
    return client


def test_a_new_price_is_a_new_row_and_ends_the_one_before(client: Client) -> None:
    site = make_house()
    before = Tariff.objects.filter(site=site, kind="desk").order_by("pk")[0]
    add = reverse("admin:bookings_tariff_add")
    initial = client.get(add, {"depuis": before.pk}).context["adminform"].form.initial
    assert initial["half_day"] == before.half_day
    assert "valid_from" not in initial
    row = {"site": site.pk, "kind": before.kind, "space": "", "audience": before.audience}
    prices = {"half_day": "11.00", "day": "18.00", "hour": "", "day_cap": ""}
    dates = {"valid_from": "01/01/2027", "valid_to": ""}
    assert client.post(add, {**row, **prices, **dates, "product": before.product_id}).status_code == 302
    before.refresh_from_db()
    assert before.valid_to == date(2026, 12, 31)
    assert Tariff.objects.latest("pk").half_day == Decimal("11.00")


def test_a_price_in_force_does_not_change_but_for_its_end(client: Client) -> None:
    site = make_house()
    row = Tariff.objects.filter(site=site, kind="desk").order_by("pk")[0]
    client.post(
        reverse("admin:bookings_tariff_change", args=[row.pk]), {"half_day": "1.00", "valid_to": "31/12/2026"}
    )
    after = Tariff.objects.get(pk=row.pk)
    assert (after.half_day, after.valid_to) == (row.half_day, date(2026, 12, 31))
    assert (
        client.post(reverse("admin:bookings_tariff_delete", args=[row.pk]), {"post": "yes"}).status_code
        == 403
    )


def test_a_page_changes_by_a_new_version(client: Client) -> None:
    old = Page.objects.create(
        slug="essai", language="fr", title="Essai", body="Un.", valid_from=date(2026, 1, 1)
    )
    assert client.post(
        reverse("admin:members_page_change", args=[old.pk]), {"body": "Faux."}
    ).status_code in (200, 302)
    assert Page.objects.get(pk=old.pk).body == "Un."
    new = {"slug": "essai", "language": "fr", "title": "Essai", "body": "Deux.", "valid_from": "01/12/2026"}
    assert client.post(reverse("admin:members_page_add"), new).status_code == 302
    assert Page.objects.get(slug="essai", version=2).body == "Deux."


def test_a_membership_is_given_and_ended(client: Client) -> None:
    person = make_user()
    add = reverse("admin:members_membership_add")
    form = client.get(add, {"user": person.pk}).context["adminform"].form
    assert form.initial["user"] == str(person.pk)
    client.post(add, {"user": person.pk, "organisation": "", "valid_from": "24/11/2026", "valid_to": ""})
    given = Membership.objects.get()
    assert (given.user, given.source) == (person, "manager")
    change = reverse("admin:members_membership_change", args=[given.pk])
    client.post(change, {"user": "", "valid_from": "01/01/2020", "valid_to": "31/12/2026"})
    given.refresh_from_db()
    assert (given.user, given.valid_from, given.valid_to) == (person, date(2026, 11, 24), date(2026, 12, 31))


def test_a_membership_of_nobody_is_told_and_not_written(client: Client) -> None:
    page = client.post(reverse("admin:members_membership_add"), {"valid_from": "24/11/2026"})
    assert page.status_code == 200
    assert page.context["errors"]
    assert not Membership.objects.exists()


def test_a_new_space_is_its_own_only_part(client: Client) -> None:
    site = make_house()
    plan = {"x": "0", "y": "0", "w": "122", "h": "122", "rotation": "0", "door": "null"}
    desk = {
        "site": site.pk,
        "code": "poste-99",
        "kind": "desk",
        "name": "Poste 99",
        "number": "99",
        "capacity": "1",
    }
    answer = client.post(
        reverse("admin:bookings_space_add"), {**desk, **plan, "position": "99", "is_active": "on"}
    )
    assert answer.status_code == 302
    space = Space.objects.get(code="poste-99")
    assert list(SpacePart.objects.filter(space=space).values_list("atom", flat=True)) == [space.pk]


def test_a_new_version_of_nothing_is_an_empty_form(client: Client) -> None:
    for source in ("²", "9" * 30, "rien"):
        assert client.get(reverse("admin:bookings_tariff_add"), {"depuis": source}).status_code == 200


def test_a_price_in_force_does_not_end_before_it_begins(client: Client) -> None:
    tariff = Tariff.objects.filter(site=make_house()).order_by("pk")[0]
    at = reverse("admin:bookings_tariff_change", args=[tariff.pk])
    assert client.post(at, {"valid_to": "01/01/2001"}).status_code == 200
    tariff.refresh_from_db()
    assert tariff.valid_to is None
