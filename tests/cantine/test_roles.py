"""The roles: groups and permissions from one table."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from cantine import roles
from cantine.roles import give_role, names_of, synchronise, take_role
from members.access import ROLES
from members.errors import NotAllowed
from members.models import User
from tests.factories.members import make_superuser, make_user

pytestmark = pytest.mark.django_db
DANGEROUS = ("auth.", "admin.", "sessions.", "contenttypes.", "account.")


def test_names_no_permission_that_no_model_has() -> None:
    assert roles.missing_permissions() == set()


@pytest.mark.parametrize("role", ROLES)
def test_each_group_has_exactly_the_permissions_of_the_table(role: str) -> None:
    assert make_user(role=role).get_all_permissions() == names_of(role)


def test_migrating_puts_back_what_was_changed_by_hand() -> None:
    group = Group.objects.get(name="coworker")
    group.permissions.set(Permission.objects.all()[:5])
    Group.objects.filter(name="treasurer").delete()
    call_command("migrate", verbosity=0)
    assert not group.permissions.exists()
    assert make_user(role="treasurer").get_all_permissions() == names_of("treasurer")


def test_synchronising_twice_changes_nothing() -> None:
    synchronise()
    synchronise()
    assert set(Group.objects.values_list("name", flat=True)) == set(ROLES)


@pytest.mark.parametrize("role", ROLES)
def test_no_role_can_raise_rights(role: str) -> None:
    assert not any(name.startswith(DANGEROUS) for name in names_of(role))


@pytest.mark.parametrize("role", ["coworker", "volunteer"])
def test_who_works_or_helps_has_no_right_in_gestion(role: str) -> None:
    user = make_user(role=role)
    desk = {name for name in user.get_all_permissions() if not name.startswith("events.")}
    assert (user.is_staff, desk) == (False, set())


def test_a_volunteer_looks_after_their_events_and_publishes_them_but_reviews_nobody_elses() -> None:
    rights = make_user(role="volunteer").get_all_permissions()
    assert rights == {"events.organise_event", "events.publish_event"}


def test_a_treasurer_only_reads_but_for_the_banks_money_and_refunds_she_approves() -> None:
    written = {name for name in names_of("treasurer") if ".view_" not in name}
    assert written == {
        "billing.receive_transfer",
        "billing.approve_refund",
        "billing.match_payout",
        "billing.record_remittance",
        "billing.decide_writeoff",
    }


def test_what_is_issued_or_paid_is_read_only_for_everyone() -> None:
    issued = {"document", "documentline", "documentvat", "allocation"}
    kept = issued | {"payment", "refund", "order", "orderline"}
    for role in ROLES:
        for name in names_of(role):
            action, _, model = name.partition(".")[2].partition("_")
            assert model not in kept or action in {"view", "approve"}, name


@pytest.mark.parametrize(("role", "staff"), [("manager", True), ("treasurer", True), ("volunteer", False)])
def test_the_staff_flag_follows_the_role(role: str, staff: bool) -> None:
    user = make_user(role=role)
    assert user.is_staff is staff
    take_role(user=user, role=role, by=None)
    user.refresh_from_db()
    assert user.is_staff is False


def test_a_superuser_stays_staff_without_a_role() -> None:
    user = make_superuser(role="manager")
    take_role(user=user, role="manager", by=None)
    user.refresh_from_db()
    assert user.is_staff


@pytest.mark.parametrize("role", ["manager", "treasurer"])
@pytest.mark.parametrize("by", ["coworker", "volunteer", "manager", "treasurer"])
def test_only_a_superuser_opens_gestion_to_someone(role: str, by: str) -> None:
    user = make_user()
    with pytest.raises(NotAllowed):
        give_role(user=user, role=role, by=make_user(role=by))
    kept = User.objects.get(pk=user.pk)
    assert (set(kept.roles), kept.is_staff) == ({"coworker"}, False)
    give_role(user=user, role=role, by=make_superuser())
    assert User.objects.get(pk=user.pk).has_role(role)


def test_a_manager_cannot_raise_herself() -> None:
    manager = make_user(role="manager")
    with pytest.raises(NotAllowed):
        give_role(user=manager, role="treasurer", by=manager)
    assert User.objects.get(pk=manager.pk).roles == {"manager"}


def test_a_manager_names_volunteers() -> None:
    user = make_user()
    give_role(user=user, role="volunteer", by=make_user(role="manager"))
    assert User.objects.get(pk=user.pk).has_role("volunteer")
