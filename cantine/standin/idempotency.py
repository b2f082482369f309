"""Idempotency keys: the same request with the same key is done once and answered the same."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cantine.standin.errors import ApiError
from cantine.standin.state import Json, Store

KEPT = 24 * 3600
LONGEST = 255


@dataclass(frozen=True)
class Asked:
    """A request as idempotency sees it."""

    key: str
    endpoint: str
    parameters: str


class Idempotency:
    """Answers given are in the store; requests under way are in memory, and end with the process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._under_way: set[str] = set()

    @contextmanager
    def held(self, key: str | None) -> Iterator[None]:
        """Keep the key while its request is under way; a second one meanwhile is answered 409."""
        if key is None:
            yield
            return
        if len(key) > LONGEST:
            raise ApiError.invalid("Idempotency keys may not be longer than 255 characters.")
        with self._lock:
            if key in self._under_way:
                raise in_use(key)
            self._under_way.add(key)
        try:
            yield
        finally:
            with self._lock:
                self._under_way.discard(key)

    def replay(self, asked: Asked) -> tuple[int, Json] | None:
        """The answer given before, None for a new key; another request under the same key is refused."""
        self._store.rows("DELETE FROM replays WHERE at < ?", (self._store.now() - KEPT,))
        found = self._store.rows("SELECT * FROM replays WHERE key = ?", (asked.key,))
        if not found:
            return None
        row = found[0]
        if row["endpoint"] != asked.endpoint:
            raise _differs(f"for the same endpoint they were first used for ('{row['endpoint']}')", asked)
        if row["parameters"] != asked.parameters:
            raise _differs("with the same parameters they were first used with", asked)
        body: Json = json.loads(row["body"])
        return row["status"], body

    def keep(self, asked: Asked, status: int, body: Json) -> None:
        """Remember the answer, in the transaction of what was done."""
        self._store.rows(
            "INSERT INTO replays VALUES (?, ?, ?, ?, ?, ?)",
            (asked.key, self._store.now(), asked.endpoint, asked.parameters, status, json.dumps(body)),
        )


def in_use(key: str) -> ApiError:
    """The 409 of two requests at once."""
    return ApiError(
        409,
        "idempotency_error",
        "There is currently another in-progress request using this Idempotent Key (that probably means you "
        f"submitted twice, and the other request is still going through): {key}. Please try again later.",
        code="idempotency_key_in_use",
    )


def _differs(rule: str, asked: Asked) -> ApiError:
    return ApiError(
        400,
        "idempotency_error",
        f"Keys for idempotent requests can only be used {rule}. Try using a key other than '{asked.key}' "
        "if you meant to execute a different request.",
    )
