"""Correcting what was issued: the manager's credit note on a document, and what of an advance is too much."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _

from billing.documents.crediting import Credits, credited_rows, remaining
from billing.documents.deducting import excess_of, left_of
from billing.documents.services import Discount, vat_rows_of
from billing.errors import AdvanceDeducted, MoreThanRemains, NothingToCredit
from billing.models import Document, DocumentDeduction, DocumentKind, DocumentLine, Order, Payment
from billing.money import NOTHING, ZERO, Amounts, Priced, VatRow, total_of
from billing.settlement.reversing import Reversal, family_of, held, orders_behind, take_off
from members.models import User
from members.transactions import own_transaction, require_transaction


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an invoice, with its words and what of it was not credited yet."""

    row: DocumentLine
    label: str
    left: Amounts


def lines_of(document: Document) -> list[Line]:
    """The lines of an invoice, as they may be credited."""
    words = document.snapshot.content["lines"]
    rows = document.lines.select_related("order_line").order_by("position")
    return [Line(row, text["label"], remaining(row)) for row, text in zip(rows, words, strict=True)]


def final_of(document: Document) -> Document | None:
    """The final invoice that deducts this advance: that one is to be credited."""
    found = DocumentDeduction.objects.filter(advance=document).select_related("document").first()
    return found.document if found is not None else None


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a credit note would come to: off what is owed, then back to each payment; euros with VAT.

    `lacking` is what no payment holds any more: a payment that was contested, or given back otherwise.
    """

    rows: list[VatRow]
    lowered: Decimal
    back: list[tuple[Payment, Decimal]]
    lacking: Decimal

    @property
    def total(self) -> Amounts:
        """The credit note's."""
        return total_of(self.rows)

    @property
    def paid(self) -> Decimal:
        """What of it was paid: given back, or kept."""
        return sum((part for _payment, part in self.back), ZERO)


def foresee(document: Document, credits_: Credits) -> Foreseen:
    """Work out what `correct_document` would do; for what is shown. Raises `MoreThanRemains` as it would."""
    rows, family = credited_rows(credits_), family_of(document)
    rest = total_of(rows).incl
    owing = Document.objects.unpaid().filter(pk__in={document.pk, *_advances_of(document)})
    lowered = min(rest, sum((each.owed for each in owing), ZERO))
    rest, back = rest - lowered, []
    received = Payment.objects.received().filter(settled_at__isnull=False, allocations__document__in=family)
    for payment in received.distinct().order_by("pk"):
        part = min(rest, held(payment, family))
        if part > 0:
            back.append((payment, part))
            rest -= part
    return Foreseen(rows, lowered, back, rest)


def _advances_of(document: Document) -> set[int]:
    deducted = DocumentDeduction.objects.filter(document=document)
    return set(deducted.values_list("advance", flat=True))


@own_transaction
def correct_document(
    *,
    document: Document,
    credits_: Mapping[DocumentLine, Decimal],
    reason: str,
    by: User,
    now: dt.datetime,
    keep: bool = False,
) -> Reversal:
    """Take sums (euros, VAT included) off lines of an issued invoice, by a credit note that says why.

    What is owed is lowered first, on an advance it deducts too; what was paid goes back by the way it came,
    or with `keep` waits as the customer's credit. What was ordered stands. Raises `NothingToCredit`,
    `MoreThanRemains`, or `AdvanceDeducted` for an advance in a final invoice; nothing is written then.
    """
    if not credits_:
        raise NothingToCredit
    if document.kind == DocumentKind.CREDIT_NOTE or any(row.document_id != document.pk for row in credits_):
        raise MoreThanRemains
    if document.kind == DocumentKind.ADVANCE and final_of(document) is not None:
        raise AdvanceDeducted
    orders = orders_behind(document)
    list(Order.objects.select_for_update(no_key=True).filter(pk__in=orders).order_by("pk"))
    return take_off(document, credits_, by=by, now=now, reason=reason.strip(), keep=keep)


def excess_on(
    advances: Sequence[Document], priced: Sequence[Priced], discount: Discount | None
) -> dict[DocumentLine, Amounts]:
    """What of advances passes an invoice of these lines, rate by rate, as sums to credit on their lines."""
    full = {row.rate: row.amounts for row in vat_rows_of(priced, discount)}
    found: dict[DocumentLine, Amounts] = {}
    left = [row for advance in advances for row in left_of(advance)]
    for rate in sorted({row.rate for row in left}, reverse=True):
        mine = sum((row.amounts for row in left if row.rate == rate), NOTHING)
        beyond = excess_of(mine, full.get(rate, NOTHING))
        rows = DocumentLine.objects.filter(document__in=advances, vat_rate=rate).select_related("order_line")
        found |= _shared(beyond, rows.order_by("-document", "-position"))
    return found


def _shared(beyond: Amounts, rows: Iterable[DocumentLine]) -> dict[DocumentLine, Amounts]:
    """Take a sum off lines of one rate, the last one first."""
    found: dict[DocumentLine, Amounts] = {}
    for row in rows:
        left = remaining(row)
        excl, vat = min(beyond.excl, left.excl), min(beyond.vat, left.vat)
        if excl + vat > 0:
            found[row] = Amounts(excl, vat, excl + vat)
            beyond = Amounts(beyond.excl - excl, beyond.vat - vat, beyond.incl - excl - vat)
    return found


def credit_excess(
    excess: Mapping[DocumentLine, Amounts], *, by: User | None, now: dt.datetime
) -> list[Reversal]:
    """Step: credit what of advances is too much, each on its own note, before the final invoice deducts them.

    The caller holds the locks of their orders.
    """
    require_transaction()
    by_document: dict[int, dict[DocumentLine, Amounts]] = {}
    for row, amounts in excess.items():
        by_document.setdefault(row.document_id, {})[row] = amounts
    done = []
    for document in Document.objects.filter(pk__in=by_document).order_by("pk"):
        with translation.override(document.language):
            reason = _("L’acompte dépasse ce qui est facturé.")
        done.append(take_off(document, by_document[document.pk], by=by, now=now, reason=reason))
    return done
