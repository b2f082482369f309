"""Open data as files: JSON, CSV, and their schema (Table Schema of Frictionless Data)."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cantine.ecosystem.open_data import LICENCE, LICENCE_URL, Dataset, Row
from cantine.report.sheet import CSV, written

JSON = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Form:
    """A way to write rows: what it is called, its type, and how."""

    label: str
    mime: str
    write: Callable[[Dataset, Sequence[Row]], bytes]


def as_csv(dataset: Dataset, rows: Sequence[Row]) -> bytes:
    """A table for spreadsheets."""
    names = [field.name for field in dataset.fields]
    return written([names, *([_cell(row[name]) for name in names] for row in rows)]).encode()


def as_json(dataset: Dataset, rows: Sequence[Row]) -> bytes:
    """The rows with their licence and their meaning."""
    return _dumped({**_about(dataset), "donnees": list(rows)})


def as_schema(dataset: Dataset, rows: Sequence[Row]) -> bytes:
    """The columns and their types, for who checks a file."""
    fields = [
        {"name": field.name, "type": field.type, "description": str(field.meaning)}
        for field in dataset.fields
    ]
    return _dumped({**_about(dataset), "fields": fields, "missingValues": [""]})


FORMS: dict[str, Form] = {
    "csv": Form("CSV", CSV, as_csv),
    "json": Form("JSON", JSON, as_json),
    "schema.json": Form("Table Schema", JSON, as_schema),
}


def _about(dataset: Dataset) -> dict[str, Any]:
    return {
        "name": dataset.name,
        "title": str(dataset.title),
        "description": str(dataset.definition),
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
    }


def _dumped(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value
