"""Signs of life of the worker and of beat, kept where they are seen even without Redis."""

from datetime import datetime

from django.core.cache import cache

SECONDS = 90
BACKUP = "backup:last"


def note(name: str) -> None:
    """Note that `name` (worker, beat) works now; it is believed for 90 seconds."""
    cache.set(f"heartbeat:{name}", True, SECONDS)


def is_alive(name: str) -> bool:
    """Whether `name` gave a sign of life in the last 90 seconds."""
    return bool(cache.get(f"heartbeat:{name}", False))


def note_backup(now: datetime) -> None:
    """Note that a backup was made and verified; it stays noted until the next one."""
    cache.set(BACKUP, now.isoformat(), None)


def last_backup() -> datetime | None:
    """When the last backup was made, as far as is known."""
    found = cache.get(BACKUP)
    return datetime.fromisoformat(found) if found else None
