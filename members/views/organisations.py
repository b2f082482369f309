"""The organisations one belongs to: their people, inviting, roles, leaving."""

from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.access import signed_in
from members.errors import Refused
from members.errors_organisation import TooManyInvitations
from members.forms import ROLES_SAID, InvitationForm
from members.models import Affiliation, Organisation, User
from members.services.organisations import change_role, invite, remove_person, withdraw_invitation
from members.views.requests import SignedInRequest


@signed_in
@require_safe
def organisations(request: SignedInRequest) -> HttpResponse:
    """List those this person belongs to."""
    own = Affiliation.objects.filter(user=request.user).select_related("organisation")
    context = {"section": "members:me", "affiliations": own.order_by("organisation__name", "pk")}
    return render(request, "members/organisations.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the people of an organisation; POST, of an owner, invites one more."""
    found = own_organisation(request.user, pk)
    form = InvitationForm(request.POST if request.method == "POST" else None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            send_invitation(request, found, form)
            return redirect("members:organisation", pk)
        except Refused as refused:
            refusal = refused
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(
        request, "members/organisation.html", page_of(request.user, found, form, refusal), status=status
    )


def send_invitation(request: SignedInRequest, found: Organisation, form: InvitationForm) -> None:
    """Invite the address of the form, and say so; raises what that is refused for."""
    if not ratelimit.consume(request, action="invite_person", key=str(request.user.pk)):
        raise TooManyInvitations
    email = form.cleaned_data["email"]
    invite(
        organisation=found,
        email=email,
        role=form.cleaned_data["role"],
        by=request.user,
        now=timezone.now(),
    )
    messages.success(request, _("L’invitation est partie à %(email)s.") % {"email": email})


def page_of(user: User, found: Organisation, form: InvitationForm, refusal: Refused | None) -> dict[str, Any]:
    """What the page of an organisation shows; invitations to its owners only."""
    people = list(found.affiliations.select_related("user").order_by("user__name", "pk"))
    mine = next(each for each in people if each.user_id == user.pk)
    waiting = found.invitations.unanswered().order_by("-created_at") if mine.is_owner else []
    return {
        "section": "members:me",
        "organisation": found,
        "people": people,
        "mine": mine,
        "invitations": waiting,
        "now": timezone.now(),
        "form": form,
        "refusal": refusal,
    }


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: SignedInRequest, pk: int, affiliation: int) -> HttpResponse:
    """Ask what becomes of one of its people, then do it: another role, or no longer belonging."""
    found = own_organisation(request.user, pk)
    mine = get_object_or_404(found.affiliations, user=request.user)
    theirs = get_object_or_404(found.affiliations.select_related("user", "organisation"), pk=affiliation)
    refusal = None
    if request.method == "POST":
        try:
            return decide(request, theirs)
        except Refused as refused:
            refusal = refused
    context = {
        "section": "members:me",
        "organisation": found,
        "theirs": theirs,
        "mine": mine,
        "is_me": theirs.pk == mine.pk,
        "roles": ROLES_SAID,
        "refusal": refusal,
    }
    return render(request, "members/person.html", context, status=refusal.status if refusal else 200)


def decide(request: SignedInRequest, theirs: Affiliation) -> HttpResponse:
    """Do what the form asks: « retirer », or another role."""
    name = theirs.user.name or theirs.user.email
    if request.POST.get("do") == "remove":
        remove_person(affiliation=theirs, by=request.user, now=timezone.now())
        if theirs.user_id == request.user.pk:
            said = _("Vous ne faites plus partie de «\u202f%(organisation)s\u202f».")
            messages.success(request, said % {"organisation": theirs.organisation})
            return redirect("members:organisations")
        messages.success(request, _("%(name)s n’en fait plus partie.") % {"name": name})
    elif request.POST.get("role") in Affiliation.Role.values:
        change_role(affiliation=theirs, role=request.POST["role"], by=request.user, now=timezone.now())
        messages.success(request, _("Le rôle de %(name)s est changé.") % {"name": name})
    return redirect("members:organisation", theirs.organisation_id)


@signed_in
@require_POST
def withdraw(request: SignedInRequest, pk: int, invitation: int) -> HttpResponse:
    """Take an invitation back."""
    found = get_object_or_404(Organisation.objects.owned_by(request.user), pk=pk)
    theirs = get_object_or_404(found.invitations.select_related("organisation"), pk=invitation)
    withdraw_invitation(invitation=theirs, by=request.user, now=timezone.now())
    messages.success(request, _("L’invitation de %(email)s est retirée.") % {"email": theirs.email})
    return redirect("members:organisation", pk)


def own_organisation(user: User, pk: int) -> Organisation:
    """One that this person belongs to, or 404."""
    return get_object_or_404(Organisation.objects.joined_by(user), pk=pk)
