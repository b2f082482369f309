"""Legal pages and their older versions."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from members.access import before_second_factor, public
from members.formats import known
from members.markdown import to_html
from members.models import Page


@before_second_factor
@public
@require_safe
def page(request: HttpRequest, slug: str, version: int | None = None) -> HttpResponse:
    """Show the version in force today, or the one asked for; in French where there is no other."""
    pages = Page.objects.on(timezone.localdate()).filter(slug=slug)
    versions = list(pages.filter(language=known(get_language()))) or list(pages.filter(language="fr"))
    shown = next((each for each in versions if version in (None, each.version)), None)
    if shown is None:
        raise Http404
    return render(
        request,
        "members/page.html",
        {"shown": shown, "body": to_html(shown.body), "versions": versions, "current": versions[0]},
    )
