"""What a person's invoices say of them."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from billing.customers import change_address, customer_for
from billing.forms import AddressForm
from billing.views.requests import SignedInRequest
from members.access import signed_in


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: SignedInRequest) -> HttpResponse:
    """Show and change the billing address; documents issued before keep the one they have."""
    with transaction.atomic():
        customer = customer_for(request.user)
    form = AddressForm(request.POST or None, instance=customer)
    if request.method == "POST" and form.is_valid():
        change_address(customer=customer, **form.cleaned_data)
        messages.success(request, _("Vos prochaines factures porteront cette adresse."))
        return redirect("billing:address")
    context = {"form": form, "section": "members:me"}
    return render(request, "billing/address.html", context, status=422 if form.errors else 200)
