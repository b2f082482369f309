"""The registry of personal data: app → the copy of what it knows of a person, and its erasure.

Each room registers, in `apps.py:ready`, for itself and for the apps of others that it looks after. A system
check refuses a table that points at a person, or holds an address, and that no handler knows.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db.models import EmailField, Model, QuerySet
from django.utils.functional import Promise

from members.models import User


@dataclass(frozen=True, slots=True)
class File:
    """A file of the copy: `name` in the archive, `read` gives its bytes or raises `FileNotFoundError`."""

    name: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Copy:
    """What a room knows of a person: rows by what they are, each sort in words (`said`), and files."""

    rows: dict[str, Any]
    said: Mapping[str, str | Promise]
    files: list[File] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Matter:
    """What someone reads before their account is closed; one that `blocks` has to be settled first."""

    text: str | Promise
    url: str = ""
    link: str | Promise = ""
    blocks: bool = False


class Handler(Protocol):
    """What a room does about the data of a person; a module or an object."""

    @property
    def KNOWN(self) -> "Collection[type[Model]]":  # noqa: N802 - a constant of a module
        """The tables it has an answer for: copied, erased, or kept for a reason in docs/privacy.md."""

    def copy(self, person: User) -> Copy:
        """Read all that is known of `person`."""

    def matters(self, person: User, *, now: datetime) -> Iterator[Matter]:
        """Say what closing the account of `person` means here."""

    def erase(self, person: User, *, now: datetime) -> None:
        """Step: erase or sever what is known of `person`. Done twice it does nothing more."""

    def left(self, people: "QuerySet[User]") -> Iterator[str]:
        """Say what is still known of people who were erased, for the audit."""


_handlers: dict[str, Handler] = {}


def register(app: str, handler: Handler) -> None:
    """Declare who looks after the personal data of an app, by its label."""
    if app in _handlers and _handlers[app] is not handler:
        raise ValueError(f"The personal data of {app} are looked after twice.")
    _handlers[app] = handler


def handlers() -> list[Handler]:
    """The handlers, the upper rooms first: the addresses by which they find a person are erased last."""
    found: list[Handler] = []
    for handler in reversed(_handlers.values()):
        if handler not in found:
            found.append(handler)
    return found


def matters(person: User, *, now: datetime) -> list[Matter]:
    """Gather what closing an account means, what has to be settled first on top."""
    found = [matter for handler in handlers() for matter in handler.matters(person, now=now)]
    return sorted(found, key=lambda matter: not matter.blocks)


def is_personal(model: type[Model]) -> bool:
    """Whether a table points at a person or holds addresses."""
    return any(
        isinstance(each, EmailField) or (each.is_relation and each.related_model is User)
        for each in (*model._meta.local_fields, *model._meta.local_many_to_many)
    )


def tells_of_people(model: type[Model]) -> bool:
    """Whether rows of a table are about people: a handler knows it, or it belongs to a customer."""
    customers = any(each.name == "customer" for each in model._meta.get_fields())
    return customers or any(model in handler.KNOWN for handler in handlers())


def check_handlers(app_configs: Any = None, **rest: Any) -> list[CheckMessage]:
    """Refuse at start a table with personal data that no handler knows."""
    known = {model for handler in handlers() for model in handler.KNOWN}
    unknown = [model for model in apps.get_models() if is_personal(model) and model not in known]
    return [
        Error(
            f"{model._meta.label} has personal data, and no handler knows it.",
            hint="Copy and erase it in the personal data of its room, and name it in KNOWN.",
            id="members.E005",
        )
        for model in unknown
    ]
