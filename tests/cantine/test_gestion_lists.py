"""Lists of /gestion/: they open, ask few queries however long they are, and change nothing they only show."""

from collections.abc import Iterator

import pytest
import time_machine
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.models import Document, Order
from billing.settlement.services import take_at_desk
from bookings.models import Booking, Site, Space
from bookings.services import presence
from members.models import Message
from tests.factories.bookings import NOW, TOMORROW, make_booking, make_confirmed, make_house, morning
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db

MOST_QUERIES, MOST_TODAY = 12, 13


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(make_user(role="manager"))
    return client


def book_desks(site: Site, numbers: range) -> None:
    """Bookings with all that follows: half on invoice, half paid at the desk and arrived."""
    manager = make_user(role="manager")
    for number in numbers:
        space = Space.objects.select_related("site").get(site=site, kind="desk", number=number)
        if number % 2:
            make_confirmed(space=space, period=morning(TOMORROW))
            continue
        booking = make_booking(space=space, period=morning(NOW.date()))
        assert booking.line is not None
        take_at_desk(order=booking.line.order, method="cash", by=manager, now=NOW)
        presence.arrive(booking=booking, by=manager, now=NOW)


def lists() -> list[type[Model]]:
    return sorted(admin.site._registry, key=lambda model: model._meta.label_lower)


def list_of(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200, address
    return len(asked)


def test_each_list_and_today_ask_few_queries_that_do_not_grow_with_rows(client: Client) -> None:
    site = make_house(desks=14)
    addresses = [reverse("admin:index"), reverse("admin:index") + f"?jour={TOMORROW}&voir=tous"]
    request = client.get("/gestion/").wsgi_request
    readable = [model for model in lists() if admin.site._registry[model].has_view_permission(request)]
    addresses += [list_of(model) for model in readable]
    book_desks(site, range(1, 5))
    few = {address: queries_of(client, address) for address in addresses}
    book_desks(site, range(5, 15))
    # A list of which there is no row yet has nothing that could ask for more.
    empty = {list_of(model) for model in readable if not model._default_manager.exists()}
    many = {at: few[at] if at in empty else queries_of(client, at) for at in addresses}
    today = {address: many.pop(address) for address in addresses[:2]}
    assert {at: number for at, number in many.items() if number > MOST_QUERIES} == {}
    assert max(today.values()) <= MOST_TODAY
    many |= today
    assert {at: (few[at], many[at]) for at in addresses if many[at] > few[at]} == {}


def test_each_list_searches_and_opens_a_row(client: Client) -> None:
    book_desks(make_house(desks=4), range(1, 5))
    request = client.get("/gestion/").wsgi_request
    for model in lists():
        model_admin = admin.site._registry[model]
        if not model_admin.has_view_permission(request):
            continue
        if model_admin.search_fields:  # the others are opened above
            assert client.get(list_of(model), {"q": "é'%\\ 12"}).status_code == 200, model
        row = model_admin.get_queryset(request).first()
        if row is not None:
            one = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])
            assert client.get(one).status_code == 200, model


@pytest.mark.parametrize("model", [Booking, Order, Document, Message])
def test_what_has_states_or_money_is_read_and_never_written(client: Client, model: type[Model]) -> None:
    book_desks(make_house(desks=2), range(1, 3))
    row = model._default_manager.order_by("pk").first()
    assert row is not None
    before = model._default_manager.filter(pk=row.pk).values().get()
    name = f"{model._meta.app_label}_{model._meta.model_name}"
    change = reverse(f"admin:{name}_change", args=[row.pk])
    posted = {
        "state": "cancelled",
        "means": "free",
        "number": "F-0",
        "to": "x@cantine.example",
        "total_incl": "0",
    }
    assert client.post(change, posted).status_code == 403
    assert client.post(reverse(f"admin:{name}_add"), posted).status_code == 403
    assert client.post(reverse(f"admin:{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    bulk = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    client.post(reverse(f"admin:{name}_changelist"), bulk)
    assert model._default_manager.filter(pk=row.pk).values().get() == before


def test_search_goes_straight_to_the_only_hit_and_lists_several(client: Client) -> None:
    book_desks(make_house(desks=2), range(1, 3))
    booking = Booking.objects.order_by("pk").first()
    assert booking is not None
    one = client.get(reverse("admin:search"), {"q": booking.reference})
    assert one.headers["Location"] == reverse("admin:bookings_booking_change", args=[booking.pk])
    several = client.get(reverse("admin:search"), {"q": "Camille"})
    assert several.status_code == 200
    assert "Réservations" in several.content.decode()
    assert client.get(reverse("admin:search"), {"q": "x"}).status_code == 200
