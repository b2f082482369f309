"""Pages that concern the whole house: for whoever manages every site, or reads everything."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from members import reach

View = TypeVar("View", bound=Callable[..., Any])


def everywhere(view: View) -> View:
    """Refuse a manager whose reach has an end; goes under the declaration of the role."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not reach.of(request.user).everywhere:
            raise PermissionDenied
        return cast("HttpResponseBase", view(request, *args, **kwargs))

    return cast("View", guarded)


def sees_everything(view: View) -> View:
    """Refuse who reads only a part of the house; goes under the declaration of the role."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not reach.sees_everything(request.user):
            raise PermissionDenied
        return cast("HttpResponseBase", view(request, *args, **kwargs))

    return cast("View", guarded)
