"""Around every request: its name, how long it took, a line in the log."""

import logging
from collections.abc import Callable
from time import perf_counter

from django.http import HttpRequest, HttpResponse

from cantine.watching import asked, figures

log = logging.getLogger("cantine.requests")
UNKNOWN = "none"
"""The view of an address that leads nowhere: invented ones must not each make a figure."""


class WatchRequests:
    """Stands first, so that what the others refuse is seen as well."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Name the request, go on, and note what came of it; neither address nor person is written down."""
        name, began = asked.named(request.headers.get(asked.HEADER, "")), perf_counter()
        asked.request_id.set(name)  # until request_finished: Django logs what was refused after us
        response = self.get_response(request)
        view, seconds = view_of(request), perf_counter() - began
        figures.count_request(view, request.method or "", response.status_code, seconds)
        log.info(
            "%s %s %s",
            request.method,
            view,
            response.status_code,
            extra={"view": view, "status": response.status_code, "ms": round(seconds * 1000)},
        )
        response[asked.HEADER] = name
        return response


def view_of(request: HttpRequest) -> str:
    """The name of the view that was chosen: what comes from the address is not in it."""
    match = request.resolver_match
    return (match.view_name or match._func_path) if match else UNKNOWN
