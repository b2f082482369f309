"""Two sites with known figures, after the quarter that is reported on."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoDbBlocker

from cantine.models import Agreement, Indicator
from cantine.roles import give_role, synchronise
from members.models import User
from tests.cantine.pilotage.world import World
from tests.cantine.report.steps import AFTER
from tests.factories.bookings import NOW
from tests.factories.members import make_superuser, make_user
from tests.lasting import lasting


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(AFTER, tick=False):
        yield


@pytest.fixture(autouse=True, scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Two sites; Falaise earned 410.00 in October and 50.00 in November, and costs 1 000 a month."""
    with lasting(django_db_blocker), time_machine.travel(NOW, tick=False):
        synchronise()
        made = World(make_superuser())
        agreement = Agreement.objects.create(
            site=made.site,
            funder="Métropole Essai",
            first_month=date(2026, 1, 1),
            last_month=date(2027, 12, 1),
            amount=Decimal(5000),
        )
        Indicator.objects.create(
            agreement=agreement,
            name="Recettes de l’année",
            figure="income",
            target=Decimal(400),
            due_on=date(2026, 12, 31),
        )
        yield made


@pytest.fixture
def manager(world: World) -> User:
    user = make_user(role=None)
    give_role(user=user, role="manager", by=None, sites=[world.site])
    return user


@pytest.fixture
def desk(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client
