"""The members' directory, one's page in it, and writing it."""

from typing import Any

from allauth.core import ratelimit
from allauth.core.internal.ratelimit import consume as consume_always
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from members import directory_page
from members.access import signed_in
from members.inputs import focus_first_error
from members.models import Notice, Profile
from members.profile_form import ProfileForm
from members.rights import is_of_the_house, members_only
from members.services.profiles import ALBUM, profile_of, save_profile
from members.texts import typed
from members.views.requests import SignedInRequest

PER_PAGE = 24


@members_only
@never_cache
@require_safe
def directory(request: SignedInRequest) -> HttpResponse:
    """Show who is in the directory: everyone, or who was searched for."""
    # The public function lets every GET pass.
    key = str(request.user.pk)
    if not consume_always(request, app="allauth.account", action="read_directory", key=key, limit_get=True):
        return render(request, "429.html", status=429)
    asked = directory_page.read(request.GET)
    everyone = Profile.objects.listed(timezone.localdate())
    if asked.text:
        keys = directory_page.nearest(everyone, asked)
        page: Page[Any] = Paginator(keys, PER_PAGE).get_page(request.GET.get("page"))
        people = Profile.objects.select_related("user").in_bulk(list(page))
        rows, found = [people[key] for key in page if key in people], everyone.filter(pk__in=keys)
    else:
        found = directory_page.chosen(everyone, asked)
        page = Paginator(found.select_related("user"), PER_PAGE).get_page(request.GET.get("page"))
        rows = list(page)
    context = {
        "asked": asked,
        "page": page,
        "profiles": rows,
        "chips": directory_page.chips(found, asked),
        "is_listed": Profile.objects.filter(user=request.user, is_listed=True).exists(),
    }
    return render(request, "members/directory.html", context)


@members_only
@never_cache
@require_safe
def profile(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show one person as members see them, with what they ask and offer."""
    now = timezone.now()
    shown = get_object_or_404(Profile.objects.visible_to(request.user, now).select_related("user"), slug=slug)
    notices = (
        Notice.objects.open_at(now).filter(author=shown.user).with_names(now).order_by("-created_at")[:5]
    )
    context = {
        "section": "members:directory",
        "profile": shown,
        "card": shown.card,
        "is_mine": shown.user_id == request.user.pk,
        "notices": notices if shown.is_listed else [],
    }
    return render(request, "members/profile.html", context)


@members_only
@require_safe
def photo(request: SignedInRequest, name: str) -> HttpResponseBase:
    """Give a photo to whoever may see the profile it is on; it is asked for anew each time."""
    seen = Profile.objects.visible_to(request.user, timezone.now())
    theirs = seen.filter(shown__contains=["photo"]) | seen.filter(user=request.user)
    if not (theirs.filter(photo=name).exists() or theirs.filter(photo_small=name).exists()):
        raise Http404
    try:
        response = FileResponse(ALBUM.open(name), content_type="image/jpeg")
    except FileNotFoundError:
        raise Http404 from None
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = "inline"
    return response


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit_profile(request: SignedInRequest) -> HttpResponse:
    """Write one's profile; whoever is no member may too, and is listed once they are."""
    now = timezone.now()
    kept = profile_of(request.user)
    data = typed(request.POST) if request.method == "POST" else None
    form = ProfileForm(data, request.FILES or None, profile=kept)
    if request.method == "POST":
        if not ratelimit.consume(request, action="save_profile", key=str(request.user.pk)):
            return render(request, "429.html", status=429)
        if form.is_valid():
            saved = save_profile(user=request.user, draft=form.draft(), now=now)
            said = (
                _("C’est enregistré\u00a0: vous êtes dans l’annuaire.")
                if saved.is_listed
                else _("C’est enregistré.")
            )
            messages.success(request, said)
            return redirect("members:edit_profile")
        focus_first_error(form)
    context = {
        "section": "members:me",
        "form": form,
        "profile": kept,
        "is_member": is_of_the_house(request.user, now),
    }
    return render(request, "members/edit_profile.html", context, status=422 if form.errors else 200)
