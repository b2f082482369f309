"""« Vente au comptoir »: for whom, then what, where and how it is paid."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from billing.models import Customer
from bookings.models import Booking, Space
from bookings.views.requests import SignedInRequest
from cantine.gestion import counter as sales
from cantine.gestion import payers, shown
from cantine.gestion.forms import DESK_METHODS, LATER, TERMS, ContactForm, PlaceForm
from members import reach
from members.access import role
from members.errors import Refused
from members.models import Organisation, User
from members.services.reading import note_read

FOUND = 8
KEPT = ("site", "jour")
ASKED = "counter_asked"


@role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def counter(request: SignedInRequest) -> HttpResponse:
    """Find for whom, or note a contact."""
    form = ContactForm(request.POST if "email" in request.POST else None)
    if request.method == "POST":
        customer = chosen(request, form)
        if customer is not None:
            named_aloud(request, customer, form)
            return redirect(f"{reverse('admin:sell', args=[customer.pk])}?{kept(request.GET).urlencode()}")
    words = " ".join(request.GET.get("qui", "").split())[:80]
    context: dict[str, Any] = {
        "qui": words,
        "people": [],
        "organisations": [],
        "contacts": [],
        "kept": kept(request.GET),
    }
    if words:
        named = Q(name__icontains=words) | Q(email__icontains=words)
        within = partial(reach.managed_by, user=request.user)
        context |= {
            "people": within(User.objects.filter(named, is_active=True).order_by("name"))[:FOUND],
            "organisations": within(Organisation.objects.filter(name__icontains=words).order_by("name"))[
                :FOUND
            ],
            "contacts": within(Customer.objects.filter(named, kind=Customer.Kind.CONTACT))[:FOUND],
        }
    return shown.page(request, "gestion/counter.html", title=_("Vente au comptoir"), form=form, **context)


def chosen(request: SignedInRequest, form: ContactForm) -> Customer | None:
    """The customer someone pointed at, or typed; None when something is missing, which the page then says."""
    kind, _sep, pk = request.POST.get("qui", "").partition(":")
    if kind == "person" and pk.isdecimal():
        return payers.payer_for_person(
            get_object_or_404(reach.managed_by(User.objects.all(), request.user), pk=pk)
        )
    if kind == "contact" and pk.isdecimal():
        return get_object_or_404(reach.managed_by(Customer.objects.all(), request.user), pk=pk)
    if kind == "organisation" and pk.isdecimal():
        customer = payers.payer_for_organisation(
            get_object_or_404(reach.managed_by(Organisation.objects.all(), request.user), pk=pk)
        )
        if customer is None:
            messages.error(
                request,
                _("Cette organisation n’a personne à qui écrire\u00a0: rattachez-lui quelqu’un d’abord."),
            )
        return customer
    return payers.payer_for_contact(**form.cleaned_data) if form.is_valid() else None


def named_aloud(request: SignedInRequest, customer: Customer, form: ContactForm) -> None:
    """Remember whom the counter was asked for, by what words: an address that was given is served again."""
    asked = [each for each in request.session.get(ASKED, []) if each[0] != customer.pk]
    said = form.cleaned_data if form.is_valid() else {}
    typed = {name: said[name] for name in ("name", "email") if name in said}
    request.session[ASKED] = [*asked[-FOUND:], (customer.pk, typed)]


def known_customer(request: SignedInRequest, pk: int) -> tuple[Customer, dict[str, str] | None]:
    """A customer within reach; or one whose address was given here in this session, with what was typed.

    Of one who has to do with other sites only, nothing but that is told until something is sold here.
    """
    within = reach.managed_by(Customer.objects.select_related("user"), request.user).filter(pk=pk).first()
    if within is not None:
        return within, None
    typed = dict(request.session.get(ASKED, [])).get(pk)
    if typed is None:
        raise Http404
    return get_object_or_404(Customer.objects.select_related("user"), pk=pk), typed


def kept(data: QueryDict) -> QueryDict:
    """What the page one comes from has chosen already."""
    left = QueryDict(mutable=True)
    for name in KEPT:
        if data.get(name):
            left[name] = str(data[name])
    return left


@role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def sell(request: SignedInRequest, pk: int) -> HttpResponse:
    """GET shows what is free for this customer; POST books it and has it paid."""
    customer, typed = known_customer(request, pk)
    note_read(reader=request.user, person_id=customer.user_id, page=request.path, now=timezone.now())
    asked = request.POST if request.method == "POST" else request.GET
    form = (
        PlaceForm(asked, user=request.user)
        if "sorte" in asked
        else PlaceForm(initial=first_values(request), user=request.user)
    )
    who = typed["name"] if typed else str(customer)
    context: dict[str, Any] = {
        "who": who,
        "email": typed["email"] if typed else customer.email,
        "has_terms": customer.has_terms and not typed,
        "form": form,
        "means": means_for(customer, typed),
    }
    if form.is_bound and form.is_valid():
        try:
            period = sales.period_of(form.cleaned_data)
            if request.method == "POST" and (booking := sold(request, form, customer, typed)):
                return redirect("admin:bookings_booking_change", booking.pk)
        except Refused as refused:
            shown.refuse(request, refused)
        else:
            context["period"] = period.local(form.cleaned_data["site"].zone)
            context["chosen"] = request.POST.get("espace", "")
            context["paid"] = request.POST.get("paiement", "")
            context["offers"] = sales.offers(
                site=form.cleaned_data["site"],
                kind=form.cleaned_data["sorte"],
                period=period,
                customer=customer,
                now=timezone.now(),
            )
    title = _("Réserver pour %(who)s") % {"who": who}
    return shown.page(request, "gestion/sell.html", title=title, **context)


def first_values(request: SignedInRequest) -> dict[str, object]:
    """Today, at the site one comes from."""
    return {"jour": shown.day_asked(request, timezone.localdate()), "site": request.GET.get("site", "")}


def means_for(customer: Customer, typed: dict[str, str] | None) -> list[tuple[str, str]]:
    """How this customer may pay: now, on arrival, or on invoice."""
    found = [(str(value), str(label)) for value, label in DESK_METHODS]
    found.append((LATER, _("à l’arrivée")))
    return [(TERMS, _("sur facture")), *found] if customer.has_terms and not typed else found


def sold(
    request: SignedInRequest, form: PlaceForm, customer: Customer, typed: dict[str, str] | None
) -> Booking | None:
    """Book and settle; None when something is missing, or was refused, which the page then says."""
    data, now = form.cleaned_data, timezone.now()
    wanted, means = request.POST.get("espace", ""), request.POST.get("paiement", "")
    if means not in dict(means_for(customer, typed)) or not (wanted == sales.ANY or wanted.isdecimal()):
        messages.error(request, _("Choisissez un espace et un moyen de paiement."))
        return None
    space = None if wanted == sales.ANY else get_object_or_404(Space, pk=wanted, site=data["site"])
    period = sales.period_of(data)
    try:
        booking = sales.book(
            site=data["site"],
            kind=data["sorte"],
            space=space,
            period=period,
            customer=customer,
            by=request.user,
            now=now,
        )
    except Refused as refused:
        shown.refuse(request, refused)
        return None
    said = {"space": booking.space.label, "who": typed["name"] if typed else customer}
    try:
        sales.settle(booking, means=means, by=request.user, now=now)
    except Refused as refused:
        shown.refuse(request, refused)
        messages.warning(request, _("%(space)s est gardé un quart d’heure pour %(who)s.") % said)
    else:
        messages.success(request, _("%(space)s est réservé pour %(who)s.") % said)
    return booking
