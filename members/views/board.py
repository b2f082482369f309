"""« Je cherche », « je propose »: the board, one notice with its replies, and writing."""

from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from members import board_page
from members.errors import Refused, TooOften
from members.inputs import focus_first_error
from members.models import Notice
from members.models.searching import forgiving
from members.notice_forms import NoticeForm, ReplyForm
from members.rights import members_only
from members.services import notices
from members.texts import typed
from members.views.requests import SignedInRequest

PER_PAGE = 20
SECTION = "members:board"


@members_only
@never_cache
@require_safe
def board(request: SignedInRequest) -> HttpResponse:
    """Show what members ask and offer."""
    now = timezone.now()
    asked = board_page.read(request.GET, request.user)
    found = board_page.chosen(asked, request.user, now)
    with forgiving():
        page = Paginator(found.with_names(now), PER_PAGE).get_page(request.GET.get("page"))
        rows = list(page)
    chips = board_page.chips(asked, request.user)
    context = {"asked": asked, "page": page, "notices": rows, "chips": chips, "now": now}
    return render(request, "members/notices/board.html", context)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: SignedInRequest) -> HttpResponse:
    """Put a notice on the board."""
    form = NoticeForm(typed(request.POST) if request.method == "POST" else None)
    if form.is_valid():
        try:
            limit(request, "write_notice")
            made = notices.post_notice(author=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Votre annonce est sur le tableau, pour trente jours."))
            return redirect(made)
    return written(request, form)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, slug: str) -> HttpResponse:
    """Change a notice of one's own."""
    notice = get_object_or_404(Notice, slug=slug, author=request.user)
    kept = {name: getattr(notice, name) for name in ("kind", "title", "body")}
    form = NoticeForm(typed(request.POST) if request.method == "POST" else None, initial=kept)
    if form.is_valid():
        try:
            notices.change_notice(notice=notice, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Votre annonce est à jour."))
            return redirect(notice)
    return written(request, form, notice=notice)


def written(request: SignedInRequest, form: NoticeForm, notice: Notice | None = None) -> HttpResponse:
    """The page where a notice is written."""
    focus_first_error(form)
    context = {"section": SECTION, "form": form, "notice": notice}
    return render(request, "members/notices/write.html", context, status=422 if form.errors else 200)


@members_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show a notice and take an answer to it."""
    found = find(request, slug)
    form = ReplyForm(typed(request.POST) if request.method == "POST" else None)
    if form.is_valid():
        try:
            limit(request, "reply_to_notice")
            notices.reply_to(notice=found, author=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Votre réponse est envoyée."))
            return redirect(found)
    focus_first_error(form)
    return render(
        request, "members/notices/notice.html", told(request, found, form), status=422 if form.errors else 200
    )


def told(request: SignedInRequest, found: Any, form: ReplyForm) -> dict[str, Any]:
    """What the page of a notice says."""
    now = timezone.now()
    replies = list(found.replies.with_names(now))
    return {
        "section": SECTION,
        "notice": found,
        "replies": replies,
        "helper": next((reply for reply in replies if reply.pk == found.helped_by_id), None),
        "form": form,
        "is_mine": found.author_id == request.user.pk,
        "is_open": found.takes_replies(now),
        "is_over": found.state == Notice.State.OPEN and found.expires_at <= now,
        "judges": request.user.has_role("manager"),
        "reports": list(found.reports.waiting()) if request.user.has_role("manager") else [],
    }


def find(request: SignedInRequest, slug: str) -> Any:
    """A notice that this person may read, with who wrote it, or 404."""
    now = timezone.now()
    return get_object_or_404(Notice.objects.visible_to(request.user, now).with_names(now), slug=slug)


def find_own(request: SignedInRequest, slug: str) -> Any:
    """A notice of this person's, with their name, or 404."""
    return get_object_or_404(Notice.objects.filter(author=request.user).with_names(timezone.now()), slug=slug)


def limit(request: SignedInRequest, action: str) -> None:
    """Refuse what is done more often than people do it."""
    if not ratelimit.consume(request, action=action, key=str(request.user.pk)):
        raise TooOften
