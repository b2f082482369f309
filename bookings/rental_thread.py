"""The thread of a request: what was asked, offered, written, invoiced and answered, in order of time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from billing.models import BuyerCorrection, Document, DocumentFile, DunningLetter, Quote, QuoteFile
from bookings.models import (
    RentalCancellation,
    RentalChange,
    RentalFeedback,
    RentalQuote,
    RentalRequest,
)
from bookings.moved_words import moved_said
from bookings.opinions import opinion_said
from bookings.quote_words import language, total_said
from bookings.rental_change_words import answer_pill, change_said
from bookings.rental_facts import price_said, when, where
from bookings.rental_titles import is_invoiced_early
from bookings.services.rentals.pipeline import orders_of
from bookings.stay import last_stay_of
from members.formats import euros
from members.messages import kinds
from members.models import Message

State = Quote.State
MESSAGE_PILLS = {"owed": "wait", "sent": "done", "dropped": "off", "failed": "due"}
QUOTE_PILLS = {State.DRAFT: "wait", State.SENT: "wait", State.ACCEPTED: "done"}


@dataclass(frozen=True)
class Entry:
    """One thing that happened; `pill` is the kind and words of the state it is in, where it has one."""

    at: datetime
    icon: str
    title: str
    detail: str = ""
    href: str = ""
    pdf: str = ""
    pill: tuple[str, str] | None = None


def thread_of(request: RentalRequest, *, opens_messages: bool) -> list[Entry]:
    """Everything about a request, the first first: as many queries however long it is."""
    documents = documents_of(request)
    files = DocumentFile.objects.filter(document__in=documents, kind=DocumentFile.Kind.PDF)
    made = set(files.values_list("document", flat=True))
    entries = [
        *of_request(request),
        *of_quotes(request),
        *of_corrections(request),
        *of_changes(request),
        *of_feedback(request),
        *(of_document(each, has_pdf=each.pk in made) for each in documents),
        *(of_message(each, opens=opens_messages) for each in messages_of(request, documents)),
    ]
    return sorted(entries, key=lambda entry: entry.at)


def of_request(request: RentalRequest) -> Iterator[Entry]:
    """What was asked, and how it ended."""
    said = [where(request), when(request), price_said(request), Truncator(request.purpose).chars(300)]
    yield Entry(request.received_at, "bell", _("Demande reçue"), " · ".join(each for each in said if each))
    if request.closed_at is not None and not _still_to_come(request):
        why = request.get_lost_reason_display() if request.lost_reason else house_said(request)
        pill = ("done" if request.state == "done" else "off", request.get_state_display())
        yield Entry(request.closed_at, "lock", _("Demande close"), capfirst(why), pill=pill)


def _still_to_come(request: RentalRequest) -> bool:
    """Whether its balance was made before its day: it is not closed to who prepares that."""
    if request.state != RentalRequest.State.DONE:
        return False
    won = request.quotes.told().filter(quote__state=State.ACCEPTED).first()
    return is_invoiced_early(request, won, now=timezone.now())


def house_said(request: RentalRequest) -> str:
    """Why the house cancelled, where it did."""
    made = RentalCancellation.objects.filter(rental__request=request, by_house=True).first()
    return _("Le lieu annule\u00a0: %(reason)s") % {"reason": made.reason} if made is not None else ""


def of_quotes(request: RentalRequest) -> Iterator[Entry]:
    """Each version: prepared, sent, and what became of it."""
    rows = RentalQuote.objects.filter(request=request).select_related("quote", "day", "request__site")
    made = set(QuoteFile.objects.filter(quote__rental__request=request).values_list("quote", flat=True))
    for rental in rows:
        yield from of_quote(rental.quote, has_pdf=rental.quote_id in made)
        yield from of_move(rental)


def of_quote(quote: Quote, *, has_pdf: bool) -> Iterator[Entry]:
    """One version, with its PDF and its state where it was sent."""
    record, number = reverse("admin:billing_quote_change", args=[quote.pk]), {"number": quote.number}
    pdf = reverse("admin:quote_pdf", args=[quote.pk]) if has_pdf else ""
    pill = (QUOTE_PILLS.get(State(quote.state), "off"), quote.get_state_display())
    if quote.sent_at is None:
        title = _("Devis %(number)s préparé") % number
        yield Entry(quote.created_at, "document", title, total_said(quote), record, pill=pill)
        return
    title = _("Devis %(number)s envoyé") % number
    yield Entry(quote.sent_at, "document", title, total_said(quote), record, pdf, pill)
    if quote.accepted_at is not None:
        who = {"name": quote.accepted_name, "function": quote.accepted_function}
        said = _("par %(name)s, %(function)s") if quote.accepted_function else _("par %(name)s")
        yield Entry(quote.accepted_at, "check", _("Devis %(number)s accepté") % number, said % who)
    elif quote.ended_at is not None and (words := ended(quote)):
        yield Entry(quote.ended_at, "cross", words % number, quote.refusal_reason)


def ended(quote: Quote) -> str:
    """How a quote that binds nobody ended."""
    said = {
        State.REFUSED: _("Devis %(number)s refusé"),
        State.EXPIRED: _("Devis %(number)s expiré"),
        State.WITHDRAWN: _("Devis %(number)s retiré"),
        State.SUPERSEDED: _("Devis %(number)s remplacé"),
    }
    return said.get(State(quote.state), "")


def of_corrections(request: RentalRequest) -> Iterator[Entry]:
    """Who is invoiced, each time the manager said it anew."""
    for made in BuyerCorrection.objects.filter(quote__rental__request=request).select_related("by"):
        detail = _("%(buyer)s, par %(who)s") % {"buyer": made, "who": made.by}
        yield Entry(made.at, "pencil", _("Qui est facturé, corrigé"), detail)


def of_changes(request: RentalRequest) -> Iterator[Entry]:
    """What who asked would like otherwise."""
    for change in RentalChange.objects.filter(request=request).select_related("answered_by"):
        said = Truncator(change_said(change)).chars(600)
        yield Entry(change.at, "hand", _("Changement demandé"), said, pill=answer_pill(change))
        if change.answered_by is not None and change.answered_at is not None:
            words = Truncator(change.answer).chars(600)
            by = _("par %(name)s") % {"name": change.answered_by}
            detail = " · ".join(each for each in (by, words) if each)
            yield Entry(change.answered_at, "mail", _("Réponse au changement demandé"), detail)


def of_move(rental: RentalQuote) -> Iterator[Entry]:
    """The last time it was moved, and where it stands since."""
    moved_at = rental.day.moved_at if hasattr(rental, "day") else None
    stay = last_stay_of(rental) if moved_at is not None else None
    if moved_at is not None and stay is not None:
        said = moved_said(rental, stay) or _("Comme le devis le dit, de nouveau.")
        yield Entry(moved_at, "repeat", _("Location déplacée"), said)


def of_feedback(request: RentalRequest) -> Iterator[Entry]:
    """What who rented thought of it."""
    for given in RentalFeedback.objects.filter(rental__request=request):
        yield Entry(given.changed_at or given.at, "star", _("Avis reçu"), opinion_said(given))


def documents_of(request: RentalRequest) -> list[Document]:
    """The advance invoice, the final invoice and the credit notes of a request, with their balance."""
    orders = list(orders_of([request.pk]))
    rows = Document.objects.with_balance().filter(Q(order__in=orders) | Q(corrects__order__in=orders))
    return list(rows.order_by("issued_at", "pk"))


def of_document(document: Document, *, has_pdf: bool) -> Entry:
    """A document, with what is left to pay on it."""
    tongue, is_credit = language(), document.kind == Document.Kind.CREDIT_NOTE
    words = {"kind": capfirst(document.get_kind_display()), "number": document.number}
    pill = None
    if not is_credit:
        left = _("reste %(amount)s") % {"amount": euros(document.owed, tongue)}
        pill = ("due", left) if document.owed > 0 else ("done", _("réglée"))
    return Entry(
        document.issued_at,
        "repeat" if is_credit else "euro",
        _("%(kind)s %(number)s") % words,
        euros(-document.total_incl if is_credit else document.total_incl, tongue),
        reverse("admin:billing_document_change", args=[document.pk]),
        reverse("admin:billing_document_pdf", args=[document.pk]) if has_pdf else "",
        pill,
    )


def messages_of(request: RentalRequest, documents: list[Document]) -> list[Message]:
    """The e-mails to who asked, and the letters about what they owe; those to the team are left out."""
    letters = DunningLetter.objects.filter(document__in=documents)
    about = Q(key__in=[each.message_key for each in letters])
    if request.email:
        about |= Q(to=request.email, ids__request=request.pk)
    return list(Message.objects.filter(about))


def of_message(message: Message, *, opens: bool) -> Entry:
    """An e-mail, with whether it went out."""
    what = message.subject or kinds.label_of(message.template)
    return Entry(
        message.sent_at or message.created_at,
        "mail",
        _("E-mail\u00a0: %(what)s") % {"what": what},
        message.to,
        reverse("admin:members_message_change", args=[message.pk]) if opens else "",
        pill=(MESSAGE_PILLS[message.state], message.get_state_display()),
    )
