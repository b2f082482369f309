"""What no page of ours can mean is refused before one is asked."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict

NUL = "\0"
FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}


class RefuseNul:
    """Answer 400 to a NUL in address, cookies or form: PostgreSQL holds none, a look-up would be a 500."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at what is there before a view is chosen."""
        refuse((request.path, *request.COOKIES.values(), *texts_of(request.GET)))
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *args: Any) -> None:
        """Look at the form; a view without CSRF is a machine's, and reads the raw body."""
        # Webhooks and one-click unsubscribing: reading the form here would take the raw body away from them.
        if request.content_type in FORMS and not getattr(view, "csrf_exempt", False):
            refuse(texts_of(request.POST))


def refuse(texts: Iterable[str]) -> None:
    """Raise what Django answers with 400 when one of these holds a NUL."""
    if any(NUL in text for text in texts):
        raise SuspiciousOperation("NUL in a request")


def texts_of(data: QueryDict) -> Iterator[str]:
    """Every name and value."""
    for name, values in data.lists():
        yield from (name, *map(str, values))
