"""Whether an organisation is shown to everyone: an agreement given in writing is noted, or taken back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.views.requests import SignedInRequest
from cantine.gestion import shown
from cantine.gestion.french_tech_form import AgreementForm
from members import reach
from members.access import role
from members.errors import Refused
from members.inputs import focus_first_error
from members.models import Organisation
from members.services.listing import consent_words, note_consent, withdraw_listing


@role("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what was agreed to; POST notes an agreement, or ends the one that stands."""
    organisation = get_object_or_404(reach.managed_by(Organisation.objects.all(), request.user), pk=pk)
    standing = organisation.listing_consents.filter(withdrawn_at=None).first()
    form = AgreementForm(request.POST if request.method == "POST" and standing is None else None)
    if request.method == "POST" and (standing or form.is_valid()):
        if standing:
            withdraw_listing(organisation=organisation, now=timezone.now())
            messages.success(request, _("%(name)s n’est plus montrée.") % {"name": organisation})
        else:
            noted(request, organisation, form.cleaned_data["source"])
        return redirect("admin:agreement", pk)
    focus_first_error(form)
    context = {
        "organisation": organisation,
        "standing": standing,
        "consents": organisation.listing_consents.all(),
        "words": consent_words(),
        "form": form,
    }
    title = _("Page publique\u00a0: %(name)s") % {"name": organisation}
    return shown.page(request, "gestion/agreement.html", 422 if form.errors else 200, title=title, **context)


def noted(request: SignedInRequest, organisation: Organisation, source: str) -> None:
    """Note the agreement, or say what its record lacks."""
    try:
        note_consent(
            organisation=organisation,
            source=source,
            by=request.user,
            language=get_language() or "fr",
            now=timezone.now(),
        )
    except Refused as refused:
        shown.refuse(request, refused)
    else:
        messages.success(request, _("%(name)s est montrée à tous.") % {"name": organisation})
