"""Signs of life of the worker and of beat, kept where they are seen even without Redis."""

from django.core.cache import cache

SECONDS = 90


def note(name: str) -> None:
    """Note that `name` (worker, beat) works now; it is believed for 90 seconds."""
    cache.set(f"heartbeat:{name}", True, SECONDS)


def is_alive(name: str) -> bool:
    """Whether `name` gave a sign of life in the last 90 seconds."""
    return bool(cache.get(f"heartbeat:{name}", False))
