"""Faults that tests ask for: the API down, slow, limited, or cut off after its work."""

import threading

from cantine.standin.errors import ApiError
from cantine.standin.idempotency import in_use
from cantine.standin.state import Store

COUNTED = ("down", "refuse", "rate_limited", "conflict", "drop_after")
UNTIL_TOLD = -1


class Severed(Exception):
    """The connection is to be closed without an answer."""


class Faults:
    """Counters kept in the store; a count of -1 lasts until told otherwise."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def set(self, **wanted: int) -> None:
        """Ask for faults: counts by name, and `slow_ms` for every request."""
        with self._store.transaction():
            known = self._store.setting("api_faults", {})
            self._store.set_setting("api_faults", {**known, **wanted})

    def _take(self, name: str) -> bool:
        with self._store.transaction():
            known = self._store.setting("api_faults", {})
            left = known.get(name, 0)
            if left > 0:
                self._store.set_setting("api_faults", {**known, name: left - 1})
            return bool(left)

    def before(self, key: str | None) -> None:
        """What goes wrong before the request is looked at."""
        pause = self._store.setting("api_faults", {}).get("slow_ms", 0)
        if pause:
            threading.Event().wait(pause / 1000)
        if self._take("refuse"):
            raise Severed
        if self._take("down"):
            raise ApiError(503, "api_error", "The stand-in was told to be down.")
        if self._take("rate_limited"):
            raise ApiError(429, "invalid_request_error", "Request rate limit exceeded.", code="rate_limit")
        if key is not None and self._take("conflict"):
            raise in_use(key)

    def after(self) -> None:
        """What goes wrong once the work is done and kept."""
        if self._take("drop_after"):
            raise Severed
