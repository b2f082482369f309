"""« Locations »: each request as a row, in words: what it is worth, how long it has waited, and for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from billing.models import Document, Order, Quote
from bookings.models import RentalQuote, RentalRequest
from bookings.services.rentals.pipeline import Stage, orders_of
from cantine.gestion import shown
from members.formats import date_short, euros, span

STAGE_WORDS: dict[Stage, str | Promise] = {
    Stage.RECEIVED: gettext_lazy("Reçues"),
    Stage.QUOTED: gettext_lazy("Devis envoyés"),
    Stage.WON: gettext_lazy("Gagnées"),
    Stage.TO_INVOICE: gettext_lazy("À facturer"),
    Stage.DONE: gettext_lazy("Terminées"),
    Stage.LOST: gettext_lazy("Perdues"),
}
PILLS: dict[Stage, tuple[str, str | Promise, str]] = {
    Stage.RECEIVED: ("due", gettext_lazy("reçue"), "bell"),
    Stage.QUOTED: ("wait", gettext_lazy("devis envoyé"), ""),
    Stage.WON: ("done", gettext_lazy("gagnée"), ""),
    Stage.TO_INVOICE: ("due", gettext_lazy("à facturer"), ""),
    Stage.DONE: ("done", gettext_lazy("terminée"), ""),
    Stage.LOST: ("off", gettext_lazy("perdue"), ""),
}


@dataclass(frozen=True)
class Row:
    """One request, as the page prints it; `ours` says whether it waits for us."""

    request: Any
    note: str
    what: str
    when: str
    days: int
    source: str
    waits: str
    ours: bool
    is_to_come: bool

    @property
    def pill(self) -> tuple[str, str | Promise, str]:
        """Kind, words and icon of its stage."""
        stage = Stage(self.request.stage)
        if stage == Stage.DONE and self.is_to_come:
            return "done", gettext_lazy("facturée"), ""
        return PILLS[stage]

    @property
    def age(self) -> str:
        """« depuis 3 jours »."""
        return age_said(self.days)


def age_said(days: int) -> str:
    """How long something has stood."""
    if days < 1:
        return _("depuis aujourd’hui")
    return ngettext("depuis %(days)s\u00a0jour", "depuis %(days)s\u00a0jours", days) % {"days": days}


def oldest_said(since: datetime | None, now: datetime) -> str:
    """How long the oldest of a stage has stood; nothing where there is none, or it has yet to begin."""
    return age_said((now - since).days) if since is not None and since <= now else ""


def rows_of(requests: Sequence[Any], *, now: datetime) -> list[Row]:
    """The requests of a page as rows: a few queries, however many there are."""
    found = quotes_of(requests)
    owed = owed_by(requests)
    return [row(each, found.get(each.pk, []), owed.get(each.pk, Decimal(0)), now=now) for each in requests]


def quotes_of(requests: Sequence[Any]) -> dict[int, list[RentalQuote]]:
    """The quotes of requests, the one that stands first, then the last version."""
    rows = RentalQuote.objects.filter(request__in=[each.pk for each in requests])
    rows = rows.select_related("quote__advance_order").prefetch_related("options__space")
    found: dict[int, list[RentalQuote]] = {}
    for each in rows.order_by("-quote__version", "-pk"):
        found.setdefault(each.request_id, []).append(each)
    for mine in found.values():
        mine.sort(key=lambda each: each.quote.state not in STANDING)
    return found


STANDING = (Quote.State.SENT, Quote.State.ACCEPTED)


def owed_by(requests: Sequence[Any]) -> dict[int, Decimal]:
    """What is still to be paid on the invoices of each request."""
    orders = orders_of([each.pk for each in requests])
    found: dict[int, Decimal] = {}
    for document in Document.objects.unpaid().filter(order__in=list(orders)):
        request = orders[document.order_id]
        found[request] = found.get(request, Decimal(0)) + document.owed
    return found


def row(request: Any, quotes: list[RentalQuote], owed: Decimal, *, now: datetime) -> Row:
    """One request in words."""
    offered = next((each for each in quotes if each.quote.sent_at), None)
    zone = request.site.zone
    start, end = request.starts_at.astimezone(zone), request.ends_at.astimezone(zone)
    waits, ours = waiting_for(request, quotes, owed, now=now)
    return Row(
        request=request,
        note=request.name if request.organisation_name else request.email,
        what=spaces_of(request, offered),
        when=span(start, end, shown.language(), year=True),
        days=max((now - request.since).days, 0),
        source=source_of(request, offered),
        waits=waits,
        ours=ours,
        is_to_come=now < end,
    )


def spaces_of(request: RentalRequest, offered: RentalQuote | None) -> str:
    """The spaces of the quote, else the one asked for."""
    if offered is not None:
        return ", ".join(option.space.label for option in offered.options.all())
    return request.space.label if request.space is not None else _("à conseiller")


def source_of(request: Any, offered: RentalQuote | None) -> str:
    """Where the amount comes from."""
    if request.invoice:
        return _("facture %(number)s") % {"number": request.invoice}
    if offered is not None:
        return _("devis %(number)s") % {"number": offered.quote.number}
    return _("prix indicatif") if request.excl is not None else ""


def waiting_for(request: Any, quotes: list[RentalQuote], owed: Decimal, *, now: datetime) -> tuple[str, bool]:
    """Who waits for whom, and whether it is for us."""
    stage = Stage(request.stage)
    if stage == Stage.LOST:
        return why_closed(request), False
    if stage == Stage.RECEIVED:
        return first_answer(quotes), True
    if stage == Stage.QUOTED:
        return answer_awaited(request, quotes, now=now)
    if stage == Stage.TO_INVOICE:
        return _("À nous de facturer le solde"), True
    return money_awaited(request, quotes, owed)


def why_closed(request: RentalRequest) -> str:
    """The reason, or that it was called off after it was won."""
    cancelled = request.state == RentalRequest.State.CANCELLED
    return request.get_state_display() if cancelled else request.get_lost_reason_display()


def first_answer(quotes: list[RentalQuote]) -> str:
    """What we owe who asked: an answer, or the quote that is being prepared."""
    draft = next((each.quote for each in quotes if each.quote.state == Quote.State.DRAFT), None)
    if draft is None:
        return _("À nous de répondre")
    return _("À nous d’envoyer le devis %(number)s") % {"number": draft.number}


def answer_awaited(request: Any, quotes: list[RentalQuote], *, now: datetime) -> tuple[str, bool]:
    """The answer to the quote that stands, else a new quote from us."""
    standing = next((each.quote for each in quotes if each.quote.can_be_accepted(now)), None)
    if standing is None:
        return _("À nous de relancer\u00a0: aucun devis n’est plus valable"), True
    words = {"who": request, "day": short(standing.last_day, request)}
    return _("%(who)s doit répondre d’ici au %(day)s") % words, False


def money_awaited(request: Any, quotes: list[RentalQuote], owed: Decimal) -> tuple[str, bool]:
    """The advance before the day, what is owed on invoices, or nothing."""
    found = advance_awaited(request, quotes) if request.stage == Stage.WON else None
    if found is not None:
        return found
    if owed > 0:
        words = {"who": request, "amount": euros(owed, shown.language())}
        return _("%(who)s doit %(amount)s") % words, False
    return _("Rien n’attend"), False


def advance_awaited(request: Any, quotes: list[RentalQuote]) -> tuple[str, bool] | None:
    """The advance of an accepted quote, while it is not paid."""
    accepted = next((each.quote for each in quotes if each.quote.state == Quote.State.ACCEPTED), None)
    order = accepted.advance_order if accepted else None
    if order is None or order.state == Order.State.ACCEPTED:
        return None
    if order.state != Order.State.OPEN or order.expires_at is None:
        return _("À nous de relancer ou d’annuler\u00a0: l’acompte n’est pas venu"), True
    words = {"who": request, "day": short(order.expires_at, request)}
    return _("%(who)s doit l’acompte d’ici au %(day)s") % words, False


def short(when: datetime, request: RentalRequest) -> str:
    """« 24 nov. 2026 », by the clocks of the site."""
    return date_short(local_day(when, request), shown.language())


def local_day(when: datetime, request: RentalRequest) -> date:
    """The day of an instant, by the clocks of the site."""
    return when.astimezone(request.site.zone).date()
