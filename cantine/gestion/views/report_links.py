"""Private links to the report: who has one, when it was last opened; made and revoked here."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bookings.views.requests import SignedInRequest
from cantine.gestion import shown
from cantine.gestion.forms import ReportLinkForm
from cantine.models import ReportLink
from cantine.report.links import make_link, revoke_link
from members import reach
from members.access import role
from members.errors import Refused


@role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def report_links(request: SignedInRequest) -> HttpResponse:
    """List the links within reach, and make another."""
    form = ReportLinkForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            link = make_link(**form.cleaned_data, by=request.user, now=timezone.now())
        except Refused as refused:
            shown.refuse(request, refused)
        else:
            messages.success(request, _("Le lien pour %(who)s est prêt\u00a0: copiez-le.") % {"who": link})
            return redirect("admin:report_links")
    rows = reach.managed_by(ReportLink.objects.select_related("site", "created_by"), request.user)
    now = timezone.now()
    links = [
        (link, settings.PUBLIC_URL + reverse("report", args=[link.key]), link.expires_at <= now)
        for link in rows
    ]
    title = _("Liens vers le rapport")
    status = 422 if form.errors else 200
    return shown.page(request, "gestion/report_links.html", status, title=title, form=form, links=links)


@role("manager")
@require_POST
def revoke_report_link(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let a link open nothing from now on."""
    link = get_object_or_404(reach.managed_by(ReportLink.objects.all(), request.user), pk=pk)
    revoke_link(link=link, by=request.user, now=timezone.now())
    messages.success(request, _("Le lien pour %(who)s n’ouvre plus rien.") % {"who": link})
    return redirect("admin:report_links")
