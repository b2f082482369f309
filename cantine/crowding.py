"""Who waited too long for their turn at something many want at once is asked to try again: 503, never 500."""

from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

WAITED_TOO_LONG = {"55P03", "57014"}
"""A lock was not free in time; a statement took too long (PostgreSQL, appendix A)."""
AGAIN_IN = 5
"""Seconds, said to browsers and machines by Retry-After (RFC 9110 §10.2.3)."""


class AnswerCrowds:
    """Answer 503 where the database ended a wait: its transaction has written nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Say so on a page; other errors go their way."""
        code = getattr(error.__cause__, "pgcode", None)
        if not isinstance(error, OperationalError) or code not in WAITED_TOO_LONG:
            return None
        answer = render(request, "503.html", status=503)
        answer["Retry-After"] = str(AGAIN_IN)
        return answer
