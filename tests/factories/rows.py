"""Rows of the world of a test, written by a statement that is composed once per model."""

from typing import TypeVar

from django.db.models import Model

from members.inserting import insert

Row = TypeVar("Row", bound=Model)


def written(row: Row) -> Row:
    """Write a new row as `row.save()` would, and return it; for models without generated columns."""
    insert(row)
    return row
