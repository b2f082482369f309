"""« À encaisser »: what is owed, how old it is, and the follow-up of each document."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.collecting import pausing
from billing.collecting.charging import charges_on
from billing.collecting.owed import TO_COME, brackets, days_late, debtors, owed_documents
from billing.models import Correction, Document, DunningPause
from billing.payments.keeping import credits_left
from billing.sellers import of_several_sellers
from bookings.views.requests import SignedInRequest
from cantine.gestion import shown
from cantine.gestion.collecting_forms import OwedForm, PauseForm
from members import reach
from members.access import role
from members.errors import Refused
from members.models import Message, User
from members.services.reading import note_read

PER_PAGE = 50
LATE = "retard"
AGE_WORDS: dict[str, str | Promise] = {
    TO_COME: gettext_lazy("à venir"),
    "30": gettext_lazy("1 à 30\u00a0jours"),
    "60": gettext_lazy("31 à 60\u00a0jours"),
    "90": gettext_lazy("61 à 90\u00a0jours"),
    "plus": gettext_lazy("plus de 90\u00a0jours"),
}


@dataclass(frozen=True)
class Tab:
    """An age to look at, with what is owed at it."""

    key: str
    label: str | Promise
    number: int
    total: Decimal


@role("manager", "treasurer")
@require_safe
def owed(request: SignedInRequest) -> HttpResponse:
    """List what is owed, the longest due first; totals are those of the documents listed."""
    today = timezone.localdate()
    everything = reach.seen_by(owed_documents(today), request.user)
    form = OwedForm(request.GET, debtors=debtors(everything))
    customer = form.cleaned_data["client"] if form.is_valid() else None
    rows = everything.filter(customer=customer) if customer else everything
    tabs = tabs_of(rows)
    state = request.GET.get("etat", "")
    state = state if state in {tab.key for tab in tabs} else ""
    chosen = of_state(rows, state)
    page = Paginator(chosen, PER_PAGE).get_page(request.GET.get("page"))
    for document in page:
        document.days = days_late(document, today)  # type: ignore[attr-defined]  # for the template
    credits_ = reach.seen_by(credits_left(), request.user)
    notes = reach.seen_by(Correction.objects.left(), request.user)
    context: dict[str, Any] = {
        "page": page,
        "several": of_several_sellers(everything),
        "tabs": tabs,
        "etat": state,
        "form": form,
        "customer": customer,
        "total": next(tab.total for tab in tabs if tab.key == state),
        "query": "".join(f"{name}={request.GET[name]}&" for name in ("etat", "client") if name in request.GET)
        if form.is_valid()
        else "",
        "credits": credits_.filter(order__customer=customer) if customer else credits_,
        "notes": notes.filter(credit_note__customer=customer) if customer else notes,
        "may_receive": request.user.has_perm("billing.receive_transfer"),
    }
    return shown.page(request, "gestion/owed.html", title=_("À encaisser"), **context)


def of_state(rows: QuerySet[Document], state: str) -> QuerySet[Document]:
    """The rows of one tab."""
    if state == LATE:
        return rows.exclude(Q(age=TO_COME))
    return rows.filter(Q(age=state)) if state else rows


def tabs_of(rows: QuerySet[Document]) -> list[Tab]:
    """Everything, what is late, then each age."""
    ages = brackets(rows)
    late = [each for each in ages if each.age != TO_COME]
    zero = Decimal("0.00")
    return [
        Tab("", _("Tout"), sum(each.number for each in ages), sum((each.total for each in ages), zero)),
        Tab(
            LATE, _("En retard"), sum(each.number for each in late), sum((each.total for each in late), zero)
        ),
        *(Tab(each.age, AGE_WORDS[each.age], each.number, each.total) for each in ages),
    ]


@role("manager", "treasurer")
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what was done to have a document paid, and what could be asked; POST holds letters back."""
    invoices = reach.seen_by(Document.objects.invoices().with_balance(), request.user)
    document = get_object_or_404(invoices.select_related("customer", "seller", "order", "snapshot"), pk=pk)
    about = document.customer.user_id
    note_read(reader=request.user, person_id=about, page=request.path, now=timezone.now())
    form = PauseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        held_back(request, document, form.cleaned_data)
        return redirect("admin:follow_up", pk)
    today = timezone.localdate()
    context: dict[str, Any] = {
        "document": document,
        "days": days_late(document, today) if document.owed > 0 else 0,
        "buyer": document.snapshot.content["buyer"]["name"],
        "charges": charges_on(document, today=today) if document.owed > 0 else None,
        "letters": letters_of(document),
        "pauses": pauses_of(document),
        "standing": pauses_of(document).standing(today),
        "allocations": document.allocations.select_related("payment__transfer", "credit_note", "advance"),
        "credits": reach.seen_by(credits_left(), request.user).filter(
            order__customer=document.customer, order__seller=document.seller
        ),
        "notes": reach.seen_by(Correction.objects.left(), request.user).filter(
            credit_note__customer=document.customer, credit_note__seller=document.seller
        ),
        "form": form,
        "may_receive": request.user.has_perm("billing.receive_transfer"),
        "may_pause": may_pause(request.user, document),
    }
    title = _("Suivi de %(number)s") % {"number": document.number}
    return shown.page(request, "gestion/follow_up.html", title=title, **context)


def pauses_of(document: Document) -> Any:
    """The pauses about a document or its customer, newest first."""
    about = Q(document=document) | Q(customer=document.customer_id)
    return DunningPause.objects.filter(about).select_related("by", "lifted_by")


def letters_of(document: Document) -> list[tuple[Any, Message | None]]:
    """The letters about a document, each with its e-mail."""
    letters = list(document.letters.select_related("step").order_by("position"))
    sent = {row.key: row for row in Message.objects.filter(key__in=[each.message_key for each in letters])}
    return [(each, sent.get(each.message_key)) for each in letters]


def may_pause(user: User, document: Document) -> bool:
    """Whether this person decides on the letters about a document."""
    return user.has_perm("billing.decide_dunningpause") and reach.manages(user, document)


def held_back(request: SignedInRequest, document: Document, data: dict[str, Any]) -> None:
    """Pause the letters, and say so."""
    if not may_pause(request.user, document):
        raise PermissionDenied
    whole = data["sur"] == "client"
    asked: dict[str, Any] = {name: data[name] for name in ("why", "reason", "until")}
    try:
        pausing.pause(
            document=None if whole else document,
            customer=document.customer if whole else None,
            **asked,
            by=request.user,
            now=timezone.now(),
        )
    except Refused as refused:
        shown.refuse(request, refused)
    else:
        messages.success(request, _("Les relances sont en pause."))


@role("manager")
@require_POST
def lift_pause(request: SignedInRequest, pk: int) -> HttpResponse:
    """End a pause before its time."""
    row = get_object_or_404(reach.managed_by(DunningPause.objects.all(), request.user), pk=pk)
    try:
        pausing.lift(pause_=row, by=request.user, now=timezone.now())
    except Refused as refused:
        shown.refuse(request, refused)
    else:
        messages.success(request, _("Les relances reprennent."))
    return redirect(shown.back(request, reverse("admin:owed")))
