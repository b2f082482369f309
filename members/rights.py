"""Who meets whom: directory and help board are for members and who runs the place, as things are now."""

from datetime import date, datetime
from functools import wraps
from typing import Any, cast

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from members.access import View, signed_in
from members.models.membership import Membership
from members.models.user import User

RUNS_THE_PLACE = ("manager", "treasurer")


def house(day: date) -> "QuerySet[User]":
    """Everyone whose account is open and who is a member on `day`, or runs the place."""
    current = Membership.objects.on(day)
    belongs = Exists(current.filter(user=OuterRef("pk")))
    comes_with_theirs = Exists(current.filter(organisation__affiliations__user=OuterRef("pk")))
    runs = Exists(User.groups.through.objects.filter(user=OuterRef("pk"), group__name__in=RUNS_THE_PLACE))
    return User.objects.filter(
        Q(belongs) | Q(comes_with_theirs) | Q(runs) | Q(is_superuser=True), is_active=True
    )


def is_of_the_house(user: User, now: datetime) -> bool:
    """Whether this person is one of them."""
    return house(timezone.localdate(now)).filter(pk=user.pk).exists()


def members_only(view: View) -> View:
    """Open a view to the people of the house; others signed in read what it takes to be one."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        if user.is_authenticated and not is_of_the_house(user, timezone.now()):
            return render(request, "members/members_only.html", status=403)
        return cast("HttpResponseBase", view(request, *args, **kwargs))

    return signed_in(cast("View", guarded))
