"""What is owed about a request: to who asked, and to who answers; in the caller's transaction."""

from collections.abc import Iterable

from django.contrib.auth.models import Permission
from django.db.models import Q

from bookings.models import RentalRequest
from members.messages import owing
from members.models import Message, User


def answerers() -> Iterable[User]:
    """Who answers requests, by their role or in person."""
    right = Permission.objects.filter(content_type__app_label="bookings", codename="answer_rentalrequest")
    having = Q(groups__permissions__in=right) | Q(user_permissions__in=right)
    return User.objects.filter(having, is_active=True).distinct().order_by("pk")


def owe_received(request: RentalRequest) -> None:
    """Step: owe the receipt with the private link, and tell who answers."""
    receipt = _letter(request, "received", to=request.email, language=request.language)
    owing.owe(receipt, *_to_answerers(request, "to_answer"))


def owe_withdrawn(request: RentalRequest) -> None:
    """Step: tell who answers that there is nothing to answer any more."""
    owing.owe(*_to_answerers(request, "withdrawn"))


def _to_answerers(request: RentalRequest, name: str) -> list[Message]:
    """A letter to each who answers, and where nobody does to the site's own address."""
    people = [(each.email, each.language) for each in answerers()]
    if not people and request.site.email:
        people = [(request.site.email, "fr")]
    return [_letter(request, name, to=email, language=language) for email, language in people]


def _letter(request: RentalRequest, name: str, *, to: str, language: str) -> Message:
    return owing.letter(
        to=to,
        template=f"rentals/{name}",
        key=f"rentals:{name}:{request.pk}:{to}",
        language=language,
        request=request.pk,
    )
