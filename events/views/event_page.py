"""One event's public page."""

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from events.models import Event
from events.register_form import RegisterForm
from events.sharing import picture_of, version_of
from events.structured import shared
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
    shown = Event.objects.visible_to(request.user, timezone.now()).with_queue()
    return get_object_or_404(
        shown.select_related("category", "site__seller", "space").prefetch_related(
            "tickets", "speakers", "partners"
        ),
        slug=slug,
    )


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
        "site": event.site,
        "local": event.local,
        "description": to_html(event.description),
        "is_over": event.is_over(now),
        "speakers": event.speakers.all(),
        "partners": event.partners.all(),
        "by": by_line(event),
        "shared": shared(event, now),
        **register_context(request, event, now, form=form, refusal=refusal),
    }
    return render(request, "events/event.html", context, status=status)


def by_line(event: Event) -> str:
    """« par Inès Malandain », from those who speak; empty where nobody is announced."""
    names = [each.name for each in event.speakers.all()]
    return _("par %(names)s") % {"names": ", ".join(names)} if names else ""


PICTURE_KEPT = 24 * 3600


def _picture_etag(request: HttpRequest, slug: str) -> str | None:
    event = Event.objects.public(timezone.now()).filter(slug=slug).first()
    return quote_etag(version_of(event)) if event else None


@public
@require_safe
@condition(etag_func=_picture_etag)
def sharing_picture(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the picture that goes with a link to a public event: drawn once for each version of it."""
    events = Event.objects.public(timezone.now()).select_related("category", "site", "space")
    event = get_object_or_404(events, slug=slug)
    key = f"sharing-{version_of(event)}"
    content = cache.get(key)
    if content is None:
        content = picture_of(event)
        cache.set(key, content, PICTURE_KEPT)
    response = HttpResponse(content, content_type="image/png")
    response["Cache-Control"] = "public, max-age=3600"
    return response
