"""Closing an account: what is settled first; taking it back; accounts that nobody uses."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from members import personal_data
from members.errors_privacy import NotYourName, SettleFirst, TooLate
from members.models import Closing, Message, User
from members.services.closing import UNUSED, WARNED, close_account, erase_due, take_back, warn_unused
from tests.billing.collecting.steps import make_due
from tests.cantine.closing.steps import DUE, close
from tests.factories.billing import make_customer
from tests.factories.bookings import NOW, make_confirmed, make_desk, make_house
from tests.factories.members import PASSWORD, make_membership, make_user

pytestmark = pytest.mark.django_db


def test_every_session_ends_at_once_and_nobody_comes_in(user: User) -> None:
    one, other = Client(), Client()
    one.force_login(user)
    other.force_login(user)
    close(user)
    for client in (one, other):
        assert client.get(reverse("members:me")).status_code == 302
    answer = Client().post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert "_auth_user_id" not in answer.client.session


def test_taken_back_all_is_there_but_the_sessions_and_the_password(user: User) -> None:
    client = Client()
    client.force_login(user)
    closing = close(user)
    take_back(key=closing.key, now=DUE - timedelta(seconds=1))
    user.refresh_from_db()
    assert (user.is_active, user.name, user.has_usable_password()) == (True, "Camille Essai", False)
    assert client.get(reverse("members:me")).status_code == 302
    assert erase_due(DUE) == 0


def test_it_is_not_taken_back_once_its_day_has_come(user: User) -> None:
    closing = close(user)
    with pytest.raises(TooLate):
        take_back(key=closing.key, now=DUE)
    assert not User.objects.get(pk=user.pk).is_active


def test_another_name_closes_nothing(user: User) -> None:
    with pytest.raises(NotYourName):
        close_account(user=user, typed="Camille", now=NOW)
    assert User.objects.get(pk=user.pk).is_active
    assert not Closing.objects.exists()


def test_a_booking_to_come_is_cancelled_first(user: User) -> None:
    booking = make_confirmed(space=make_desk(make_house()), user=user)
    with pytest.raises(SettleFirst):
        close(user)
    assert User.objects.get(pk=user.pk).is_active
    assert booking.reference in [
        matter.url.split("/")[-2] for matter in personal_data.matters(user, now=NOW) if matter.blocks
    ]


def test_money_owed_is_paid_first(user: User) -> None:
    customer = make_customer(user, terms_days=30)
    make_due(NOW, customer=customer)
    with pytest.raises(SettleFirst):
        close(user)
    assert not Closing.objects.exists()


def test_who_runs_the_place_hands_their_role_over_first() -> None:
    manager = make_user(role="manager")
    with pytest.raises(SettleFirst):
        close(manager)
    assert User.objects.get(pk=manager.pk).is_active


class TestUnused:
    """Accounts nobody has signed in to for three years."""

    @pytest.fixture
    def old(self) -> User:
        return make_user(date_joined=NOW - UNUSED + WARNED - timedelta(days=1))

    def test_who_does_not_come_back_is_warned_then_erased(self, old: User, user: User) -> None:
        User.objects.filter(pk=user.pk).update(date_joined=NOW)
        assert (warn_unused(now=NOW), warn_unused(now=NOW)) == (1, 0)
        assert Message.objects.get().template == "privacy/unused"
        assert User.objects.get(pk=old.pk).is_active
        assert erase_due(NOW + WARNED) == 1
        assert not User.objects.get(pk=old.pk).is_active

    def test_who_signs_in_keeps_it(self, old: User) -> None:
        warn_unused(now=NOW)
        User.objects.filter(pk=old.pk).update(last_login=NOW + timedelta(days=3))
        assert erase_due(NOW + WARNED) == 0
        assert User.objects.get(pk=old.pk).name
        assert not Closing.objects.standing().exists()

    def test_members_and_staff_are_left_in_peace(self) -> None:
        long_ago = NOW - UNUSED
        make_membership(user=make_user(date_joined=long_ago))
        make_user(role="manager", date_joined=long_ago)
        assert warn_unused(now=NOW) == 0
