"""Whose a movement of the balance is: which payment or refund of ours, and so which seller's."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from billing.models import BalanceMovement, Payment, Refund, Seller
from billing.payments.balance_answers import MovementAnswer

KINDS = {
    "charge": BalanceMovement.Kind.CHARGE,
    "payment": BalanceMovement.Kind.CHARGE,
    "refund": BalanceMovement.Kind.REFUND,
    "payment_refund": BalanceMovement.Kind.REFUND,
    "refund_failure": BalanceMovement.Kind.REFUND,
    "payment_failure_refund": BalanceMovement.Kind.REFUND,
    "stripe_fee": BalanceMovement.Kind.FEE,
    "stripe_fx_fee": BalanceMovement.Kind.FEE,
    "tax_fee": BalanceMovement.Kind.FEE,
    "network_cost": BalanceMovement.Kind.FEE,
    "payout_failure": BalanceMovement.Kind.RETURNED,
    "payout_cancel": BalanceMovement.Kind.RETURNED,
}
"""Stripe's types; a dispute is an adjustment of that category, what is not named is an adjustment."""
DISPUTES = ("dispute", "dispute_reversal")
EXPLAINED = (BalanceMovement.Kind.FEE, BalanceMovement.Kind.RETURNED)
"""What moves the balance without a payment of ours behind it."""


@dataclass(frozen=True)
class Owned:
    """A movement, and what of ours it is about; nothing when we do not know it."""

    told: MovementAnswer
    kind: BalanceMovement.Kind
    payment: Payment | None = None
    refund: Refund | None = None

    @property
    def is_known(self) -> bool:
        """Whether we can say what it is."""
        return self.payment is not None or self.kind in EXPLAINED


def kind_of(told: MovementAnswer) -> BalanceMovement.Kind:
    """Our word for a movement."""
    if told.category in DISPUTES:
        return BalanceMovement.Kind.DISPUTE
    return KINDS.get(told.type, BalanceMovement.Kind.ADJUSTMENT)


def owned(movements: Sequence[MovementAnswer]) -> list[Owned]:
    """Find what each movement is about, in three queries for all of them.

    A payment is known by its intent, else by the reference we wrote on it: its answer may have been lost. One
    that was paid out before is not paid out again.
    """
    payments, refunds = _payments(movements), _refunds(movements)
    charged = [one.pk for one in payments.values()]
    before = BalanceMovement.objects.filter(payment__in=charged, kind=BalanceMovement.Kind.CHARGE)
    gone = set(before.values_list("payment_id", flat=True))
    found = []
    for told in movements:
        kind, refund = kind_of(told), refunds.get(told.source_id)
        payment = refund.payment if refund else payments.get(told.intent_id)
        if kind == BalanceMovement.Kind.CHARGE and payment is not None:
            if payment.pk in gone:
                payment = None
            else:
                gone.add(payment.pk)
        found.append(Owned(told, kind, payment, refund))
    return found


def _payments(movements: Sequence[MovementAnswer]) -> dict[str, Payment]:
    """Payments by the intent that moved the balance."""
    rows = Payment.objects.filter(method=Payment.Method.CARD).select_related("order__seller")
    intents = {told.intent_id for told in movements if told.intent_id}
    found = {payment.intent_id: payment for payment in rows.filter(intent_id__in=intents)}
    lost = {
        int(told.metadata["payment"]): told
        for told in movements
        if told.intent_id not in found and told.metadata.get("payment", "").isdecimal()
    }
    for payment in rows.filter(pk__in=lost, intent_id="") if lost else ():
        told = lost[payment.pk]
        if told.metadata.get("order") == payment.order.public_id:
            found[told.intent_id] = payment
    return found


def _refunds(movements: Sequence[MovementAnswer]) -> dict[str, Refund]:
    """Refunds by Stripe's identifier."""
    sources = [told.source_id for told in movements if KINDS.get(told.type) == BalanceMovement.Kind.REFUND]
    rows = Refund.objects.filter(stripe_id__in=sources).exclude(stripe_id="")
    return {refund.stripe_id: refund for refund in rows.select_related("payment__order__seller")}


def sellers_of(found: Sequence[Owned]) -> list[Seller]:
    """The sellers of these movements' payments, who has the most of them first."""
    counted = Counter(one.payment.order.seller for one in found if one.payment is not None)
    return [seller for seller, _number in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0].pk))]
