"""What the stand-in remembers, in one SQLite file that survives a kill -9."""

import json
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Json = dict[str, Any]

SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, parent TEXT NOT NULL,
    body TEXT NOT NULL, private TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (kind, seq);
CREATE INDEX IF NOT EXISTS objects_by_status ON objects (kind, json_extract(body, '$.status'));
CREATE INDEX IF NOT EXISTS objects_by_parent ON objects (parent, kind);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS replays (
    key TEXT PRIMARY KEY, at INTEGER NOT NULL, endpoint TEXT NOT NULL, parameters TEXT NOT NULL,
    status INTEGER NOT NULL, body TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, state TEXT NOT NULL, due REAL NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0, answer TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (state, due);
"""
TABLES = ("objects", "settings", "replays", "deliveries")


class Store:
    """Objects as JSON, and a few tables beside them; one connection, one writer at a time."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._depth = 0
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=10)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is kept, or nothing; nested ones join the outer."""
        with self._lock:
            if self._depth == 0:
                self._db.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                if self._depth == 1:
                    self._db.execute("ROLLBACK")
                raise
            else:
                if self._depth == 1:
                    self._db.execute("COMMIT")
            finally:
                self._depth -= 1

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        """The rows of a query, or of nothing for a statement that writes."""
        with self._lock:
            return self._db.execute(sql, tuple(values)).fetchall()

    def now(self) -> int:
        """The stand-in's clock in seconds: the real one, moved by what the tests asked for."""
        return int(self.clock())

    def clock(self) -> float:
        """The same, with its fraction."""
        return time.time() + float(self.setting("clock_offset", 0))

    def setting(self, name: str, default: Any = None) -> Any:
        """A remembered value, or `default`."""
        found = self.rows("SELECT value FROM settings WHERE name = ?", (name,))
        return json.loads(found[0]["value"]) if found else default

    def set_setting(self, name: str, value: Any) -> None:
        """Remember a value that JSON can hold."""
        self.rows(
            "INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, json.dumps(value)),
        )

    def add(self, body: Json, *, parent: str = "", private: Json | None = None) -> Json:
        """Keep a new object; `private` is what Stripe knows and never shows."""
        self.rows(
            "INSERT INTO objects (id, kind, parent, body, private) VALUES (?, ?, ?, ?, ?)",
            (body["id"], body["object"], parent, json.dumps(body), json.dumps(private or {})),
        )
        return body

    def save(self, body: Json) -> Json:
        """Keep the new state of a known object."""
        self.rows("UPDATE objects SET body = ? WHERE id = ?", (json.dumps(body), body["id"]))
        return body

    def find(self, identifier: str, kind: str | None = None) -> Json | None:
        """The object of that id (and kind), or None."""
        found = self.rows("SELECT kind, body FROM objects WHERE id = ?", (identifier,))
        if not found or (kind is not None and found[0]["kind"] != kind):
            return None
        return _loaded(found[0]["body"])

    def private(self, identifier: str) -> Json:
        """What was kept beside an object without being shown."""
        return _loaded(self.rows("SELECT private FROM objects WHERE id = ?", (identifier,))[0]["private"])

    def children(self, parent: str, kind: str) -> list[Json]:
        """The objects kept under another, oldest first."""
        found = self.rows(
            "SELECT body FROM objects WHERE parent = ? AND kind = ? ORDER BY seq", (parent, kind)
        )
        return [_loaded(row["body"]) for row in found]

    def where(self, kind: str, **fields: object) -> list[Json]:
        """Objects of a kind whose top fields have these values, oldest first."""
        conditions = "".join(f" AND json_extract(body, '$.{name}') = ?" for name in fields)
        found = self.rows(
            f"SELECT body FROM objects WHERE kind = ?{conditions} ORDER BY seq",  # noqa: S608 - names are ours
            (kind, *fields.values()),
        )
        return [_loaded(row["body"]) for row in found]

    def forget_everything(self) -> None:
        """Empty every table: each test begins with a new account."""
        with self.transaction():
            for table in TABLES:
                self.rows(f"DELETE FROM {table}")  # noqa: S608 - names are ours


def _loaded(text: str) -> Json:
    loaded: Json = json.loads(text)
    return loaded
