"""The log of what the staff reads about people."""

from datetime import datetime
from typing import Any

from members.inserting import insert
from members.models import StaffRead, User


def note_read(*, reader: User, person_id: int | None, page: str, now: datetime) -> None:
    """Note that `reader` opened a page about someone: one INSERT, none about oneself or about nobody."""
    if person_id is None or person_id == reader.pk:
        return
    insert(StaffRead(reader=reader, person_id=person_id, page=page[:200], at=now))


def person_of(obj: Any) -> int | None:
    """Whom a row is about: itself, its user, or the user its customer is."""
    if isinstance(obj, User):
        return obj.pk
    found = getattr(obj, "user_id", None)
    return found or getattr(getattr(obj, "customer", None), "user_id", None)
