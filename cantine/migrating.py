"""Which migrations this code has and the database has not; found by their file names, nothing is imported."""

import pkgutil
from functools import cache
from importlib.util import find_spec

from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

Name = tuple[str, str]
"""App and migration."""


@cache
def ours() -> frozenset[Name]:
    """Every migration of the code that runs, which changes only with it."""
    found: set[Name] = set()
    for config in apps.get_app_configs():
        spec = find_spec(f"{config.name}.migrations") if config.path else None
        for folder in (spec.submodule_search_locations or []) if spec else []:
            found |= {
                (config.label, module.name)
                for module in pkgutil.iter_modules([folder])
                if not module.ispkg and module.name[0] not in "_~"
            }
    return frozenset(found)


def applied() -> set[Name]:
    """Every migration that the database has had."""
    return set(MigrationRecorder(connection).applied_migrations())


def due() -> set[Name]:
    """What `migrate` would do."""
    return set(ours() - applied())
