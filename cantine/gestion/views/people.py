"""Small decisions about people, messages and money: roles, another try, an anomaly dealt with."""

from collections.abc import Sequence

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from billing.models import Anomaly
from billing.payments import anomalies
from bookings.models import Site
from bookings.views.requests import SignedInRequest
from cantine import roles
from cantine.gestion import shown
from cantine.gestion.forms import RolesForm
from members import reach
from members.access import role
from members.desk import ROLE_WORDS
from members.errors import Refused
from members.messages.owing import owe_again
from members.models import Message, User
from members.services.reading import note_read


@role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def give_roles(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give or take the roles a manager may give; those that open /gestion/ are a superuser's to give."""
    person = get_object_or_404(reach.managed_by(User.objects.all(), request.user), pk=pk)
    note_read(reader=request.user, person_id=pk, page=request.path, now=timezone.now())
    allowed = set(roles.TABLE) if request.user.is_superuser else set(roles.GIVEN_BY_MANAGERS)
    choices = [(name, str(ROLE_WORDS[name])) for name in roles.TABLE if name in allowed]
    form = RolesForm(
        request.POST if request.method == "POST" else None,
        choices=choices,
        initial={"roles": sorted(person.roles & allowed), "sites": sorted(reach.of(person).sites)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            wanted = set(form.cleaned_data["roles"])
            change_roles(person, wanted=wanted, allowed=allowed, sites=form.chosen_sites, by=request.user)
        except Refused as refused:
            shown.refuse(request, refused)
        else:
            messages.success(request, _("%(who)s\u00a0: les rôles sont enregistrés.") % {"who": person})
        return redirect("admin:members_user_change", pk)
    title = _("Rôles\u00a0: %(who)s") % {"who": person}
    kept = [str(ROLE_WORDS.get(name, name)) for name in sorted(person.roles - allowed)]
    return shown.page(request, "gestion/roles.html", title=title, form=form, person=person, kept=kept)


@transaction.atomic(durable=True)
def change_roles(
    person: User, *, wanted: set[str], allowed: set[str], by: User, sites: Sequence[Site] | None = None
) -> None:
    """Give what is ticked and take what no longer is, among the roles `by` may decide on.

    A manager's sites are those ticked, whether the role is new or not.
    """
    has = set(person.roles) & allowed
    for name in sorted(wanted & allowed):
        if name not in has or name == roles.MANAGER:
            roles.give_role(user=person, role=name, by=by, sites=sites)
    for name in sorted(has - wanted):
        roles.take_role(user=person, role=name, by=by)


@role("manager")
@require_POST
def send_again(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put a message that was given up back in the outbox."""
    message = get_object_or_404(reach.managed_by(Message.objects.all(), request.user), pk=pk)
    try:
        owe_again(message=message, now=timezone.now())
    except Refused as refused:
        shown.refuse(request, refused)
    else:
        messages.success(request, _("Le message repart vers %(to)s.") % {"to": message.to})
    return redirect("admin:members_message_change", pk)


@role("manager", "treasurer")
@require_POST
def resolve(request: SignedInRequest, pk: int) -> HttpResponse:
    """Note that an anomaly has been dealt with."""
    anomaly = get_object_or_404(reach.seen_by(Anomaly.objects.all(), request.user), pk=pk)
    anomalies.resolve(anomaly=anomaly, by=request.user, now=timezone.now())
    messages.success(request, _("L’anomalie est notée comme réglée."))
    return redirect("admin:billing_anomaly_changelist")
