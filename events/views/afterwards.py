"""After an event: what people thought of it, by their private link; what it came to, for its organisers."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.opinion_form import RATINGS, OpinionForm
from events.models import Event, Feedback
from events.services.figures import figures_of, opinions_of
from events.services.thanking import give_feedback, prepare_thanks
from events.views.registering import KEY, by_key
from events.views.requests import PersonRequest
from members.access import signed_in, with_key
from members.errors import Refused

PER_PAGE = 20


class FeedbackForm(OpinionForm):
    """A mark and a few words, without a name."""

    def __init__(self, *args: Any, **rest: Any) -> None:
        """Say who reads it."""
        super().__init__(*args, **rest)
        self.fields["text"].help_text = _("Votre nom n’est pas montré.")


class ThanksForm(forms.Form):
    """What the message of the morning after says beside « merci »."""

    thanks = forms.CharField(
        label=gettext_lazy("Votre mot"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    slides_link = forms.URLField(
        label=gettext_lazy("Lien vers les supports"), required=False, max_length=500, assume_scheme="https"
    )


@with_key(KEY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest, key: str) -> HttpResponse:
    """Ask what someone thought of the event they came to, once; without an account."""
    found, now, refusal = by_key(key), timezone.now(), None
    form = FeedbackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            give_feedback(registration=found, now=now, **form.cleaned_data)
            return redirect("events:feedback", key)
        except Refused as refused:
            refusal = refused
    context = {
        "section": "events:agenda",
        "event": found.event,
        "local": found.event.local,
        "is_over": found.event.is_over(now),
        "given": Feedback.objects.filter(registration=found).first(),
        "form": form,
        "refusal": refusal,
    }
    status = refusal.status if refusal else 422 if form.is_bound else 200
    return render(request, "events/feedback.html", context, status=status)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def figures(request: PersonRequest, slug: str) -> HttpResponse:
    """Show what an event came to, and take the words and the link of the message of thanks."""
    event = get_object_or_404(Event.objects.run_by(request.user).select_related("site", "space"), slug=slug)
    initial = {"thanks": event.thanks, "slides_link": event.slides_link}
    form = ThanksForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        prepare_thanks(event=event, **form.cleaned_data)
        messages.success(request, _("C’est noté."))
        return redirect("events:figures", event.slug)
    marks = dict(event.feedback.order_by().values_list("rating").annotate(n=Count("pk")))
    context = {
        "section": "events:agenda",
        "event": event,
        "local": event.local,
        "figures": figures_of(event),
        "is_over": event.is_over(timezone.now()),
        "marks": [(rating, label, marks.get(rating, 0)) for rating, label in RATINGS],
        "page": Paginator(opinions_of(event), PER_PAGE).get_page(request.GET.get("page")),
        "form": form,
    }
    return render(request, "events/figures.html", context, status=422 if form.is_bound else 200)
