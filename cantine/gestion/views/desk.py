"""At the desk: arrivals, and money taken."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from billing.models import Document, Order
from billing.payments.owed import owed_on
from billing.settlement.services import take_at_desk
from bookings.models import Booking
from bookings.services import preparing, presence
from bookings.views.requests import SignedInRequest
from cantine.gestion import shown
from cantine.gestion.arrivals import names_of
from cantine.gestion.forms import TakeForm
from members import reach
from members.access import role
from members.errors import Refused
from members.formats import euros
from members.models import User


@role("manager")
@require_POST
def arrive(request: SignedInRequest, pk: int) -> HttpResponse:
    """Note that someone has come."""
    booking = one_booking(request.user, pk)
    try:
        presence.arrive(booking=booking, by=request.user, now=timezone.now())
    except Refused as refused:
        shown.refuse(request, refused)
    else:
        messages.success(request, _("%(who)s est à table.") % {"who": names_of(booking)[0]})
    return redirect(shown.back(request, reverse("admin:index")))


@role("manager")
@require_POST
def undo_arrival(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take an arrival back."""
    booking = one_booking(request.user, pk)
    presence.undo(booking=booking, by=request.user, now=timezone.now())
    messages.success(request, _("%(who)s\u00a0: l’arrivée est annulée.") % {"who": names_of(booking)[0]})
    return redirect(shown.back(request, reverse("admin:index")))


@role("manager")
@require_POST
def make_ready(request: SignedInRequest, pk: int) -> HttpResponse:
    """Note that a room is ready for who comes."""
    booking = one_booking(request.user, pk)
    try:
        preparing.make_ready(booking=booking, by=request.user, now=timezone.now())
    except Refused as refused:
        shown.refuse(request, refused)
    else:
        messages.success(request, _("%(room)s\u00a0: tout est prêt.") % {"room": booking.space.label})
    return redirect(shown.back(request, reverse("admin:index")))


@role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take the money of an order, or of its unpaid invoice."""
    orders = reach.managed_by(Order.objects.select_related("customer", "seller"), request.user)
    order = get_object_or_404(orders, pk=pk)
    invoice = order.documents.unpaid().first()
    owed = owed_on(order)
    form = TakeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        method = form.cleaned_data["method"]
        try:
            payment = take_at_desk(order=order, method=method, by=request.user, now=timezone.now())
        except Refused as refused:
            shown.refuse(request, refused)
            return redirect("admin:take", pk=pk)
        said = {"amount": euros(payment.amount, shown.language()), "who": order.customer}
        messages.success(
            request, _("%(who)s\u00a0: %(amount)s encaissés. La facture part par e-mail.") % said
        )
        return redirect(shown.back(request, reverse("admin:index")))
    may_take = invoice is not None or order.state in {Order.State.OPEN, Order.State.EXPIRED}
    title = _("Encaisser %(amount)s") % {"amount": euros(owed, shown.language())}
    context: dict[str, Any] = {
        "order": order,
        "lines": order.lines.all(),
        "owed": owed,
        "may_take": may_take,
        "transfer_url": transfer_url(order, invoice, owed),
        "invoice": invoice,
    }
    return shown.page(request, "gestion/take.html", title=title, form=form, **context)


def transfer_url(order: Order, invoice: Document | None, owed: Decimal) -> str:
    """Where the same money is entered when it came by transfer: there the same line is refused twice."""
    said = {
        "montant": f"{owed:.2f}",
        "date": order.seller.today(timezone.now()).isoformat(),
        "libelle": invoice.number if invoice else order.reference,
    }
    return f"{reverse('admin:transfer')}?{urlencode(said)}"


def one_booking(user: User, pk: int) -> Booking:
    """A booking with what is said of it, or a 404."""
    related = Booking.objects.select_related(
        "site", "space", "customer", "booked_by", "line__order", "presence"
    )
    return get_object_or_404(reach.managed_by(related, user), pk=pk)
