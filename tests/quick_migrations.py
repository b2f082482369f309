"""The test database in a quarter of the time: a model that a migration changes is drawn anew alone.

Django keeps a drawn copy of every model while it migrates, and draws it anew at each change with all those
that are related to it, here nearly all of them, hundreds of times. Statements need none of it; a migration
that runs Python does, and has them all drawn anew before it runs, as after every change that Django puts off.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.db.migrations.state import ProjectState


@contextmanager
def quick_migrations() -> Iterator[None]:
    """Migrate quickly within; `make run`, and the tests that start it, migrate as everybody does."""
    with mock.patch.object(ProjectState, "_find_reload_model", _itself):
        yield


def _itself(state: ProjectState, app_label: str, model_name: str, delay: bool) -> set[tuple[str, str]]:
    """Name the model alone among those to draw anew, and put the others off."""
    state.is_delayed = True
    return {(app_label, model_name)}
