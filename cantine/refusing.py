"""What no page of ours can mean is refused before one is asked."""

from collections.abc import Callable, Iterator

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse

NUL = "\0"
FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}


def refuse_nul(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer 400 to a NUL in address, form or cookies: PostgreSQL holds none, a look-up would be a 500."""

    def answer(request: HttpRequest) -> HttpResponse:
        if any(NUL in text for text in texts_of(request)):
            raise SuspiciousOperation("NUL in a request")
        return get_response(request)

    return answer


def texts_of(request: HttpRequest) -> Iterator[str]:
    """Everything of a request that views, or the session, look up."""
    yield request.path
    yield from request.COOKIES.values()
    for name, values in request.GET.lists():
        yield from (name, *values)
    if request.content_type in FORMS:
        for name, values in request.POST.lists():
            yield from (name, *map(str, values))
