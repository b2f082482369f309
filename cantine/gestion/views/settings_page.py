"""« Réglages »: the reference data, grouped as one thinks of it."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cantine.gestion import navigation, shown
from members import reach


@require_safe
def settings_page(request: HttpRequest) -> HttpResponse:
    """List what this person may set."""
    groups = navigation.settings_groups(admin.site, request)
    opens = reach.of(request.user).everywhere
    return shown.page(request, "gestion/settings.html", title=_("Réglages"), groups=groups, opens=opens)
