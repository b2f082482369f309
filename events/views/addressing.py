"""Correcting the address of a registration by its private link, before anything is paid."""

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from events.address_form import AddressForm, CodeForm
from events.errors import TooManyCodes, WrongCode
from events.models import Registration
from events.services import addressing
from events.views.registering import KEY, by_key, next_step
from members.access import with_key
from members.errors import Refused
from members.inputs import focus_first_error
from members.texts import typed


@with_key(KEY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for the right address, then for the code that it received; then back to where one was."""
    found = by_key(key)
    if request.method != "POST":
        if not addressing.may_be_corrected(found):
            return redirect(found)
        return _page(request, found, AddressForm())
    if "sign" in request.POST:
        return _confirm(request, found)
    form = AddressForm(typed(request.POST))
    if not form.is_valid():
        focus_first_error(form)
        return _page(request, found, form, status=422)
    try:
        if not ratelimit.consume(request, action="correct_address", key=f"registration:{found.pk}"):
            raise TooManyCodes
        email = form.cleaned_data["email"]
        sign = addressing.ask_address(registration=found, email=email)
    except Refused as refusal:
        return _page(request, found, form, refusal=refusal, status=refusal.status)
    return _page(request, found, CodeForm(initial={"sign": sign}), to=email.lower())


def _confirm(request: HttpRequest, found: Registration) -> HttpResponse:
    form = CodeForm(typed(request.POST))
    try:
        sign = form["sign"].value() or ""
        to = addressing.read_sign(sign, found)["address"]
    except WrongCode as refusal:
        return _page(request, found, AddressForm(), refusal=refusal, status=refusal.status)
    if not form.is_valid():
        return _page(request, found, form, to=to, status=422)
    try:
        if not ratelimit.consume(request, action="confirm_address", key=f"registration:{found.pk}"):
            raise TooManyCodes
        code = form.cleaned_data["code"]
        done = addressing.correct_address(registration=found, sign=sign, code=code)
    except Refused as refusal:
        return _page(request, found, form, to=to, refusal=refusal, status=refusal.status)
    return redirect(next_step(done))


def _page(
    request: HttpRequest,
    found: Registration,
    form: AddressForm | CodeForm,
    *,
    to: str = "",
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "section": "events:agenda",
        "registration": found,
        "form": form,
        "to": to,
        "refusal": refusal,
        "back": next_step(found),
        "private": True,
    }
    return render(request, "events/address.html", context, status=status)
