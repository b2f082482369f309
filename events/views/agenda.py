"""The agenda."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from members.access import public


@public
@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    """Show what is coming up."""
    return render(request, "events/agenda.html", {"section": "events:agenda"})
