"""The requests of pages that anyone may ask for."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from members.models import User


class AnyoneRequest(HttpRequest):
    """A request of someone who may not be signed in."""

    user: User | AnonymousUser
    htmx: HtmxDetails


class PersonRequest(HttpRequest):
    """A request that LoginRequiredMiddleware let through."""

    user: User
    htmx: HtmxDetails


def person_of(request: HttpRequest) -> User | None:
    """Who asks, if they are signed in."""
    return request.user if request.user.is_authenticated else None


def seen(request: HttpRequest) -> datetime | None:
    """The `changed_at` of what a form was made from, as it says; None where it says nothing."""
    try:
        return datetime.fromisoformat(request.POST.get("seen", ""))
    except ValueError:
        return None
