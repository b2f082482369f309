"""The contact page: who runs the place, how to come, today's hours, and a form that anyone may send."""

from datetime import datetime
from typing import Any

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.errors_rental import TooManyRequests, TooQuick
from bookings.guard import read_token
from bookings.models import Site
from bookings.services import premises
from bookings.services.contacting import Written, write_to_house
from cantine.home.visitor import hours_line
from members import form_tokens
from members.access import public
from members.errors import Refused
from members.texts import typed


class ContactForm(forms.Form):
    """Who writes, and what."""

    name = forms.CharField(
        label=gettext_lazy("Prénom et nom"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Adresse électronique"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy("Nous y répondons."),
    )
    phone = forms.CharField(
        label=gettext_lazy("Téléphone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )
    words = forms.CharField(
        label=gettext_lazy("Votre message"), max_length=3000, widget=forms.Textarea(attrs={"rows": 6})
    )

    def clean_name(self) -> str:
        """A name on one line: it goes into an e-mail's subject."""
        name = " ".join(self.cleaned_data["name"].split())
        if not name:
            raise forms.ValidationError(_("Indiquez votre nom."))
        return name

    def written(self) -> Written:
        """What was typed, as the service takes it."""
        data = self.cleaned_data
        return Written(
            name=data["name"],
            email=data["email"].lower(),
            phone=data["phone"],
            words=data["words"].strip(),
            language=get_language() or "fr",
        )


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Show the page of a site (`?site=`); refused, everything that was typed comes back."""
    now, sites = timezone.now(), Site.objects.open().select_related("seller")
    site = sites.filter(code=request.GET.get("site", "")).first() or sites.first()
    if site is None:
        raise Http404
    refusal: Refused | None = None
    form = ContactForm(typed(request.POST) if request.method == "POST" else None, initial=known_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            send(request, site, form, now)
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("Merci, votre message est arrivé. Nous vous répondons par e-mail."))
            return redirect(f"{reverse('contact')}?site={site.code}")
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(
        request, "home/contact.html", page_of(request, site, form, refusal=refusal, now=now), status=status
    )


def send(request: HttpRequest, site: Site, form: ContactForm, now: datetime) -> None:
    """Take the message, if a person seems to have sent it, and not too many of them."""
    token = read_token(request)
    written = form.written()
    if not ratelimit.consume(request, action="write_to_house", key=written.email):
        raise TooManyRequests
    if not ratelimit.consume(request, action="write_to_house_in_all", key="everyone"):
        raise TooManyRequests
    write_to_house(site=site, written=written, now=now, form_token=token)


def known_of(request: HttpRequest) -> dict[str, str]:
    """What whoever is signed in need not type again."""
    user = request.user
    return {"name": user.name, "email": user.email} if user.is_authenticated else {}


def page_of(
    request: HttpRequest, site: Site, form: ContactForm, *, refusal: Refused | None, now: datetime
) -> dict[str, Any]:
    """What the template shows; the sign of the form is kept where it may serve again."""
    keeps = refusal is None or isinstance(refusal, TooQuick)
    sent = request.POST.get("token", "") if keeps else ""
    sites = premises.current().open_sites
    return {
        "section": "contact",
        "site": site,
        "sites": sites if len(sites) > 1 else [],
        "hours": hours_line(site, now, get_language() or "fr"),
        "form": form,
        "refusal": refusal,
        "token": sent or form_tokens.issue(),
    }
