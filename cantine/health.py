"""`GET /healthz` and `/readyz`: whether each part works, in a word, and nothing more."""

from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from cantine import heartbeats, migrating
from members.access import before_second_factor, public


@before_second_factor
@public
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the database answers, 503 otherwise; without Redis people still book and pay."""
    found = {
        "database": works(ask_database),
        "redis": works(ask_redis),
        "worker": works(lambda: heartbeats.is_alive("worker")),
        "beat": works(lambda: heartbeats.is_alive("beat")),
    }
    words = {name: "ok" if is_up else "down" for name, is_up in found.items()}
    return JsonResponse(words, status=200 if found["database"] else 503)


@before_second_factor
@public
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when requests may come here: the database answers and has every table that this code knows."""
    found = {"database": works(ask_database), "migrations": works(lambda: not migrating.due())}
    words = {"database": "down", "migrations": "due"}
    said = {name: "ok" if is_up else words[name] for name, is_up in found.items()}
    return JsonResponse(said, status=200 if all(found.values()) else 503)


def works(ask: Callable[[], bool]) -> bool:
    """Whether the answer is yes; what cannot be asked does not work."""
    try:
        return ask()
    except (DatabaseError, InterfaceError, RedisError, OSError):
        return False


def ask_database() -> bool:
    """Whether PostgreSQL answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def ask_redis() -> bool:
    """Whether Redis answers."""
    return bool(get_redis_connection("redis").ping())
