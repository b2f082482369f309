"""The e-mails one may do without, and what one shows of oneself; unsubscribing by a link."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from members.access import signed_in, with_key
from members.forms import PreferencesForm
from members.messages import topics
from members.models import OptOut, Preferences
from members.services.preferences import change_preferences, set_topic
from members.views.requests import SignedInRequest


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: SignedInRequest) -> HttpResponse:
    """Show the switches, and keep what is chosen."""
    user, offered = request.user, topics.offered()
    if request.method == "POST":
        form = PreferencesForm(request.POST, topics=offered)
        if form.is_valid():
            data = form.cleaned_data
            change_preferences(
                user=user,
                wanted=data["topics"],
                shares_presence=data["shares_presence"],
                now=timezone.now(),
            )
            messages.success(request, _("Vos préférences sont enregistrées."))
            return redirect("members:preferences")
    else:
        refused = set(OptOut.objects.filter(email=user.email).values_list("topic", flat=True))
        form = PreferencesForm(
            topics=offered,
            initial={
                "topics": [each.code for each in offered if each.code not in refused],
                "shares_presence": Preferences.objects.filter(user=user, shares_presence=True).exists(),
            },
        )
    context = {"form": form, "section": "members:me"}
    return render(request, "members/preferences.html", context, status=422 if form.errors else 200)


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the ticket is signed
@with_key("a ticket signed by us, in the e-mails it is about")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, ticket: str) -> HttpResponse:
    """GET asks, for mail scanners follow links; POST does without a topic, or takes it again."""
    found = topics.read_link(ticket)
    if found is None:
        raise Http404
    email, topic = found
    if request.method == "POST":
        again = request.POST.get("do") == "resume"
        set_topic(email=email, topic=topic.code, wants=again, now=timezone.now())
    context: dict[str, Any] = {"email": email, "topic": topic, "wants": topics.wants(email, topic.code)}
    return render(request, "members/unsubscribe.html", context)
