"""How a person signs in, and where they are signed in now."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from members.access import before_second_factor, signed_in
from members.devices import device_said
from members.second_factor import waits_for_second_factor
from members.services.sessions import end_sessions, sessions_of
from members.views.requests import SignedInRequest


@before_second_factor
@signed_in
@never_cache
@require_safe
def security(request: SignedInRequest) -> HttpResponse:
    """List second factors and open sessions."""
    mine = list(Authenticator.objects.filter(user=request.user).order_by("created_at"))
    of_type = {kind: [each for each in mine if each.type == kind] for kind in Authenticator.Type}
    codes = of_type[Authenticator.Type.RECOVERY_CODES]
    sessions = [
        (each, device_said(each.user_agent), each.session_key == request.session.session_key)
        for each in sessions_of(request.user)
    ]
    context = {
        "keys": of_type[Authenticator.Type.WEBAUTHN],
        "totp": of_type[Authenticator.Type.TOTP],
        "codes_left": len(codes[0].wrap().get_unused_codes()) if codes else None,
        "lacks": waits_for_second_factor(request.user),
        "sessions": sessions,
        "others": sum(not current for _each, _device, current in sessions),
    }
    return render(request, "members/security.html", context)


@before_second_factor
@signed_in
@require_POST
def end_session(request: SignedInRequest, pk: int) -> HttpResponse:
    """End one session; another person's is not there."""
    if end_sessions(request.user, but=request.session.session_key, only=pk):
        messages.success(request, _("Cette session est terminée."))
    return redirect("members:security")


@before_second_factor
@signed_in
@require_POST
def end_others(request: SignedInRequest) -> HttpResponse:
    """End every session but this one."""
    ended = end_sessions(request.user, but=request.session.session_key)
    words = ngettext("%(number)s session est terminée.", "%(number)s sessions sont terminées.", ended)
    messages.success(request, words % {"number": ended} if ended else _("Il n’y en avait pas d’autre."))
    return redirect("members:security")
