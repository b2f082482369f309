"""Answering a change that who rents asked for by the private link."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.errors_ending import ChangeAnswered
from bookings.models import RentalChange, RentalRequest
from bookings.rental_change_words import change_facts
from bookings.services.rentals.changing import answer_change
from bookings.views.requests import SignedInRequest
from cantine.gestion import shown
from cantine.gestion.carrying import carrying
from cantine.gestion.change_form import AnswerForm
from members import reach
from members.access import role
from members.errors import Refused


@role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what waits for an answer, then send one: of what was read, not of what replaced it meanwhile."""
    if not request.user.has_perm("bookings.answer_rentalrequest"):
        raise PermissionDenied
    rows = reach.managed_by(RentalRequest.objects.filter(erased_at=None), request.user)
    asked = get_object_or_404(rows, pk=pk)
    change = asked.changes.unanswered().first()
    if change is None:
        if request.method == "POST":
            shown.refuse(request, ChangeAnswered())
        return redirect("admin:bookings_rentalrequest_change", pk)
    form, status = AnswerForm(request.POST or None, language=asked.language), 200
    if form.is_valid():
        try:
            if request.POST.get("change") != str(change.pk):
                raise ChangeAnswered
            answer_change(
                change=change,
                outcome=RentalChange.Outcome(form.cleaned_data["outcome"]),
                words=form.cleaned_data["words"],
                by=request.user,
                now=timezone.now(),
            )
        except Refused as refused:
            shown.refuse(request, refused)
            status = refused.status
        else:
            messages.success(request, _("Votre réponse part par e-mail à %(who)s.") % {"who": asked})
            return redirect("admin:bookings_rentalrequest_change", pk)
    elif form.is_bound:
        status = 422
    title = _("Répondre à %(who)s") % {"who": asked}
    context = {"asked": asked, "change": change, "facts": change_facts(change), "form": form}
    context["carrying"] = carrying(asked, change)
    return shown.page(request, "gestion/rental_change.html", status=status, title=title, **context)
