"""Who opens /gestion/, and what a manager may never do there."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin import site
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from members.desk_read_only import ReadOnlyAdmin
from members.models import User
from tests.factories.bookings import make_confirmed, make_house
from tests.factories.events import make_event
from tests.factories.members import make_superuser, make_user

pytestmark = pytest.mark.django_db

PAGES = ("index", "search", "settings", "counter", "close")


def signed_in(role: str | None) -> Client:
    client = Client()
    client.force_login(make_user(role=role))
    return client


@pytest.mark.parametrize("role", [None, "coworker", "volunteer"])
def test_who_does_not_run_the_place_is_refused_everywhere(role: str | None) -> None:
    client = signed_in(role)
    for page in PAGES:
        assert client.get(reverse(f"admin:{page}")).status_code == 403
    assert client.get(reverse("admin:bookings_booking_changelist")).status_code == 403


def test_a_stranger_is_sent_to_sign_in_with_allauth_and_never_sees_djangos_form() -> None:
    page = Client().get(reverse("admin:index"), follow=True)
    assert page.redirect_chain[-1][0].startswith(reverse("account_login"))
    assert Client().post(reverse("admin:login"), {"username": "a", "password": "b"}).status_code == 302


def test_a_manager_opens_every_page_and_a_treasurer_those_she_reads() -> None:
    manager, treasurer = signed_in("manager"), signed_in("treasurer")
    for page in PAGES:
        assert manager.get(reverse(f"admin:{page}")).status_code == 200
    for page in ("index", "search", "settings"):
        assert treasurer.get(reverse(f"admin:{page}")).status_code == 200
    for page in ("counter", "close"):
        assert treasurer.get(reverse(f"admin:{page}")).status_code == 403


def test_the_nav_shows_the_day_s_places_and_opens_only_the_group_one_is_in() -> None:
    manager = signed_in("manager")
    day = manager.get(reverse("admin:index"))
    first, *groups = day.context["navigation"]
    assert (len(first.links), first.label) == (8, "")
    assert not any(group.is_open for group in groups)
    page = manager.get(reverse("admin:bookings_closure_changelist"))
    assert [str(group.label) for group in page.context["navigation"] if group.is_open] == ["Le lieu"]
    assert page.content.decode().count("<details open>") == 1


def test_a_treasurer_is_shown_no_tool() -> None:
    html = signed_in("treasurer").get(reverse("admin:index")).content.decode()
    assert reverse("admin:counter") not in html


def test_a_treasurer_is_led_to_no_page_of_those_who_run_events() -> None:
    event = make_event()
    record = reverse("admin:events_event_change", args=[event.pk])
    for who, led in (("manager", True), ("treasurer", False)):
        client = signed_in(who)
        found = client.get(record).content.decode(), client.get(reverse("admin:attendance")).content.decode()
        assert ["/suivi/" in found[0], "events/registration/" in found[1]] == [led, led]


def test_a_manager_can_not_raise_rights_by_the_form_of_a_person() -> None:
    client, person = signed_in("manager"), make_user()
    raising = {"name": "Camille", "language": "fr", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    groups = {"groups": ["1", "2", "3", "4"], "user_permissions": ["1"], "email": "autre@cantine.example"}
    answer = client.post(reverse("admin:members_user_change", args=[person.pk]), {**raising, **groups})
    assert answer.status_code == 302
    after = User.objects.get(pk=person.pk)
    assert (after.is_staff, after.is_superuser, after.email) == (False, False, person.email)
    assert after.roles == {"coworker"}
    assert not after.user_permissions.exists()


@pytest.mark.parametrize("other", ["treasurer", "manager", "superuser"])
def test_a_manager_can_not_touch_someone_who_opens_gestion(other: str) -> None:
    person = make_superuser() if other == "superuser" else make_user(role=other)
    answer = signed_in("manager").post(
        reverse("admin:members_user_change", args=[person.pk]), {"name": "Changé", "language": "fr"}
    )
    assert answer.status_code == 403
    assert User.objects.get(pk=person.pk).name == person.name


def test_a_manager_gives_volunteer_and_never_treasurer() -> None:
    client, person = signed_in("manager"), make_user()
    at = reverse("admin:give_roles", args=[person.pk])
    assert client.post(at, {"roles": ["coworker", "volunteer"]}).status_code == 302
    assert User.objects.get(pk=person.pk).roles == {"coworker", "volunteer"}
    assert client.post(at, {"roles": ["coworker", "treasurer"]}).status_code == 200
    assert User.objects.get(pk=person.pk).roles == {"coworker", "volunteer"}
    assert client.post(at, {"roles": []}).status_code == 302
    assert User.objects.get(pk=person.pk).roles == frozenset()


@pytest.mark.parametrize(
    ("model", "secret"),
    [
        ("members_user", "password__startswith"),
        ("members_message", "ids__code__startswith"),
        ("billing_payment", "session_url__contains"),
        ("bookings_booking", "customer__stripe_id__startswith"),
    ],
)
def test_no_list_tells_what_it_does_not_show_by_filtering_on_it(model: str, secret: str) -> None:
    client = signed_in("manager")
    at = reverse(f"admin:{model}_changelist")
    assert client.get(at).status_code == 200
    assert client.get(at, {secret: "a"}).status_code == 400


def test_the_filters_of_a_list_still_filter() -> None:
    client, named, other = signed_in("manager"), make_user(name="Camille Filtrée"), make_user(role=None)
    html = client.get(
        reverse("admin:members_user_changelist"),
        {"groups__id__exact": str(named.groups.get().pk), "is_active__exact": "1"},
    ).content.decode()
    assert named.email in html
    assert other.email not in html
    dated = {"issued_on__year": "2026", "kind__exact": "invoice", "seller__id__exact": "1"}
    assert client.get(reverse("admin:billing_document_changelist"), dated).status_code == 200


def doors_of(model: type[Model]) -> list[str]:
    """The addresses that write rows of a model, of a row that exists where there is one."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    row = model._default_manager.first()
    pk = row.pk if row else 1
    return [
        reverse(f"{name}_add"),
        reverse(f"{name}_change", args=[pk]),
        reverse(f"{name}_delete", args=[pk]),
    ]


def test_a_treasurer_writes_nothing_whatever_she_sends() -> None:
    make_confirmed(space=make_house().spaces.first())
    client = signed_in("treasurer")
    for model in site._registry:
        before = model._default_manager.count()
        for door in doors_of(model):
            assert client.post(door, {"name": "Changé", "post": "yes"}).status_code in {302, 403, 404}, door
            assert not LogEntry.objects.exists(), door
        listed = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        client.post(listed, {"action": "delete_selected", "_selected_action": ["1"], "post": "yes"})
        assert model._default_manager.count() == before, model


@pytest.mark.parametrize("who", ["manager", "superuser"])
def test_what_has_states_or_money_is_read_only_for_everyone(who: str) -> None:
    make_confirmed(space=make_house().spaces.first())
    client = Client()
    client.force_login(make_superuser() if who == "superuser" else make_user(role=who))
    closed = [model for model, admin in site._registry.items() if isinstance(admin, ReadOnlyAdmin)]
    assert {"Booking", "Order", "Payment", "Refund", "Document", "Message"} <= {
        one.__name__ for one in closed
    }
    for model in closed:
        rows = list(model._default_manager.values())
        for door in doors_of(model):
            assert client.post(door, {"state": "cancelled", "post": "yes"}).status_code in {302, 403, 404}, (
                door
            )
        assert list(model._default_manager.values()) == rows, model


def test_groups_and_addresses_are_edited_by_nobody() -> None:
    assert {Group, EmailAddress}.isdisjoint(site._registry)


def test_an_empty_field_name_is_no_error() -> None:
    at = reverse("admin:members_user_change", args=[make_user().pk])
    assert signed_in("manager").get(at, {"_to_field": ""}).status_code == 200
