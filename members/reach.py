"""What someone of the staff sees and acts on: the registry of reaches.

A manager's reach is her sites; a superuser's is everything; the treasurer reads everything. This room knows
no site: bookings says how a reach is read (`read_with`), and each room says, for its models, which rows lie
within one (`register`). A model of /gestion/ without a rule is refused at start (`check_reach`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib import admin
from django.core.checks import CheckMessage, Error
from django.db.models import Model, Q, QuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User

Rows = TypeVar("Rows", bound="QuerySet[Any]")


@dataclass(frozen=True)
class Reach:
    """The sites someone manages, with their codes and sellers; `everywhere` includes sites to come.

    `whole_sellers` are those that sell at no other site.
    """

    everywhere: bool = False
    person: int = 0
    sites: frozenset[int] = frozenset()
    codes: frozenset[str] = frozenset()
    sellers: frozenset[int] = frozenset()
    whole_sellers: frozenset[int] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether nothing lies within it."""
        return not self.everywhere and not self.sites

    def covers(self, site: int) -> bool:
        """Whether this site is within it."""
        return self.everywhere or site in self.sites


EVERYWHERE, NOWHERE = Reach(everywhere=True), Reach()

Rule = Callable[[Reach], Q]

_rules: dict[type[Model], Rule | None] = {}
_changing: dict[type[Model], Rule] = {}
_reader: list[Callable[["User"], Reach]] = []
KEPT = "_reach"
"""Where a person's reach is kept for the request, like their roles."""


def read_with(reader: Callable[["User"], Reach]) -> None:
    """Declare how the reach of a manager is read."""
    _reader[:] = [reader]


def register(model: type[Model], rule: Rule, *, changed: Rule | None = None) -> None:
    """Declare which rows of a model lie within a reach, and which of them bind nothing outside of it."""
    _rules[model] = rule
    if changed is not None:
        _changing[model] = changed


def share(*models: type[Model]) -> None:
    """Declare models that belong to no site: read whole, and changed by who manages every site."""
    _rules.update(dict.fromkeys(models))


def of(user: "User | AnonymousUser") -> Reach:
    """What this person manages, read once per request."""
    if not user.is_authenticated or not user.is_active:
        return NOWHERE
    if user.is_superuser:
        return EVERYWHERE
    if KEPT not in user.__dict__:
        user.__dict__[KEPT] = _reader[0](user)
    found: Reach = user.__dict__[KEPT]
    return found


def forget(user: "User") -> None:
    """Read the reach anew: roles or sites have changed."""
    user.__dict__.pop(KEPT, None)


def sees_everything(user: "User | AnonymousUser") -> bool:
    """Whether nothing is hidden from this person: superusers, treasurers, managers of every site."""
    return of(user).everywhere or (user.is_authenticated and user.has_role("treasurer"))


def runs_something(user: "User | AnonymousUser") -> bool:
    """Whether there is something at the desk for this person: a manager without a site is one no longer."""
    return user.is_staff and (sees_everything(user) or not of(user).is_empty)


def within(model: type[Model], reach: Reach) -> Q:
    """The rows of a model within a reach, as a condition."""
    rule = _rules[model]
    if reach.everywhere or rule is None:
        return Q(pk__isnull=False)
    return Q(pk__in=[]) if reach.is_empty else rule(reach)


def seen(model: type[Model], user: "User | AnonymousUser") -> Q:
    """The rows that who runs the place may read, as a condition."""
    return Q(pk__isnull=False) if sees_everything(user) else within(model, of(user))


def sight(user: "User | AnonymousUser") -> Reach:
    """As far as this person of the staff may read."""
    return EVERYWHERE if sees_everything(user) else of(user)


def inside(rows: Rows, reach: Reach) -> Rows:
    """Those of `rows` that lie within a reach."""
    if reach.everywhere or _rules[rows.model] is None:
        return rows
    return rows.filter(within(rows.model, reach))


def seen_by(rows: Rows, user: "User | AnonymousUser") -> Rows:
    """Those of `rows` that this person of the staff may read."""
    return inside(rows, sight(user))


def managed_by(rows: Rows, user: "User | AnonymousUser") -> Rows:
    """Those of `rows` that this person may act on."""
    return inside(rows, of(user))


def manages(user: "User | AnonymousUser", thing: Model) -> bool:
    """Whether this person may act on a row as a manager."""
    if of(user).everywhere:
        return True
    return managed_by(type(thing)._default_manager.filter(pk=thing.pk), user).exists()


def may_change(user: "User | AnonymousUser", model: type[Model], thing: Model | None = None) -> bool:
    """Whether this person may change rows of a model, or this one: what binds other sites is not theirs."""
    found = of(user)
    if found.everywhere:
        return True
    if _rules[model] is None:
        return False
    if thing is None:
        return True
    rows = managed_by(model._default_manager.filter(pk=thing.pk), user)
    return rows.filter(_changing[model](found) if model in _changing else Q()).exists()


def has_rule(model: type[Model]) -> bool:
    """Whether rows of a model belong to sites."""
    return _rules.get(model) is not None


def is_known(model: type[Model]) -> bool:
    """Whether someone said to whom rows of a model belong."""
    return model in _rules


def check_reach(app_configs: Any = None, **rest: Any) -> list[CheckMessage]:
    """Refuse at start a list of /gestion/ whose rows nobody said to belong to a site, or to all."""
    return [
        Error(f"Nobody says which rows of {model._meta.label} a manager may see.", id="members.E006")
        for model in admin.site._registry
        if model not in _rules
    ]
