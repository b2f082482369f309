"""What our middleware adds to a request."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from members.models import User


class PageRequest(HttpRequest):
    """A request for a page that may be asked for in part (django_htmx)."""

    htmx: HtmxDetails


class SignedInRequest(PageRequest):
    """A request that LoginRequiredMiddleware let through."""

    user: User
