"""The house rules: read, and agreed to by version."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from members.access import signed_in
from members.forms import RulesForm
from members.markdown import to_html
from members.services.consenting import agree, latest_consent, must_agree, rules_in_force
from members.views.requests import SignedInRequest


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: SignedInRequest) -> HttpResponse:
    """Show the rules in force; POST agrees to the version that was read, if it still is the one in force."""
    now = timezone.now()
    page = rules_in_force(timezone.localdate(now), get_language() or "fr")
    if page is None:
        raise Http404
    asked = RulesForm(request.POST if request.method == "POST" else None, initial={"page": page.pk})
    changed = False
    if request.method == "POST" and asked.is_valid():
        if asked.cleaned_data["page"] == page.pk:
            agree(user=request.user, page=page, now=now)
            messages.success(request, _("C’est noté\u00a0: vous acceptez le règlement intérieur."))
            return redirect("home")
        changed, asked = True, RulesForm(initial={"page": page.pk})
    context = {
        "section": "members:me",
        "shown": page,
        "body": to_html(page.body),
        "form": asked,
        "given": latest_consent(request.user),
        "must_agree": must_agree(request.user, page),
        "changed": changed,
    }
    status = 409 if changed else 422 if asked.errors else 200
    return render(request, "members/rules.html", context, status=status)
