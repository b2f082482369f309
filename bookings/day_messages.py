"""What the e-mails about problems, and about what people write to the house, say."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from bookings.models import ContactMessage, Problem
from bookings.services import contacting, problems
from bookings.services.telling import still_answers
from members.messages import kinds

Context = dict[str, Any] | None


def load_reported(ids: dict[str, Any]) -> Context:
    """Something is wrong; dropped once it is solved."""
    said = _problem(ids, *Problem.WAITING)
    return said if said is not None and still_answers(ids, problems.RIGHT, said["site"]) else None


def load_solved(ids: dict[str, Any]) -> Context:
    """What was reported is solved."""
    return _problem(ids, Problem.State.SOLVED)


def _problem(ids: dict[str, Any], *states: str) -> Context:
    rows = Problem.objects.select_related("site", "space", "reported_by")
    problem = rows.filter(pk=ids["problem"], state__in=states).first()
    if problem is None:
        return None
    return {
        "problem": problem,
        "site": problem.site,
        "by": problem.reported_by,
        "first_name": problem.reported_by.first_name if problem.reported_by else "",
        "reported_at": problem.reported_at.astimezone(problem.site.zone),
        "link": settings.PUBLIC_URL + reverse("bookings:problems"),
        "desk_link": settings.PUBLIC_URL + reverse("admin:bookings_problem_change", args=[problem.pk]),
    }


def load_written(ids: dict[str, Any]) -> Context:
    """Somebody wrote to the house; dropped once it is dealt with."""
    message = ContactMessage.objects.waiting().select_related("site").filter(pk=ids["message"]).first()
    if message is None or not still_answers(ids, contacting.RIGHT, message.site):
        return None
    desk = reverse("admin:bookings_contactmessage_change", args=[message.pk])
    return {
        "message": message,
        "site": message.site,
        "sent_at": timezone.localtime(message.sent_at, message.site.zone),
        "desk_link": settings.PUBLIC_URL + desk,
    }


def register() -> None:
    """Declare these messages; called from `apps.py:ready`."""
    said = {
        "problems/reported": (load_reported, gettext_lazy("problème signalé")),
        "problems/solved": (load_solved, gettext_lazy("problème résolu")),
        "contact/written": (load_written, gettext_lazy("message du formulaire de contact")),
    }
    for template, (load, label) in said.items():
        kinds.register(template, load, label=label)
