"""What the page of a draft shows: its form and lines, what it comes to, and who else wants that date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.forms import BaseFormSet
from django.http import QueryDict
from django.utils.translation import gettext as _

from billing.documents.sums import rate
from billing.errors import DiscountBeyondInvoice
from billing.money import NOTHING, ZERO, Amounts, VatRow, amounts_for
from billing.quotes.amounts import advances_of
from billing.quotes.offers import Offer, OfferedLine
from bookings.models import RentalDiscount, RentalQuote, RentalRequest
from bookings.services.rentals.options import InTheWay, competing, taken_over
from bookings.services.rentals.prefilling import discount_by
from bookings.services.rentals.quoting import What
from cantine.gestion.quote_form import MOST_LINES, LineForm, QuoteForm, form_of, lines_of, rates_of
from members.formats import euros


@dataclass
class Draft:
    """A draft as it is being edited; `what` and `offer` are None while something in it is wrong."""

    rental: RentalQuote
    form: QuoteForm
    lines: "BaseFormSet[LineForm]"
    what: What | None = None
    offer: Offer | None = None


def read(rental: RentalQuote, data: QueryDict | None = None) -> Draft:
    """The draft as it is kept, or as it was sent; what was sent is checked."""
    draft = Draft(rental, form_of(rental, data), lines_of(rental, data))
    if data is None or not (draft.form.is_valid() & draft.lines.is_valid()):
        return draft
    offered = [form.line() for form in draft.lines.forms if is_kept(form)]
    draft.what, draft.offer = draft.form.what(), draft.form.offer(offered)
    try:
        draft.offer.worked_out()
    except DiscountBeyondInvoice as refused:
        draft.form.add_error("discount_excl", str(refused))
        draft.what = draft.offer = None
    return draft


def is_kept(form: LineForm) -> bool:
    """Whether a line says something and stays."""
    return form.has_changed() and not form.cleaned_data.get("DELETE")


def one_more_line(rental: RentalQuote, data: QueryDict) -> QueryDict:
    """What was sent, with a line after the others that says what most lines say.

    The same where there are as many as there may be, or nobody can say how many.
    """
    copy, last = data.copy(), data.get("lignes-TOTAL_FORMS", "")
    if not last.isdecimal() or int(last) >= MOST_LINES:
        return data
    copy["lignes-TOTAL_FORMS"] = str(int(last) + 1)
    usual = {"quantity": "1", "basis": "ht", "rate": rates_of(rental.quote.seller)[0][0]}
    copy.update({f"lignes-{int(last)}-{name}": value for name, value in usual.items()})
    return copy


def with_rule(
    data: QueryDict, rule: RentalDiscount, lines: Sequence[OfferedLine], language: str
) -> QueryDict:
    """What was sent, with the discount of a rule."""
    found = discount_by(rule, lines, language=language)
    copy = data.copy()
    copy["discount_excl"], copy["discount_label"] = f"{found.excl:.2f}", found.label
    return copy


def rows_of(offer: Offer) -> list[VatRow]:
    """The VAT of an offer by rate, after its discount."""
    found: dict[Decimal, Amounts] = {}
    for line, worked in zip(offer.lines, offer.worked_out(), strict=True):
        found[line.rate] = found.get(line.rate, NOTHING) + worked.amounts
    return [VatRow(each, found[each]) for each in sorted(found, reverse=True)]


def sums_of(offer: Offer, language: str) -> tuple[list[tuple[str, str]], tuple[str, str]]:
    """What an offer comes to: base and VAT by rate, the advance; and the total."""
    rows = rows_of(offer)
    total = sum((row.amounts for row in rows), NOTHING)
    asked = advances_of(rows, offer.advance_percent)
    advance = sum((amounts_for(each.amount, each.rate, each.basis).incl for each in asked), ZERO)
    vat = [
        (
            _("TVA %(rate)s sur %(base)s")
            % {"rate": rate(row.rate, language), "base": euros(row.amounts.excl, language)},
            euros(row.amounts.vat, language),
        )
        for row in rows
        if row.rate
    ]
    taken = offer.discount.excl if offer.discount else ZERO
    taken_off = [(_("Remise"), euros(-taken, language))] if taken else []
    pairs = [*taken_off, (_("Total HT"), euros(total.excl, language)), *vat]
    label = _("Total TTC") if vat else _("Total net de taxes")
    less = [(_("Dont acompte"), euros(advance, language))] if advance else []
    return [*pairs, *less], (label, euros(total.incl, language))


@dataclass(frozen=True)
class Rivals:
    """Who else wants the time offered: what is taken, and requests that nobody decided."""

    taken: list[InTheWay]
    requests: list[RentalRequest]

    @property
    def only_options(self) -> bool:
        """Whether nothing but options of others stands in the way."""
        return bool(self.taken) and all(each.is_option for each in self.taken)


def rivals_of(draft: Draft, *, now: datetime) -> Rivals:
    """Who else wants the spaces at that time, as the form says them, or as they are kept."""
    rental = draft.rental
    what = draft.what or What(
        [option.space for option in rental.options.select_related("space")],
        rental.period,
        rental.setup_minutes,
        rental.clearing_minutes,
    )
    period = what.taken_period
    return Rivals(
        taken_over(list(what.spaces), period, but=rental.request, now=now),
        competing(rental.request, list(what.spaces), period),
    )
