"""The page of the style guide."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cantine.styleguide import page
from members.access import public


@public
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every token and component; it exists on a developer's machine only."""
    if settings.CANTINE_ENV != "local":
        raise Http404
    return render(request, "styleguide/index.html", page.context())
