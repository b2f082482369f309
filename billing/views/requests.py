"""Who asks: someone signed in, or perhaps nobody known."""

from django.http import HttpRequest

from members.models import User


class SignedInRequest(HttpRequest):
    """A request that LoginRequiredMiddleware let through."""

    user: User


def person_of(request: HttpRequest) -> User | None:
    """Who asks, if they are signed in."""
    return request.user if request.user.is_authenticated else None
