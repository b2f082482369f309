"""What every answer behind a private link shares: it is told to nobody, and a link that is shut says so."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

Answer = TypeVar("Answer", bound=HttpResponseBase)


class Shut(Exception):
    """The link opens nothing."""


def private(response: Answer) -> Answer:
    """Nothing of a private link is told onwards, or found by a search engine."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def says_when_shut(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Answer `Shut` with one same page, which tells not why: a wrong link, one that is over, one revoked."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Shut:
            return private(render(request, "report/shut.html", status=404))

    return guarded
