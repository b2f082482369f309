"""A transfer received: whose it is, what it pays; and what was paid beyond."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from billing.collecting.credits import refund_credit, use_credit
from billing.collecting.errors import TransferAlreadyEntered
from billing.collecting.owed import of_customer
from billing.collecting.proposing import (
    Debt,
    Payer,
    certain,
    debts,
    parts_of,
    proposals,
    proposed_parts,
)
from billing.collecting.transfers import Received, receive_transfer
from billing.models import Customer, Order, Payment, Seller
from billing.payments.keeping import credits_left
from billing.payments.owed import owed_on
from bookings.views.requests import SignedInRequest
from cantine.gestion import shown
from cantine.gestion.collecting_forms import CreditForm, PartsForm, TransferForm, first_values
from members import reach
from members.access import role
from members.errors import Refused
from members.formats import euros
from members.models import User

FOUND, SHORTEST, LONGEST_KEY = 12, 2, 20


def refuse_without_right(request: SignedInRequest) -> None:
    """Money is entered by permission, which both roles have and either may lose."""
    if not request.user.has_perm("billing.receive_transfer"):
        raise PermissionDenied


@role("manager", "treasurer")
@require_http_methods(["GET", "HEAD", "POST"])
def transfer(request: SignedInRequest) -> HttpResponse:
    """GET shows whose a transfer may be and what it would pay; POST enters it."""
    refuse_without_right(request)
    asked, now = request.POST if request.method == "POST" else request.GET, timezone.now()
    form = TransferForm(asked) if "montant" in asked else TransferForm(initial=first_values(now))
    payer = payer_of(asked.get("payeur", ""), request.user)
    if not (form.is_bound and form.is_valid()):
        return said(request, form, payer=payer)
    if payer is None:
        among = within(debts(now), request.user)
        found = proposals(form.cleaned_data["libelle"], form.cleaned_data["montant"], among)
        payer = certain(found)
        if payer is None:
            words = " ".join(asked.get("qui", "").split())[:80]
            return said(request, form, proposals=found[:FOUND], qui=words, others=named(words, request.user))
    return shared_out(request, form, payer, now)


def said(request: SignedInRequest, form: TransferForm, **context: Any) -> HttpResponse:
    """The page, with the line of the statement as it was typed."""
    status = 422 if form.is_bound and form.errors else 200
    return shown.page(
        request, "gestion/transfer.html", status, title=_("Virement reçu"), form=form, **context
    )


def shared_out(request: SignedInRequest, form: TransferForm, payer: Payer, now: dt.datetime) -> HttpResponse:
    """What the transfer would pay of this payer's debts, to correct and to enter."""
    theirs = within(debts(now, customer=payer.customer.pk, seller=payer.seller.pk), request.user)
    data = form.cleaned_data
    initial = proposed_parts(data["libelle"], data["montant"], theirs)
    posted = request.POST if request.method == "POST" else None
    parts, doubled = PartsForm(posted, debts=theirs, initial=initial), False
    if posted is not None and parts.is_valid():
        try:
            entered(request, data, parts, payer, theirs)
        except Refused as refused:
            shown.refuse(request, refused)
            doubled = isinstance(refused, TransferAlreadyEntered)
        else:
            return redirect("admin:owed")
    meant_first = sorted(theirs, key=lambda debt: debt.key not in initial)
    lines = [(debt, parts[debt.key]) for debt in meant_first]
    return said(request, form, payer=payer, parts=parts, lines=lines, doubled=doubled)


def entered(
    request: SignedInRequest, data: dict[str, Any], parts: PartsForm, payer: Payer, theirs: Sequence[Debt]
) -> None:
    """Enter it, and say what came of it."""
    received = Received(payer.seller, payer.customer, data["montant"], data["date"], data["libelle"])
    chosen = parts_of(parts.cleaned_data, theirs)
    receive_transfer(
        received, chosen, by=request.user, now=timezone.now(), another=parts.cleaned_data["autre"]
    )
    rest = received.amount - sum((part.amount for part in chosen), Decimal(0))
    words = {"amount": euros(received.amount, shown.language()), "who": payer.customer}
    messages.success(request, _("%(who)s\u00a0: le virement de %(amount)s est enregistré.") % words)
    for order in Order.objects.filter(pk__in=[part.order.pk for part in chosen if part.order]):
        if order.state != Order.State.ACCEPTED:
            left = {"number": order.reference, "amount": euros(owed_on(order), shown.language())}
            messages.warning(request, _("La commande %(number)s attend encore %(amount)s.") % left)
    if rest:
        kept = {"amount": euros(rest, shown.language())}
        messages.info(request, _("%(amount)s de plus sont gardés pour ce client.") % kept)


def payer_of(key: str, user: User) -> Payer | None:
    """The payer that a form names: « 12-1 »."""
    customer, _sep, seller = key.partition("-")
    if not (customer.isdecimal() and seller.isdecimal() and len(key) <= LONGEST_KEY):
        return None
    found = (
        reach.seen_by(Customer.objects.filter(pk=int(customer)), user).first(),
        reach.seen_by(Seller.objects.filter(pk=int(seller)), user).first(),
    )
    return Payer(*found) if found[0] and found[1] else None  # type: ignore[arg-type]  # both are there


def within(found: Sequence[Debt], user: User) -> list[Debt]:
    """Those of these debts that this person may read."""
    if reach.sees_everything(user):
        return list(found)
    codes = reach.of(user).codes
    return [debt for debt in found if debt.site_code in codes]


def named(words: str, user: User) -> list[Payer]:
    """Customers by name or address, each with the sellers they ordered from."""
    if len(words) < SHORTEST:
        return []
    who = Q(customer__name__icontains=words) | Q(customer__email__icontains=words)
    orders = reach.seen_by(Order.objects.filter(who).select_related("customer", "seller"), user)
    each = ("customer__name", "customer_id", "seller_id")
    rows = orders.order_by(*each).distinct(*each)
    return [Payer(row.customer, row.seller) for row in rows[:FOUND]]


@role("manager", "treasurer")
@require_http_methods(["GET", "HEAD", "POST"])
def credit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Use what a customer paid beyond: against a document that is due, or back to them."""
    refuse_without_right(request)
    payment = get_object_or_404(reach.seen_by(credits_left(), request.user), pk=pk)
    customer, seller = payment.order.customer, payment.order.seller
    due = reach.seen_by(of_customer(customer).filter(seller=seller), request.user)
    form = CreditForm(
        request.POST if request.method == "POST" else None,
        documents=due,
        initial={"montant": payment.credit, "document": due.first()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            spent(request, payment, form.cleaned_data)
        except Refused as refused:
            shown.refuse(request, refused)
        else:
            return redirect("admin:owed")
    title = _("Trop-perçu de %(who)s") % {"who": customer}
    return shown.page(request, "gestion/credit.html", title=title, form=form, payment=payment, due=due)


def spent(request: SignedInRequest, payment: Payment, data: dict[str, Any]) -> None:
    """Set the credit against the document, or ask for its refund, and say so."""
    amount, now = data["montant"], timezone.now()
    words = {"amount": euros(amount, shown.language()), "number": data["document"] or ""}
    if data["document"]:
        use_credit(payment=payment, document=data["document"], amount=amount, by=request.user, now=now)
        messages.success(request, _("%(amount)s règlent maintenant %(number)s.") % words)
    else:
        refund_credit(payment=payment, amount=amount, by=request.user, now=now)
        messages.success(
            request,
            _("%(amount)s sont à rendre par virement\u00a0: «\u202fAujourd’hui\u202f» le rappelle.") % words,
        )
