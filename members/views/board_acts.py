"""What is done with a notice: solved, prolonged, taken back, reported; hidden or kept by the manager."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from members.access import role
from members.errors import Refused
from members.inputs import focus_first_error
from members.models import Notice
from members.notice_forms import ReasonForm, SolveForm
from members.rights import members_only
from members.services import notices
from members.texts import typed
from members.views.board import SECTION, find, find_own, limit
from members.views.requests import SignedInRequest


@dataclass(frozen=True)
class Words:
    """What the page of a question says."""

    title: str
    verb: str
    done: str
    note: str = ""


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def solve(request: SignedInRequest, slug: str) -> HttpResponse:
    """Say that it is solved, and thank."""
    found = find_own(request, slug)
    now = timezone.now()
    data = typed(request.POST) if request.method == "POST" else None
    form = SolveForm(data, replies=found.replies.with_names(now).exclude(author=request.user))

    def act() -> None:
        thanks = form.cleaned_data["thanks"]
        notices.solve_notice(notice=found, by=request.user, helped_by=form.helper(), thanks=thanks, now=now)

    done = _("L’annonce est résolue, et les réponses remerciées.")
    return asked(request, found, form, act, Words(_("C’est résolu"), _("Marquer comme résolue"), done))


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: SignedInRequest, slug: str) -> HttpResponse:
    """Tell the manager that it should not be there."""
    found = find(request, slug)
    form = ReasonForm(typed(request.POST) if request.method == "POST" else None)

    def act() -> None:
        limit(request, "report_notice")
        notices.report_notice(notice=found, by=request.user, now=timezone.now(), **form.cleaned_data)

    words = Words(
        _("Signaler cette annonce"),
        _("Signaler"),
        _("C’est signalé à l’équipe, merci."),
        _("L’équipe de la Cantine lit votre message\u202f; qui a écrit l’annonce ne le voit pas."),
    )
    return asked(request, found, form, act, words)


@role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def hide(request: SignedInRequest, slug: str) -> HttpResponse:
    """Take it off the board, with a reason."""
    found = find(request, slug)
    form = ReasonForm(typed(request.POST) if request.method == "POST" else None)

    def act() -> None:
        notices.hide_notice(notice=found, by=request.user, now=timezone.now(), **form.cleaned_data)

    words = Words(
        _("Masquer cette annonce"),
        _("Masquer l’annonce"),
        _("L’annonce n’est plus montrée."),
        _("Qui a écrit l’annonce reçoit ce motif par e-mail."),
    )
    return asked(request, found, form, act, words)


def asked(
    request: SignedInRequest, found: Notice, form: forms.Form, act: Callable[[], None], words: Words
) -> HttpResponse:
    """A page with one question; answered, it acts and leads back to the notice."""
    if form.is_valid():
        try:
            act()
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, words.done)
            return redirect(found)
    focus_first_error(form)
    context = {"section": SECTION, "notice": found, "form": form, "words": words}
    return render(request, "members/notices/act.html", context, status=422 if form.errors else 200)


@members_only
@require_POST
def prolong(request: SignedInRequest, slug: str) -> HttpResponse:
    """Keep it thirty days more."""
    found, done = find_own(request, slug), _("Votre annonce reste trente jours de plus.")
    return at_once(request, found, notices.prolong_notice, done, now=True)


@members_only
@require_POST
def close(request: SignedInRequest, slug: str) -> HttpResponse:
    """Take it back."""
    return at_once(request, find_own(request, slug), notices.close_notice, _("Votre annonce est retirée."))


@role("manager")
@require_POST
def keep(request: SignedInRequest, slug: str) -> HttpResponse:
    """Judge that it may stand."""
    return at_once(request, find(request, slug), notices.keep_notice, _("L’annonce est montrée."), now=True)


def at_once(
    request: SignedInRequest, found: Notice, step: Callable[..., Notice], done: str, *, now: bool = False
) -> HttpResponse:
    """Do what one button says, and lead back to the notice."""
    when: dict[str, Any] = {"now": timezone.now()} if now else {}
    try:
        step(notice=found, by=request.user, **when)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect(found)
