"""What our middleware adds to a request."""

from django.http import HttpRequest

from members.models import User


class SignedInRequest(HttpRequest):
    """A request that LoginRequiredMiddleware let through."""

    user: User
