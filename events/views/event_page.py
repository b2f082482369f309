"""One event's public page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from events.models import Event
from events.register_form import RegisterForm
from events.views.register_form import register_context
from members.access import public
from members.errors import Refused
from members.markdown import to_html


@public
@require_safe
def event(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an event, with the way to register."""
    return render_event(request, find_event(request, slug))


def find_event(request: HttpRequest, slug: str) -> Event:
    """One event this person may read, or 404."""
    shown = Event.objects.visible_to(request.user, timezone.now()).listed()
    return get_object_or_404(shown, slug=slug)


def render_event(
    request: HttpRequest,
    event: Event,
    *,
    form: RegisterForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw an event's page; `form` and `refusal` are those of a registration that was refused."""
    now = timezone.now()
    context = {
        "section": "events:agenda",
        "local": event.local,
        "description": to_html(event.description),
        **register_context(request, event, now, form=form, refusal=refusal),
    }
    return render(request, "events/event.html", context, status=status)
