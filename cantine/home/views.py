"""The one view of « / »."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cantine.home import reading, visitor
from members.access import public


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the place to a visitor, and today to someone who comes here."""
    now = timezone.now()
    if request.user.is_authenticated:
        return render(request, "home/today.html", {"today": reading.today_of(request.user, now)})
    return render(request, "home/visitor.html", visitor.context(now))
