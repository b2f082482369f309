"""Rows written by a statement composed once are those that `save` writes."""

import datetime as dt

import pytest
from django.db import IntegrityError
from django.forms.models import model_to_dict

from members.inserting import insert
from members.models import Membership, Organisation, User

pytestmark = pytest.mark.django_db


def test_an_inserted_row_is_the_one_that_save_writes() -> None:
    """Defaults, dates and keys included."""
    at = dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)
    rows = [Organisation(name="Atelier imaginaire", created_at=at) for _each in range(2)]
    insert(rows[0])
    rows[1].save()
    read = [Organisation.objects.get(pk=row.pk) for row in rows]
    assert model_to_dict(read[0], exclude=["id"]) == model_to_dict(read[1], exclude=["id"])
    assert rows[0].pk != rows[1].pk


def test_an_inserted_row_can_be_saved_again() -> None:
    """It knows that it has been written."""
    organisation = Organisation(name="Avant")
    insert(organisation)
    organisation.name = "Après"
    organisation.save()
    assert [each.name for each in Organisation.objects.all()] == ["Après"]


def test_constraints_judge_an_inserted_row() -> None:
    """A membership that ends before it begins is refused by the database, as always."""
    user = User.objects.create_user(email="essai@cantine.example", password=None)
    with pytest.raises(IntegrityError):
        insert(Membership(user=user, valid_from=dt.date(2026, 2, 1), valid_to=dt.date(2026, 1, 1)))
