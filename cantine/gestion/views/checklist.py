"""« Mise en service »: what the place lacks before it opens, and where each point is mended."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookings.views.requests import SignedInRequest
from cantine.gestion import shown
from cantine.gestion.everywhere import everywhere
from cantine.setup import checklist as points
from cantine.setup import mailing
from members.access import role


@role("manager")
@everywhere
@require_safe
def checklist(request: SignedInRequest) -> HttpResponse:
    """List the points, those that are missing first."""
    found = points.points(timezone.now())
    left = [point for point in found if not point.done]
    ordered = sorted(found, key=lambda point: point.done)
    return shown.page(
        request, "gestion/checklist.html", title=_("Mise en service"), points=ordered, left=len(left)
    )


@role("manager")
@everywhere
@require_POST
def send_trial(request: SignedInRequest) -> HttpResponse:
    """Owe a message to whoever asks."""
    user = request.user
    mailing.owe_trial(to=user.email, language=user.language, now=timezone.now())
    messages.success(request, _("Un message d’essai part vers %(to)s.") % {"to": user.email})
    return redirect("admin:checklist")
