"""What the e-mail of the morning after says."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy

from events.models import Event, Registration
from events.services.thanking import who_came
from members.messages import kinds, topics
from members.texts import first_name


def load_thanks(ids: dict[str, Any]) -> dict[str, Any] | None:
    """Thanks for coming, with the slides and the way to say what one thought of it."""
    rows = Registration.objects.select_related("event__site", "event__space")
    registration = rows.filter(pk=ids["registration"], erased_at=None).first()
    if registration is None or registration.event.state != Event.State.PUBLISHED:
        return None
    event = registration.event
    if not who_came(event).filter(pk=registration.pk).exists():
        return None
    return {
        "registration": registration,
        "event": event,
        "local": event.local,
        "first_name": first_name(registration.name),
        "feedback_link": settings.PUBLIC_URL + reverse("events:feedback", args=[registration.key]),
        "agenda_link": settings.PUBLIC_URL + reverse("events:agenda"),
    }


def register() -> None:
    """Declare the messages of afterwards; called from `apps.py:ready`."""
    kinds.register(
        "events/thanks",
        load_thanks,
        label=gettext_lazy("remerciement après un événement"),
        topic=topics.EVENTS,
    )
