"""Who may come in: each view carries exactly one of these declarations.

`LoginRequiredMiddleware` closes everything; a declaration opens a view, or narrows it further, and leaves its
word in `view.access`, from which the system check (members/checks.py) and the tests' access matrix are made.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"
SIGNED_IN = "signed_in"
WITH_KEY = "with_key"
BEFORE_SECOND_FACTOR = "before_second_factor"
ROLES = ("coworker", "volunteer", "manager", "treasurer")


def _declare(view: View, access: str, **more: Any) -> View:
    for name, value in {"access": access, **more}.items():
        setattr(view, name, value)
    return view


def public(view: View) -> View:
    """Open a view to everyone."""
    return _declare(login_not_required(view), PUBLIC)


def signed_in(view: View) -> View:
    """Open a view to anyone signed in; what is not theirs is a 404 by `visible_to(user)`."""
    return _declare(view, SIGNED_IN)


def with_key(reason: str) -> Callable[[View], View]:
    """Open a view to whoever holds a key that the view itself verifies; `reason` names that key."""

    def decorate(view: View) -> View:
        return _declare(login_not_required(view), WITH_KEY, access_reason=reason)

    return decorate


def before_second_factor(view: View) -> View:
    """Leave a view open to staff without their second factor yet: their role gives them nothing there."""
    setattr(view, BEFORE_SECOND_FACTOR, True)
    return view


def role(*names: str) -> Callable[[View], View]:
    """Open a view to people with one of these roles (and to superusers); others signed in get 403."""
    unknown = set(names) - set(ROLES)
    if unknown or not names:
        raise ValueError(f"Unknown roles: {sorted(unknown)}")

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated or not request.user.has_role(*names):
                raise PermissionDenied
            return cast("HttpResponseBase", view(request, *args, **kwargs))

        return _declare(cast("View", guarded), ",".join(names))

    return decorate
