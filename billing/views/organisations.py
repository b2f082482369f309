"""Founding an organisation that pays for its people."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from billing.customers import change_address, customer_for_organisation, found_organisation
from billing.forms import OrganisationForm
from billing.views.requests import SignedInRequest
from members.access import signed_in
from members.models import Organisation


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def found(request: SignedInRequest) -> HttpResponse:
    """Ask what its invoices have to say, then make it; who does so is responsible for it."""
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        organisation = found_organisation(by=request.user, **form.cleaned_data)
        messages.success(
            request,
            _("«\u202f%(name)s\u202f» est créée. Invitez maintenant ses personnes.") % {"name": organisation},
        )
        return redirect("members:organisation", organisation.pk)
    context = {"form": form, "section": "members:me"}
    return render(request, "billing/organisation.html", context, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show and change what its next invoices say; only its owners do."""
    organisation = get_object_or_404(Organisation.objects.owned_by(request.user), pk=pk)
    with transaction.atomic():
        customer = customer_for_organisation(
            organisation, email=request.user.email, language=request.user.language
        )
    form = OrganisationForm(request.POST or None, instance=customer)
    if request.method == "POST" and form.is_valid():
        change_address(customer=customer, **form.cleaned_data)
        messages.success(request, _("Les prochaines factures porteront cette adresse."))
        return redirect("members:organisation", pk)
    context = {"form": form, "section": "members:me", "organisation": organisation}
    return render(request, "billing/organisation.html", context, status=422 if form.errors else 200)
