"""What is asked for by itself: robots.txt and sitemap.xml by search engines, the icon by browsers."""

from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.models import RentalSpace
from events.models import Event
from members.access import before_second_factor, public

CLOSED = (
    "/gestion/",
    "/compte/",
    "/moi/",
    "/commandes/",
    "/inscriptions/",
    "/billets/",
    "/louer/demande/",
    "/rapport/",
)
"""What is private anyway; named so that crawlers don't try."""
MOST = 5_000
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


@before_second_factor
@public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Say where crawlers need not go, and where the map is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]
    lines.append(f"Sitemap: {settings.PUBLIC_URL}{reverse('sitemap')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@before_second_factor
@public
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """List the pages that anyone may find, public events with the day they changed."""
    root = Element("urlset", xmlns=NAMESPACE)
    for name in ("home", "joining", "events:agenda", "bookings:reserve", "ecosystem", "open_data"):
        SubElement(SubElement(root, "url"), "loc").text = settings.PUBLIC_URL + reverse(name)
    rentals = RentalSpace.objects.public().select_related("space__site")
    renting = dict.fromkeys(reverse("bookings:rent_at", args=[each.space.site.code]) for each in rentals)
    for path in (*renting, *(each.get_absolute_url() for each in rentals)):
        SubElement(SubElement(root, "url"), "loc").text = settings.PUBLIC_URL + path
    events = Event.objects.public(timezone.now()).order_by("-starts_at")
    for event in events.only("slug", "changed_at")[:MOST]:
        entry = SubElement(root, "url")
        SubElement(entry, "loc").text = settings.PUBLIC_URL + event.get_absolute_url()
        SubElement(entry, "lastmod").text = event.changed_at.isoformat()
    content = tostring(root, encoding="utf-8", xml_declaration=True)
    response = HttpResponse(content, content_type="application/xml; charset=utf-8")
    response["Cache-Control"] = "public, max-age=3600"
    return response


@before_second_factor
@public
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Lead to the icon that pages name: beside a PDF or a feed, which name none, browsers ask here."""
    response = HttpResponseRedirect(static("img/favicon.svg"))
    response["Cache-Control"] = "public, max-age=86400"
    return response
