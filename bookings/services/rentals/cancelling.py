"""Cancelling a rental that was won, by the scale its quote promised."""

from datetime import datetime
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _

from billing.documents.services import remaining
from billing.models import DocumentKind, DocumentLine, Order, OrderLine
from billing.money import ZERO, share
from billing.orders.services import lock
from billing.payments.keeping import sum_kept
from billing.payments.owed import WAITING
from billing.settlement.parts import give_parts_back
from billing.settlement.reversing import take_off
from billing.settlement.services import give_up, reverse_line
from billing.withdrawal import last_day, starts_before_the_end
from bookings.cancellation_scale import Bill, Cost, cost_of
from bookings.errors_ending import AlreadyBegun, CostChanged, NotUnderWay
from bookings.models import Booking, RentalBalance, RentalCancellation, RentalQuote, RentalRequest
from bookings.services.rentals import second_rank, telling
from bookings.services.rentals.balancing import advances_of, documents_of, lock_advance
from bookings.services.rentals.quoting import lock_rental, lock_request
from bookings.stay import period_of
from members.models import User
from members.transactions import own_transaction


def cost_now(rental: RentalQuote, *, now: datetime) -> Cost:
    """What cancelling comes to today, counted in days of the site's calendar.

    Nothing is kept of a consumer who may still withdraw, whatever the scale says.
    """
    bill = bill_of(rental)
    if not is_held_to(rental):
        return Cost(0, ZERO, bill)
    if may_withdraw(rental, now=now):
        return Cost(0, ZERO, bill, withdrawn=True)
    zone = rental.request.site.zone
    days = (period_of(rental).local(zone).start.date() - now.astimezone(zone).date()).days
    return cost_of(rental.scale, days=days, total=rental.quote.total_incl, bill=bill)


def cost_to_house(rental: RentalQuote) -> Cost:
    """What it comes to when the house cannot keep its word: it keeps nothing."""
    return Cost(0, ZERO, bill_of(rental))


def is_held_to(rental: RentalQuote) -> bool:
    """Whether the scale counts: what is not sure is called off at any time, for nothing."""
    return rental.options.filter(booking__state=Booking.State.CONFIRMED).exists()


def bill_of(rental: RentalQuote) -> Bill:
    """What was invoiced of a rental, less what was credited, and what of it was paid."""
    left, paid, owed = ZERO, ZERO, ZERO
    for each in documents_of(rental.request).with_balance().select_related("corrects"):
        credit = each.kind == DocumentKind.CREDIT_NOTE
        amount = -each.total_incl if credit else each.total_incl
        if (each.corrects or each).kind == DocumentKind.ADVANCE:
            left += amount
        paid += amount if credit else amount - each.owed - each.advanced
        owed += ZERO if credit else max(each.owed, ZERO)
    paid += _kept_of(rental.quote.advance_order)
    if hasattr(rental, "balance"):
        left = max(left, paid)  # of a final invoice no more is kept than was paid, or asked in advance
    return Bill(paid, left, owed)


def may_withdraw(rental: RentalQuote, *, now: datetime) -> bool:
    """Whether who rents is a consumer inside the fourteen days, who did not ask that it begin before.

    Whether a room let for a given day has that right at all (L221-28, 12°) is for a lawyer to say.
    """
    quote, zone = rental.quote, rental.request.site.zone
    if quote.accepted_at is None or quote.buyer.is_business:
        return False
    accepted = quote.accepted_at.astimezone(zone).date()
    if quote.advance_order is not None:
        asked = quote.advance_order.start_requested_at is not None
    else:  # the form did not let them accept without asking
        asked = starts_before_the_end(rental.period.local(zone).start.date(), ordered_on=accepted)
    return not asked and now.astimezone(zone).date() <= last_day(accepted)


def _advanced(rental: RentalQuote) -> list[DocumentLine]:
    """The lines of its advance invoices."""
    advances = advances_of(rental.quote)
    rows = DocumentLine.objects.filter(document__in=advances).select_related("order_line")
    return list(rows.order_by("document", "position"))


def _kept_of(advance: Order | None) -> Decimal:
    """What came by transfer for an advance that waits for the rest."""
    return sum_kept(advance) if advance is not None and advance.state in WAITING else ZERO


ENDING = (RentalRequest.State.WON, RentalRequest.State.DONE)
"""What may be cancelled until its day: a balance made before it is credited."""


def may_be_cancelled(rental: RentalQuote, *, now: datetime) -> bool:
    """Whether it was won, and is to come or was never sure."""
    if rental.request.state not in ENDING:
        return False
    return now < period_of(rental).start or not is_held_to(rental)


@own_transaction
def cancel_rental(
    *,
    rental: RentalQuote,
    by: User | None,
    now: datetime,
    kept_shown: Decimal | None = None,
    house_reason: str = "",
) -> RentalCancellation:
    """Cancel a rental that was won: its spaces are free, the advance goes back less what the scale keeps.

    `by` is the manager, or None for who asked. `house_reason` is why the house itself cannot keep its word,
    as who rents reads it: everything goes back then, whatever the scale says. What the scale keeps beyond
    the advance is not invoiced: that is the manager's to decide. Where nothing was sure it costs nothing,
    even after the day. Done twice it is done once. Raises `NotUnderWay`, `AlreadyBegun`, or `CostChanged`
    where `kept_shown`, what was read before, is no longer kept; nothing is written then.
    """
    advance = lock_orders(rental)
    request = lock_request(rental.request)
    found = lock_rental(rental)
    found.request = request
    done = RentalCancellation.objects.filter(rental=found).first()
    if done is not None:
        return done
    cost = _checked(found, kept_shown, now=now)
    if house_reason:
        cost = cost_to_house(found)
    request.state, request.closed_at = RentalRequest.State.CANCELLED, now
    request.save(update_fields=["state", "closed_at"])
    _undo(found, advance, cost, by=by, now=now)
    second_rank.let_go(found, now=now)
    made = RentalCancellation.objects.create(
        rental=found,
        by=by,
        at=now,
        percent=cost.percent,
        kept=cost.kept,
        paid=cost.paid,
        invoiced=cost.bill.invoiced,
        owed=cost.bill.owed,
        by_house=bool(house_reason),
        reason=house_reason,
    )
    telling.owe_cancelled(found)
    return made


def _checked(rental: RentalQuote, kept_shown: Decimal | None, *, now: datetime) -> Cost:
    if rental.request.state not in ENDING:
        raise NotUnderWay
    if not may_be_cancelled(rental, now=now):
        raise AlreadyBegun
    cost = cost_now(rental, now=now)
    if kept_shown is not None and kept_shown != cost.kept:
        raise CostChanged
    return cost


def lock_orders(rental: RentalQuote) -> Order | None:
    """Step: take the locks of its orders, the advance's first; gives that one, read anew."""
    advance = lock_advance(rental)
    balance = RentalBalance.objects.filter(rental=rental).select_related("order").first()
    if balance is not None:
        lock(balance.order)
    return advance


def _undo(rental: RentalQuote, advance: Order | None, cost: Cost, *, by: User | None, now: datetime) -> None:
    """Step: give up an advance that is not paid; of one that is, credit and give back what is not kept."""
    if hasattr(rental, "balance"):
        _credit_balance(rental, cost, by=by, now=now)
        return
    if advance is None:
        return
    if advance.state == Order.State.OPEN:
        give_up(advance, now=now)
    elif advance.state == Order.State.EXPIRED:
        give_parts_back(advance, now=now, by=by)
    elif advance.state == Order.State.ACCEPTED:
        _give_back(rental, cost, by=by, now=now)


def _credit_balance(rental: RentalQuote, cost: Cost, *, by: User | None, now: datetime) -> None:
    """Step: credit the invoice of a balance, but for what is kept, shared over its lines."""
    order = rental.balance.order
    order.lines.update(state=OrderLine.State.CANCELLED)
    invoice = order.documents.invoices().first()
    if invoice is None:
        return
    rows = invoice.lines.select_related("order_line").order_by("position")
    left = [(row, remaining(row).incl) for row in rows]
    kept = share(
        min(cost.held, sum((amount for _row, amount in left), ZERO)), [amount for _row, amount in left]
    )
    credits_ = {row: amount - mine for (row, amount), mine in zip(left, kept, strict=True) if amount > mine}
    if credits_:
        with translation.override(invoice.language):
            reason = _("La location est annulée.")
        take_off(invoice, credits_, by=by, now=now, reason=reason)


def _give_back(rental: RentalQuote, cost: Cost, *, by: User | None, now: datetime) -> None:
    """Step: what is kept is shared over the lines, one a rate."""
    rows = [row for row in _advanced(rental) if remaining(row).incl]
    amounts = [remaining(row).incl for row in rows]
    kept = share(cost.held, amounts)
    for row, amount, mine in zip(rows, amounts, kept, strict=True):
        assert row.order_line is not None
        reverse_line(line=row.order_line, kept=row.amount_incl - amount + mine, by=by, now=now)
