"""A person's own account."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from members.access import signed_in
from members.adapter import remember_language
from members.forms import PersonForm
from members.models import User
from members.services.people import change_person
from members.views.requests import SignedInRequest


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def me(request: SignedInRequest) -> HttpResponse:
    """Show the account, and change name and language."""
    person = User.objects.get(pk=request.user.pk)
    form = PersonForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        change_person(user=request.user, **form.cleaned_data)
        with translation.override(request.user.language):
            messages.success(request, _("Vos informations sont à jour."))
        response = redirect("members:me")
        remember_language(response, request.user)
        return response
    return render(request, "members/me.html", {"form": form}, status=422 if form.errors else 200)
