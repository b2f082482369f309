"""Addresses of the services, read from the environment and refused in one line when they make no sense."""

import warnings
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

REDIS_SCHEMES = ("redis://", "rediss://")


def database(url: str) -> dict[str, Any]:
    """Django's settings for the PostgreSQL at `url`."""
    try:
        with warnings.catch_warnings(action="ignore"):
            found: dict[str, Any] = environ.Env.db_url_config(url)
    except (ValueError, KeyError, ImproperlyConfigured):
        found = {}
    if found.get("ENGINE") != "django.db.backends.postgresql" or not found.get("NAME"):
        raise ImproperlyConfigured("DATABASE_URL must look like postgres://user:password@host:5432/name.")
    return found


def redis(url: str) -> str:
    """`url`, if it may be the address of a Redis or a Valkey."""
    if not url.startswith(REDIS_SCHEMES):
        raise ImproperlyConfigured("REDIS_URL must look like redis://:password@host:6379/0.")
    return url
