"""Writing a new row by a statement that is composed once per model.

Composing an INSERT takes the ORM longer than it takes PostgreSQL to carry it out (docs/performance.md,
P1): the rows of every booking, payment and document are written by this.
"""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Model

if TYPE_CHECKING:
    from django.db.models import Field


def insert(row: Model) -> None:
    """Write a row that is new and give it its key, as `row.save(force_insert=True)` does, but for signals.

    For models without inheritance, generated columns or columns whose only default is the database's.
    """
    insert_all([row])


def insert_all(rows: Sequence[Model]) -> None:
    """Write new rows of one model, few enough for one statement, and give them their keys: as `insert`."""
    if not rows:
        return
    head, places, tail, fields = _statement(type(rows[0]))
    for row in rows:  # what was saved since it was given to the row has its key now, or the row is refused
        row._prepare_related_fields_for_save(operation_name="insert")  # type: ignore[attr-defined]
    values = [
        field.get_db_prep_save(field.pre_save(row, True), connection) for row in rows for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(head + ", ".join([places] * len(rows)) + tail, values)
        keys = cursor.fetchall()
    for row, (key,) in zip(rows, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias


@cache
def _statement(model: type[Model]) -> "tuple[str, str, str, list[Field[Any, Any]]]":
    quote, options = connection.ops.quote_name, model._meta
    fields = [field for field in options.local_concrete_fields if not field.primary_key]
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    head = " ".join(("INSERT INTO", quote(options.db_table), f"({columns}) VALUES "))
    return head, f"({places})", f" RETURNING {quote(str(options.pk.column))}", fields
