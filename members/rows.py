"""Rows as a copy of someone's data tells them."""

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet


class Encoder(DjangoJSONEncoder):
    """JSON of rows; a range is its two ends, what JSON has no word for is its text."""

    def default(self, o: Any) -> Any:
        """Write what JSON has no word for."""
        if hasattr(o, "lower") and hasattr(o, "upper") and not isinstance(o, str):
            return {"from": o.lower, "to": o.upper}
        try:
            return super().default(o)
        except TypeError:
            return str(o)


def told(rows: "QuerySet[Any]", *fields: str) -> list[dict[str, Any]]:
    """Read some fields of rows, oldest first."""
    return list(rows.order_by("pk").values(*fields))
