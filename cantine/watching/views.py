"""`GET /metrics`: what Prometheus reads, for it alone."""

from ipaddress import ip_address
from secrets import compare_digest

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from cantine.watching import figures
from cantine.watching.backlog import Backlog
from members.access import before_second_factor, with_key

PROXIED = ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "X-Real-IP")


@before_second_factor
@with_key("METRICS_TOKEN as a bearer's, or asked from this machine itself where there is none")
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Requests, what waits and since when; 403 to everybody else."""
    if not may_read(request):
        return HttpResponse(status=403, content_type="text/plain")
    return HttpResponse(figures.written([Backlog(timezone.now())]), content_type=CONTENT_TYPE_LATEST)


def may_read(request: HttpRequest) -> bool:
    """Whether the token is said; without one, whether this machine asks, and no proxy on it for another."""
    if settings.METRICS_TOKEN:
        said = request.headers.get("Authorization", "")
        return compare_digest(said.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    if any(name in request.headers for name in PROXIED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
