"""What every page of ours in /gestion/ shares: its frame, its site, its refusals."""

from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.forms import BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from members.errors import Refused

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2999, 12, 31)


def page(request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
    """Render a page inside the frame of /gestion/."""
    frame = {} if "navigation" in context else admin.site.each_context(request)
    return render(request, template, {**frame, **context}, status=status)


def language() -> str:
    """The language of the screen."""
    return get_language() or "fr"


def day_asked(request: HttpRequest, default: date) -> date:
    """The day of `?jour=`, or `default`."""
    try:
        asked = date.fromisoformat(request.GET.get("jour", ""))
    except ValueError:
        return default
    return asked if FIRST_DAY <= asked <= LAST_DAY else default


def refuse(request: HttpRequest, refused: Refused) -> None:
    """Say why, and what would be possible."""
    text = f"{refused.message} {refused.instead or ''}".strip()
    messages.error(request, text)


def added(request: HttpRequest, lines: "BaseFormSet[Any]", *, added: bool) -> None:
    """A line that was added has no errors yet: nobody has typed in it; one that was not is told."""
    if added:
        lines.forms[-1].errors.clear()
    elif lines.forms:
        messages.error(request, _("Il y a déjà quarante lignes\u00a0: c’est le plus qu’il peut y en avoir."))


def back(request: HttpRequest, default: str) -> str:
    """Where the form came from, when that is a page of this site."""
    wanted = request.POST.get("retour", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/"):
        return wanted
    return default
