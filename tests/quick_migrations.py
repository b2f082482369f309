"""The test database in a third of the time: what a migration says of an index draws no model anew.

Django keeps a drawn copy of every model while it migrates and draws it, and those beside it, anew for each
index, constraint and trigger: 0.1 s each, some three hundred times. Their statements need none of it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

OPTIONS = ("constraints", "indexes", "triggers")
OF_OPTIONS: tuple[tuple[type, str], ...] = (
    (ProjectState, "_append_option"),
    (ProjectState, "_remove_option"),
    (ProjectState, "_alter_option"),
    (AddTrigger, "state_forwards"),
    (RemoveTrigger, "state_forwards"),
)
"""What changes nothing but a list of these options; all end by asking to draw the model anew."""


@contextmanager
def quick_migrations() -> Iterator[None]:
    """Migrate quickly within; `make run`, and the tests that start it, migrate as everybody does."""
    with mock.patch.multiple(ProjectState, add_model=_with(_draw_it, ProjectState.add_model)):
        patches = [mock.patch.object(of, name, _with(_tell_it, getattr(of, name))) for of, name in OF_OPTIONS]
        for patch in patches:
            patch.start()
        yield
        for patch in patches:
            patch.stop()


def _with(instead: Callable[..., None], step: Callable[..., None]) -> Callable[..., None]:
    def quick(*args: Any, **named: Any) -> None:
        with mock.patch.object(ProjectState, "reload_model", instead):
            step(*args, **named)

    return quick


def _tell_it(state: ProjectState, app_label: str, model_name: str, delay: bool = False) -> None:
    """Give the drawn model its options as they are now."""
    if "apps" in state.__dict__:
        drawn = state.apps.get_model(app_label, model_name)._meta
        for option in OPTIONS:
            setattr(drawn, option, state.models[app_label, model_name.lower()].options.get(option, []))


def _draw_it(state: ProjectState, app_label: str, model_name: str, delay: bool = False) -> None:
    """Draw the new model alone."""
    if "apps" in state.__dict__:
        state.apps.render_multiple([state.models[app_label, model_name.lower()]])
