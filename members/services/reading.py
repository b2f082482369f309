"""The log of what the staff reads about people."""

from datetime import datetime
from typing import Any

from django.http import QueryDict

from members.inserting import insert
from members.models import StaffListRead, StaffRead, User


def note_read(*, reader: User, person_id: int | None, page: str, now: datetime) -> None:
    """Note that `reader` opened a page about someone: one INSERT, none about oneself or about nobody."""
    if person_id is None or person_id == reader.pk:
        return
    insert(StaffRead(reader=reader, person_id=person_id, page=page[:200], at=now))


UNSAID = ("q", "term")
"""What is typed into these may name a person: that it was is noted, and not what."""
PAGING = ("p", "page", "o", "all")


def note_list(
    *, reader: User, page: str, asked: QueryDict, people: int, now: datetime, is_file: bool = False
) -> None:
    """Note that `reader` opened or took away a list of `people` rows, narrowed as the query `asked`."""
    filters = "&".join(
        name if name in UNSAID else f"{name}={value}"
        for name, value in asked.items()
        if value and name not in PAGING
    )
    insert(
        StaffListRead(
            reader=reader, page=page[:200], filters=filters[:200], people=people, is_file=is_file, at=now
        )
    )


def person_of(obj: Any) -> int | None:
    """Whom a row is about: itself, its user, or the user its customer is."""
    if isinstance(obj, User):
        return obj.pk
    found = getattr(obj, "user_id", None)
    return found or getattr(getattr(obj, "customer", None), "user_id", None)
