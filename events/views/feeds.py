"""The agenda where other software reads it: calendars (iCal) and feed readers (Atom)."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models.functions import Coalesce, Greatest
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.models import Site
from events import public_feeds
from events.models import Category, Event
from events.models.event_reading import EventQuerySet
from events.structured import sentence
from members.access import public
from members.markdown import to_html
from members.texts import without_controls

IN_ATOM = 40

if TYPE_CHECKING:
    _Feed = Feed[Event, None]
else:
    _Feed = Feed  # Django's own takes no type arguments


@public
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Give every public event as a calendar."""
    return answered(request, fed(timezone.now()), name=_("Événements de la Cantine Numérique"))


@public
@require_safe
def category_calendar(request: HttpRequest, code: str) -> HttpResponse:
    """Give the public events of a category."""
    category = get_object_or_404(Category, code=code)
    name = _("%(what)s de la Cantine Numérique") % {"what": category.label_plural}
    return answered(request, fed(timezone.now()).filter(category=category), name=name)


@public
@require_safe
def site_calendar(request: HttpRequest, code: str) -> HttpResponse:
    """Give the public events of a site."""
    site = get_object_or_404(Site.objects.open(), code=code)
    name = _("Événements de la Cantine Numérique, %(site)s") % {"site": site.name}
    return answered(request, fed(timezone.now()).of(site), name=name)


def fed(now: datetime) -> EventQuerySet:
    """The events of the feeds: public, to come or not long over, cancelled ones included."""
    since = now - timedelta(days=public_feeds.KEPT_DAYS)
    events = Event.objects.public(now).filter(ends_at__gt=since, published_at__isnull=False)
    return events.select_related("category", "site", "space").order_by("starts_at", "pk")


def answered(request: HttpRequest, events: EventQuerySet, *, name: str) -> HttpResponse:
    """The calendar, or 304 when the reader has it already."""
    address = settings.PUBLIC_URL + request.path
    content = public_feeds.calendar_of(events[: public_feeds.MOST], name=name, address=address)
    etag = quote_etag(sha256(content).hexdigest()[:32])
    known = parse_etags(request.headers.get("If-None-Match", ""))
    response: HttpResponse
    if etag in {each.removeprefix("W/") for each in known}:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="cantine-numerique.ics"'
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=900"
    response["Access-Control-Allow-Origin"] = "*"
    return response


class Agenda(_Feed):
    """What was published last, as Atom; addresses are absolute by PUBLIC_URL, whatever host was asked."""

    feed_type = Atom1Feed

    def title(self) -> str:
        """Say the feed's name."""
        return _("Événements de la Cantine Numérique")

    def subtitle(self) -> str:
        """Say what is in it."""
        return _("Ateliers, rencontres et repas, publiés par les bénévoles de Normandie WebXperts.")

    def link(self) -> str:
        """Lead to the agenda."""
        return f"{settings.PUBLIC_URL}{reverse('events:agenda')}"

    def feed_url(self) -> str:
        """Say the feed's own address."""
        return f"{settings.PUBLIC_URL}{reverse('events:atom')}"

    def items(self) -> list[Event]:
        """List the newest, those still to come only."""
        now = timezone.now()
        events = Event.objects.public(now).filter(ends_at__gt=now, published_at__isnull=False)
        shown = events.alias(shown_from=Greatest("published_at", Coalesce("visible_from", "published_at")))
        return list(
            shown.select_related("category", "site", "space").order_by("-shown_from", "-pk")[:IN_ATOM]
        )

    def item_title(self, item: Event) -> str:
        """Say the title, and that it was called off."""
        title = without_controls(item.title)
        return _("Annulé\u00a0: %(title)s") % {"title": title} if item.is_cancelled else title

    def item_description(self, item: Event) -> str:
        """Say when, where, and the text."""
        text = to_html(without_controls(item.description))
        return str(format_html("<p>{}</p>{}", without_controls(sentence(item)), text))

    def item_link(self, item: Event) -> str:
        """Lead to its page."""
        return f"{settings.PUBLIC_URL}{item.get_absolute_url()}"

    def item_guid(self, item: Event) -> str:
        """Stay the same whatever changes."""
        return self.item_link(item)

    def item_pubdate(self, item: Event) -> datetime | None:
        """Say when it was first to be read."""
        return max((each for each in (item.published_at, item.visible_from) if each), default=None)

    def item_updateddate(self, item: Event) -> datetime:
        """Say when it changed."""
        return item.changed_at

    def item_categories(self, item: Event) -> list[str]:
        """List category and tags."""
        return [item.category.label, *map(without_controls, item.tags)]


_feed = Agenda()


@public
@require_safe
def atom(request: HttpRequest) -> HttpResponse:
    """Give what was published last to feed readers."""
    response = _feed(request)
    response["Cache-Control"] = "public, max-age=900"
    return response
