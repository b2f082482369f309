"""One's own data: a copy of them, and the end of the account."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import logout
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members import confirming, personal_data
from members.access import signed_in, with_key
from members.errors import Refused
from members.forms_privacy import CloseForm, CodeForm
from members.models import Closing, DataRequest
from members.periods import PERIODS
from members.services.closing import close_account, name_to_type, take_back
from members.services.copying import ask_for_copy
from members.views.requests import SignedInRequest

READS = 10


@signed_in
@never_cache
@require_safe
@confirming.confirmed
def data(request: SignedInRequest) -> HttpResponse:
    """Show how far the copy is, who of the staff read what, and the way out."""
    now = timezone.now()
    asked = DataRequest.objects.filter(user=request.user).first()
    context = {
        "asked": asked,
        "is_ready": asked is not None and DataRequest.objects.ready(now).filter(pk=asked.pk).exists(),
        "may_ask": asked is None or asked.asked_on < timezone.localdate(now),
        "reads": request.user.staff_reads.select_related("reader")[:READS],
        "days": PERIODS["exports"].days,
        "section": "members:me",
    }
    return render(request, "members/data.html", context)


@signed_in
@require_POST
@confirming.confirmed
def ask(request: SignedInRequest) -> HttpResponse:
    """Ask for the copy."""
    try:
        ask_for_copy(user=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, f"{refused.message} {refused.instead}")
    else:
        messages.success(
            request, _("Nous préparons vos données. Un e-mail vous dira quand elles seront prêtes.")
        )
    return redirect("members:data")


@signed_in
@never_cache
@require_safe
def copy(request: SignedInRequest, key: str) -> FileResponse:
    """Hand out the copy to whom it is about, who has the link and is signed in."""
    ready = DataRequest.objects.ready(timezone.now()).filter(user=request.user)
    found = get_object_or_404(ready, key=key)
    try:
        file = default_storage.open(found.path, "rb")
    except FileNotFoundError:
        raise Http404 from None
    name = f"cantine-{found.asked_on}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@confirming.confirmed
def close(request: SignedInRequest) -> HttpResponse:
    """Say what closing the account means, and close it."""
    now, refusal = timezone.now(), None
    form = CloseForm(request.POST or None, name=name_to_type(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            close_account(user=request.user, typed=form.cleaned_data["name"], now=now)
        except Refused as refused:
            refusal = refused
        else:
            logout(request)
            messages.success(request, _("Votre compte est fermé. Un e-mail vous dit comment le rouvrir."))
            return redirect("account_inactive")
    found = personal_data.matters(request.user, now=now)
    context = {
        "form": form,
        "refusal": refusal,
        "first": [matter for matter in found if matter.blocks],
        "after": [matter for matter in found if not matter.blocks],
        "days": PERIODS["closing"].days,
        "section": "members:me",
    }
    return render(
        request, "members/close.html", context, status=409 if refusal else 422 if form.errors else 200
    )


@with_key("the key of a closing, written to the address of its account")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: SignedInRequest, key: str) -> HttpResponse:
    """Ask whether the account is to be opened again, and open it."""
    now = timezone.now()
    if request.method != "POST":
        found = get_object_or_404(Closing.objects.to_take_back(now), key=key)
        return render(request, "members/reopen.html", {"day": timezone.localdate(found.due_at)})
    try:
        take_back(key=key, now=now)
    except Refused as refused:
        return render(request, "members/reopen.html", {"refusal": refused}, status=409)
    messages.success(request, _("Votre compte est rouvert. Connectez-vous avec un code par e-mail."))
    return redirect("account_request_login_code")


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: SignedInRequest) -> HttpResponse:
    """Confirm by a code by e-mail that it is you, and go where you were going."""
    goal = _goal(request)
    form = CodeForm(request.POST if request.POST.get("action") == "type" else None)
    if request.POST.get("action") == "send":
        if ratelimit.consume(request, action="request_login_code", key=request.user.email):
            confirming.send_code(request, request.user)
        else:
            messages.error(request, _("Trop de demandes en peu de temps. Attendez quelques minutes."))
    elif request.method == "POST" and form.is_valid():
        if confirming.accept(request, request.user, form.cleaned_data["code"]):
            return redirect(goal)
        form.add_error("code", _("Ce code n’est pas le bon."))
    context = {"form": form, "goal": goal, "is_awaited": confirming.is_awaited(request)}
    return render(request, "members/confirm.html", context, status=422 if form.errors else 200)


def _goal(request: SignedInRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if ours else "members:data"
