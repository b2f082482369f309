"""Taking up an invitation, with an account or on the way to one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from members.access import with_key
from members.errors import Refused
from members.models import Affiliation, Invitation, User
from members.services.organisations import accept_invitation


@with_key("the invitation's own key, which serves once")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, key: str) -> HttpResponse:
    """Say who invites to what; POST, signed in, joins. An invitation that is over says only that."""
    now, refusal = timezone.now(), None
    rows = Invitation.objects.select_related("organisation", "invited_by")
    invitation = rows.filter(key=key).first()
    if invitation is None:
        raise Http404
    user = request.user if request.user.is_authenticated else None
    if request.method == "POST" and user is not None:
        try:
            accept_invitation(invitation=invitation, by=user, now=now)
        except Refused as refused:
            refusal = refused
        else:
            said = _("Vous faites maintenant partie de «\u202f%(organisation)s\u202f».")
            messages.success(request, said % {"organisation": invitation.organisation})
            return redirect("members:organisation", invitation.organisation_id)
    elif user is not None and belongs_by(invitation, user):
        return redirect("members:organisation", invitation.organisation_id)
    is_open = Invitation.objects.open_at(now).filter(pk=invitation.pk).exists()
    context = {"invitation": invitation, "is_open": is_open, "refusal": refusal}
    return render(request, "members/join.html", context, status=200 if is_open else 410)


def belongs_by(invitation: Invitation, user: User) -> bool:
    """Whether this person took the invitation up, and belongs: they follow their link once more."""
    rows = Affiliation.objects.filter(organisation=invitation.organisation_id, user=user)
    return invitation.accepted_by == user and rows.exists()
