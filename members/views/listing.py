"""What an organisation tells everyone of itself, written by who is responsible for it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from members.access import signed_in
from members.errors import Refused
from members.inputs import focus_first_error
from members.listing_form import ListingForm
from members.models import Organisation, OrganisationProfile
from members.services.listing import save_public_part
from members.texts import typed
from members.views.requests import SignedInRequest


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the public part and the agreement; POST writes both."""
    found = get_object_or_404(Organisation.objects.owned_by(request.user), pk=pk)
    profile = OrganisationProfile.objects.filter(organisation=found).first()
    standing = found.listing_consents.filter(withdrawn_at=None).first()
    sent = typed(request.POST) if request.method == "POST" else None
    form = ListingForm(sent, profile=profile, listed=standing is not None)
    refusal = None
    if sent is not None and form.is_valid():
        try:
            return saved(request, found, form)
        except Refused as refused:
            refusal = refused
    focus_first_error(form)
    context = {"section": "members:me", "organisation": found, "form": form, "standing": standing}
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "members/listing.html", {**context, "refusal": refusal}, status=status)


def saved(request: SignedInRequest, found: Organisation, form: ListingForm) -> HttpResponse:
    """Write it, and say whether everyone may read it; raises what that is refused for."""
    listed = form.cleaned_data["listed"]
    save_public_part(
        organisation=found,
        values=form.values,
        listed=listed,
        by=request.user,
        language=get_language() or "fr",
        now=timezone.now(),
    )
    said = (
        _("«\u202f%(name)s\u202f» est montrée à tous.")
        if listed
        else _("«\u202f%(name)s\u202f» n’est montrée à personne.")
    )
    messages.success(request, said % {"name": found.name})
    return redirect("members:organisation", found.pk)
