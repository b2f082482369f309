"""The day of a rental for the manager: what its holder reads, whom they call, what is moved."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.access_sheet import AccessSheet, sheet_of
from bookings.models import RentalChange, RentalDay, RentalQuote
from bookings.services.rentals.staying import HAPPENS, move_rental, name_contact
from bookings.stay import stay_of
from bookings.views.requests import SignedInRequest
from cantine.gestion import shown
from cantine.gestion.rental_day_form import ContactForm, MoveForm
from cantine.gestion.views.balancing import won
from members.access import role
from members.errors import Refused


@role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def rental_day(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the day of a rental that is sure; take who is to be called, or what is moved."""
    if not request.user.has_perm("bookings.answer_rentalrequest"):
        raise PermissionDenied
    rental = won(request.user, pk)
    stay = stay_of(rental) if rental.request.state in HAPPENS else None
    if stay is None:
        return redirect("admin:bookings_rentalrequest_change", pk)
    do, data = request.POST.get("do", ""), request.POST
    contact = ContactForm(data) if do == "contact" else ContactForm.of(rental)
    change = asked_for(request, rental)
    move = MoveForm(data if do == "move" else None, rental=rental, stay=stay, wanted=change)
    sent = {"contact": contact, "move": move}.get(do)
    if sent is None or not sent.is_valid():
        return page(request, rental, contact, move, change, status=422 if sent else 200)
    try:
        act(rental, do, contact, move)
    except Refused as refused:
        shown.refuse(request, refused)
        return page(request, rental, contact, move, change, status=refused.status)
    if do == "move":
        noted = _("C’est noté. La personne est prévenue par e-mail de ce qui a changé.")
    else:
        noted = _("C’est noté. Si la personne a déjà été prévenue, elle reçoit le changement.")
    messages.success(request, noted)
    return redirect("admin:answer_change" if change and do == "move" else "admin:rental_day", pk)


def asked_for(request: SignedInRequest, rental: RentalQuote) -> RentalChange | None:
    """The change that waits for an answer, where one comes from the page that answers it."""
    if "changement" not in request.GET:
        return None
    return RentalChange.objects.unanswered().filter(request=rental.request_id).first()


def act(rental: RentalQuote, do: str, contact: ContactForm, move: MoveForm) -> None:
    """Do what was sent."""
    if do == "contact":
        name_contact(rental=rental, **contact.cleaned_data)
    else:
        period, spaces = move.cleaned_data["period"], move.spaces
        move_rental(rental=rental, period=period, spaces=spaces, party=move.party, now=timezone.now())


def page(
    request: SignedInRequest,
    rental: RentalQuote,
    contact: ContactForm,
    move: MoveForm,
    change: RentalChange | None,
    *,
    status: int = 200,
) -> HttpResponse:
    """The page of a day."""
    day = RentalDay.objects.filter(rental=rental).first()
    sheet = sheet_of(rental, now=timezone.now())
    context: dict[str, Any] = {
        "rental": rental,
        "sheet": sheet,
        "facts": facts_of(sheet) if sheet is not None else [],
        "contact": contact,
        "move": move,
        "change": change,
        "reminded_at": day.reminded_at if day else None,
    }
    title = _("Le jour de la location de %(who)s") % {"who": rental.request}
    return shown.page(request, "gestion/rental_day.html", status=status, title=title, **context)


def facts_of(sheet: AccessSheet) -> list[tuple[str, str]]:
    """What its holder reads, in one list."""
    contact, left = (_("Contact le jour même"), sheet.contact.said), (_("Reste à payer"), sheet.left)
    return [*sheet.times, *sheet.coming, *sheet.inside, contact, left]
