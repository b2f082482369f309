"""A quote as the private page of its request shows it, and what that page is sent back."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.countries import country_abroad
from billing.models import Customer, Order, Quote
from billing.payments.owed import owed_on
from billing.quotes.accepting import Evidence
from billing.quotes.printing import confirmation_said
from billing.quotes.wording import SaidLine, advance_amounts, lines_said, sums_said
from bookings import quote_words
from bookings.access_sheet import left_said, left_to_pay
from bookings.models import RentalQuote, RentalRequest
from bookings.quote_form import AcceptForm
from bookings.services.rentals.answering import asks_for_start
from bookings.services.rentals.staying import HAPPENS
from bookings.stay import stay_of
from bookings.views.requests import PageRequest
from members.formats import day, euros


@dataclass(frozen=True)
class QuotePage:
    """A quote as its page shows it; `pay` is where its advance waits to be paid.

    `advance` is what is asked for it in euros, less what came while it waits; `advance_said` in words.
    """

    rental: RentalQuote
    quote: Quote
    subject: list[tuple[str, str]]
    lines: list[SaidLine]
    sums: list[tuple[str, str]]
    total: tuple[str, str]
    rule: str
    last_day: str
    can_be_accepted: bool
    now_said: str
    next_said: str
    advance: Decimal
    advance_said: str
    pay: str
    pdf: str
    form: AcceptForm | None
    billed_to: str
    corrected: tuple[str, str] | None
    scale: list[tuple[str, str]]


def latest_of(asked: RentalRequest) -> RentalQuote | None:
    """The version that counts: the last that was sent."""
    rows = asked.quotes.told().select_related("quote__file").prefetch_related("quote__lines").sent()
    return rows.first()


def page_of(rental: RentalQuote, *, now: datetime, form: AcceptForm | None = None) -> QuotePage:
    """Put a quote in words, with its form where it may be accepted."""
    quote, tongue = rental.quote, quote_words.language()
    *sums, total = sums_said(quote, tongue)
    open_now = quote.can_be_accepted(now)
    if open_now and form is None:
        form = form_of(rental, now=now)
    now_said, next_said = quote_words.standing(rental, now=now)
    advance = _advance_of(quote)
    return QuotePage(
        rental=rental,
        quote=quote,
        subject=[(label, value) for label, value in quote.words["subject"]],
        lines=lines_said(quote, tongue),
        sums=sums,
        total=total,
        rule=_rule(rental, tongue),
        last_day=quote_words.last_day(rental),
        can_be_accepted=open_now,
        now_said=now_said,
        next_said=next_said,
        advance=advance,
        advance_said=euros(advance, tongue),
        pay=_pay_address(rental, now),
        pdf=_pdf_address(rental),
        form=form if open_now else None,
        billed_to=_billed_to(quote.customer.as_agreed(quote.accepted_buyer)),
        corrected=_corrected(rental),
        scale=quote_words.scale_facts(rental, now=now) if open_now else [],
    )


def _rule(rental: RentalQuote, tongue: str) -> str:
    """What makes it sure; once it is, what is left to pay and when; nothing once it is called off."""
    if rental.quote.state != Quote.State.ACCEPTED:
        return confirmation_said(rental.quote, tongue)
    if rental.request.state not in HAPPENS:
        return ""
    if stay_of(rental) is None:
        return confirmation_said(rental.quote, tongue)
    if left_to_pay(rental) <= 0:
        return left_said(rental)
    return _("Reste à payer\u00a0: %(left)s") % {"left": left_said(rental)}


def _billed_to(buyer: Customer) -> str:
    """« Association Exemple, 1 rue de l’Essai, 76000 Rouen », abroad with the country."""
    town = f"{buyer.postcode} {buyer.city}".strip()
    parts = (buyer.name, buyer.address, town, country_abroad(buyer.country))
    return ", ".join(each for each in parts if each)


def _corrected(rental: RentalQuote) -> tuple[str, str] | None:
    """Who is invoiced as corrected since it was accepted, and the day of that."""
    made = rental.quote.buyer_corrections.last()
    if made is None:
        return None
    local = made.at.astimezone(rental.request.site.zone).date()
    return _billed_to(rental.quote.customer.as_agreed(made.words)), day(local, quote_words.language())


def form_of(rental: RentalQuote, *, now: datetime, data: Any = None) -> AcceptForm:
    """The form of a quote, with the name of who asked."""
    initial = {"name": rental.request.name}
    start = asks_for_start(rental, now=now)
    return AcceptForm(data, start=start, buyer=rental.quote.buyer, initial=initial)


def _advance_of(quote: Quote) -> Decimal:
    """The advance asked, less what came of it once it waits to be paid."""
    order = quote.advance_order
    if order is not None and order.state == Order.State.OPEN:
        return owed_on(order)
    return advance_amounts(quote).incl


def _pay_address(rental: RentalQuote, now: datetime) -> str:
    order = rental.quote.advance_order
    if order is None or order.state != Order.State.OPEN:
        return ""
    if order.expires_at is not None and order.expires_at <= now:
        return ""
    return reverse("billing:pay", args=[order.public_id])


def _pdf_address(rental: RentalQuote) -> str:
    if not hasattr(rental.quote, "file"):
        return ""
    return reverse("bookings:rent_quote_pdf", args=[rental.request.key, rental.quote.version])


def version_of(asked: RentalRequest, version: int) -> RentalQuote:
    """One version that was sent, or 404."""
    rows = asked.quotes.told().prefetch_related("quote__lines").sent()
    found = rows.filter(quote__version=version).first()
    if found is None:
        raise Http404
    return found


def evidence_of(request: PageRequest, form: AcceptForm) -> Evidence:
    """Who accepts, as they wrote it, and what the request says of where they are."""
    return Evidence(
        name=form.cleaned_data["name"],
        function=form.cleaned_data["function"],
        ip=get_adapter().get_client_ip(request),
        agent=request.headers.get("User-Agent", ""),
        purchase_order=form.cleaned_data.get("purchase_order", ""),
        buyer=form.buyer_said(),
    )
