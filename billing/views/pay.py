"""Paying: the page, the way back from the payment service, giving up."""

import datetime as dt
from collections.abc import Callable
from functools import wraps

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import fulfilment
from billing.errors import HoldEnded
from billing.forms import START_REQUEST, PayForm
from billing.fulfilment import Summary
from billing.models import Customer, Document, Order
from billing.orders.agreeing import agree_to_pay, order_must_request_start
from billing.payments.services import cards_are_offered, start_checkout
from billing.settlement.services import accept_on_terms, cancel_order, choose_desk
from billing.settlement.settling import read_return
from billing.views import settling
from billing.views.requests import person_of
from billing.views.wording import means_offered, price_lines, steps
from members.access import with_key
from members.errors import Refused
from members.models import User

View = Callable[[HttpRequest, str], HttpResponse]
LINK = "the order's identifier (108 bits); an order that is a person's asks them to sign in"


def _order(request: HttpRequest, public_id: str) -> Order:
    orders = Order.objects.payable_with_link(request.user).select_related("customer", "seller")
    return get_object_or_404(orders.prefetch_related("lines__product"), public_id=public_id)


def of_order(view: View) -> View:
    """Let in whoever has an order's link; who is not signed in is asked to for an order of a person."""

    @wraps(view)
    def guarded(request: HttpRequest, public_id: str) -> HttpResponse:
        known = Order.objects.filter(public_id=public_id)
        open_to_all = Order.objects.payable_with_link(AnonymousUser())
        if not request.user.is_authenticated and known.exists() and not (known & open_to_all).exists():
            return redirect_to_login(request.get_full_path())
        return view(request, public_id)

    return with_key(LINK)(guarded)


def _page_of(order: Order) -> str:
    line = order.lines.all()[0]
    return fulfilment.handler_of(line).page(line)


def _owed_of(order: Order) -> Document | None:
    """The invoice of an order that was accepted, while something is owed on it."""
    return order.documents.unpaid().select_related("snapshot", "seller", "order").first()


def _summaries(order: Order) -> list[Summary]:
    """What each line is; lines that say the same, as an advance at two rates, say it once."""
    return [*dict.fromkeys(fulfilment.handler_of(line).summary(line) for line in order.lines.all())]


@of_order
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show what is to be paid and how; then go to the payment page, or accept at once on invoice."""
    order, now = _order(request, public_id), timezone.now()
    if order.state == Order.State.ACCEPTED:
        owed = _owed_of(order)
        page = _page_of(order)
        return settling.pay_invoice(request, owed, back=page) if owed else redirect(page)
    summaries = _summaries(order)
    offered = means_offered(
        order,
        cards=cards_are_offered(),
        payable=_may_pay_for(person_of(request), order),
        desk_until=_desk_until(summaries[0], now),
    )
    form = _form(request, order, [each.code for each in offered], now)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            agree_to_pay(order=order, start_requested=form.cleaned_data.get("start", False), now=now)
            return redirect(_proceed(order, form.cleaned_data["means"], summaries[0], request, now))
        except Refused as reason:
            refusal = reason
            order.refresh_from_db()
    elif not _is_kept(order, now):
        refusal = HoldEnded()
    context = {
        "order": order,
        "form": form,
        "offered": offered,
        "chosen": form["means"].value(),
        "start_request": START_REQUEST,
        "summaries": summaries,
        "prices": price_lines(order),
        "steps": steps(order),
        "kept": _is_kept(order, now),
        "refusal": refusal,
    }
    status = 409 if refusal and request.method == "POST" else 422 if form.errors else 200
    return render(request, "billing/pay.html", context, status=status)


def _form(request: HttpRequest, order: Order, means: list[str], now: dt.datetime) -> PayForm:
    """The means offered; who comes back from the payment page finds the request still ticked."""
    initial = {"means": means[0] if means else "", "start": order.start_requested_at is not None}
    must_ask = order_must_request_start(order, now)
    return PayForm(request.POST or None, means=means, start=must_ask, initial=initial)


def _may_pay_for(person: User | None, order: Order) -> bool:
    return person is not None and Customer.objects.payable_by(person).filter(pk=order.customer_id).exists()


def _desk_until(summary: Summary, now: dt.datetime) -> dt.datetime | None:
    return summary.desk_until if summary.desk_until and summary.desk_until > now else None


def _is_kept(order: Order, now: dt.datetime) -> bool:
    return order.state == Order.State.OPEN and (order.expires_at is None or order.expires_at > now)


def _proceed(order: Order, means: str, summary: Summary, request: HttpRequest, now: dt.datetime) -> str:
    if means == Order.Means.CARD:
        return start_checkout(order=order, by=person_of(request), now=now)
    until = _desk_until(summary, now)
    if means == Order.Means.DESK and until:
        choose_desk(order=order, until=until, by=person_of(request), now=now)
    else:
        accept_on_terms(order=order, by=person_of(request), now=now)
    return _page_of(order)


@of_order
@never_cache
@require_safe
def back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Someone is back from the payment page: read the session once, then lead on or ask for patience."""
    order, session = _order(request, public_id), request.GET.get("session", "")
    order = read_return(order=order, session_id=session, now=timezone.now())
    awaited = order.payments.filter(session_id=session, invoice__isnull=False, settled_at=None)
    checking = order.state == Order.State.OPEN or bool(session and awaited.exists())
    if order.state == Order.State.ACCEPTED and not checking:
        return redirect(_page_of(order))
    context = {
        "order": order,
        "checking": checking,
        "refunded": order.payments.filter(refunds__isnull=False).exists(),
        "steps": steps(order),
        "page": _page_of(order),
    }
    response = render(request, "billing/return.html", context)
    if checking:
        response["Refresh"] = "5"  # the browser asks again by itself, script or not
    return response


@of_order
@require_POST
def cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give an order up; what it held is free at once. What costs something is asked on a page of its own."""
    order = _order(request, public_id)
    if ask_first := next((each.give_up_url for each in _summaries(order) if each.give_up_url), ""):
        return redirect(ask_first)
    try:
        cancel_order(order=order, by=person_of(request), now=timezone.now())
    except Refused as reason:
        context = {
            "order": order,
            "refusal": reason,
            "title": _("Cette commande ne peut plus être abandonnée"),
        }
        return render(request, "billing/refused.html", context, status=reason.status)
    return redirect(_page_of(order))
