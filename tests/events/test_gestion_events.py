"""Events under /gestion/: who reads them there, how few queries it takes, and that nothing changes."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from events.models import Category, Event, Feedback, Registration, TicketType
from events.services.attending import check_in
from members.models import User
from tests.factories.bookings import make_house
from tests.factories.events import make_event, make_registration
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12
MODELS = (Category, Event, TicketType, Registration, Feedback)
READ_ONLY = (Event, TicketType, Registration, Feedback)


def list_of(model: type) -> str:
    return reverse(f"admin:events_{model.__name__.lower()}_changelist")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def fill(number: int) -> None:
    site, by = make_house(desks=0), make_user(role="volunteer")
    for _each in range(number):
        event = make_event(site=site, by=by)
        found = make_registration(event)
        make_registration(event, state="waiting", user=make_user())
        check_in(seat=found.places.get(), by=by, now=timezone.now())
        Feedback.objects.create(event=event, registration=found, rating=4, text="Bien", at=timezone.now())


def test_each_list_asks_few_queries_that_do_not_grow() -> None:
    client = signed_in(make_user(role="manager"))

    def asked() -> dict[str, int]:
        numbers = {}
        for model in MODELS:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(list_of(model)).status_code == 200, model
            numbers[model.__name__] = len(queries)
        return numbers

    fill(2)
    few = asked()
    fill(4)
    many = asked()
    assert {name: number for name, number in many.items() if number > MOST_QUERIES} == {}
    assert {name: number for name, number in many.items() if number > few[name]} == {}


def test_who_reads_which_list() -> None:
    fill(1)
    nothing: set[str] = set()
    for role, read in (
        ("manager", {"Category", "Event", "TicketType", "Registration", "Feedback"}),
        ("treasurer", {"Category", "Event", "TicketType"}),
        ("volunteer", nothing),
        ("coworker", nothing),
        (None, nothing),
    ):
        client = signed_in(make_user(role=role))
        opened = {model.__name__ for model in MODELS if client.get(list_of(model)).status_code == 200}
        assert (role, opened) == (role, read)


def test_states_and_money_are_read_there_and_changed_nowhere_there() -> None:
    fill(1)
    client = signed_in(make_user(role="manager"))
    for model in READ_ONLY:
        row = model.objects.order_by("pk")[0]
        name = f"admin:events_{model.__name__.lower()}"
        page = client.get(reverse(f"{name}_change", args=[row.pk]))
        assert page.status_code == 200, model
        assert (
            client.post(reverse(f"{name}_change", args=[row.pk]), {"state": "cancelled"}).status_code == 403
        )
        assert client.get(reverse(f"{name}_add")).status_code == 403
        assert client.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
        assert model.objects.filter(pk=row.pk).values()[0] == {
            field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields
        }


def test_lists_find_by_name_and_never_show_the_private_key() -> None:
    fill(1)
    client = signed_in(make_user(role="manager"))
    found = Registration.objects.all()[0]
    assert found.name in client.get(list_of(Registration), {"q": found.name}).content.decode()
    page = client.get(reverse("admin:events_registration_change", args=[found.pk])).content.decode()
    assert found.key not in page
    assert client.get(list_of(Event), {"q": "introuvable"}).status_code == 200


def test_a_volunteer_has_no_right_in_billing_and_reads_no_event_of_others() -> None:
    mine, other = make_user(role="volunteer"), make_user(role="volunteer")
    own, theirs = make_event(by=mine), make_event(by=other)
    found = make_registration(theirs)
    assert not [right for right in mine.get_all_permissions() if right.startswith("billing.")]
    assert list(Event.objects.run_by(mine)) == list(Event.objects.editable_by(mine)) == [own]
    client = signed_in(mine)
    for name in ("desk", "edit", "cancel_event", "checkin", "figures"):
        assert client.get(reverse(f"events:{name}", args=[theirs.slug])).status_code == 404, name
    assert client.get(reverse("events:withdraw", args=[theirs.slug, found.pk])).status_code == 404
    billing = [model for model in admin.site._registry if model._meta.app_label == "billing"]
    for model in billing:
        assert client.get(reverse(f"admin:billing_{model._meta.model_name}_changelist")).status_code == 403
