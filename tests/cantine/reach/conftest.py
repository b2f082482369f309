"""Two sites in full life, and a manager of the first: what the tests of reach begin with."""

from collections.abc import Iterator

import pytest
import time_machine
from django.db.models import Model
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from cantine.roles import give_role, synchronise
from members.models import User
from tests.cantine.reach import world
from tests.factories.members import make_superuser, make_user
from tests.lasting import lasting


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(world.AT, tick=False):
        yield


class Two:
    """Two sites in full life, and a manager of the first."""

    def __init__(self) -> None:
        self.boss = make_superuser(email="direction@cantine.example", name="Direction Essai")
        self.hers = world.live("Falaise", self.boss)
        before = world.rows()
        self.other = world.live("Vernon", self.boss)
        self.theirs = {model: pks - before[model] for model, pks in world.rows().items()}
        self.own = before
        self.manager = make_user(role=None, name="Gérante Essai")
        give_role(user=self.manager, role="manager", by=None, sites=[self.hers])
        self.client = Client()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture(scope="package")
def lived(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Two]:
    """Both lives, lived once for the tests of reach."""
    with time_machine.travel(world.AT, tick=False), lasting(django_db_blocker):
        synchronise()  # the roles, which a flush of the database takes away
        yield Two()


@pytest.fixture
def two(lived: Two) -> Two:
    """The same with a manager as she is now, signed in anew."""
    lived.manager = User.objects.get(pk=lived.manager.pk)
    lived.client = signed_in(lived.manager)
    return lived


def name_of(model: type[Model]) -> str:
    return model._meta.label_lower.replace(".", "_")
