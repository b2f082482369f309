"""The documented test cards and what happens to who pays with them."""

from dataclasses import dataclass
from enum import Enum

from cantine.standin.html import WIDE


class Outcome(Enum):
    """What the bank answers."""

    SUCCEEDS = "succeeds"
    DECLINES = "declines"
    ASKS = "asks"  # authentication by the bank first


class Refunding(Enum):
    """What becomes of a refund to this card."""

    AT_ONCE = "at once"
    LATER = "later"  # pending, then succeeded
    RETURNED = "returned"  # succeeded, then failed


@dataclass(frozen=True)
class Card:
    """A test card; `reason` is Stripe's decline code, `sentence` what the page says."""

    number: str
    label: str
    brand: str = "visa"
    outcome: Outcome = Outcome.SUCCEEDS
    code: str = ""
    reason: str = ""
    sentence: str = ""
    refunding: Refunding = Refunding.AT_ONCE


NOTHING_TAKEN = f"Rien n’a été débité{WIDE}: essayez une autre carte."
REFUSED = "Your card was declined."
CARDS = {
    card.number: card
    for card in (
        Card("4242424242424242", "paiement accepté"),
        Card("5555555555554444", "paiement accepté", brand="mastercard"),
        Card("4000002500000003", "paiement accepté, carte française"),
        Card("4000002760003184", "la banque demande une authentification", outcome=Outcome.ASKS),
        Card(
            "4000000000000002", "carte refusée", outcome=Outcome.DECLINES,
            code="card_declined", reason="generic_decline",
            sentence=f"La banque a refusé cette carte. {NOTHING_TAKEN}",
        ),
        Card(
            "4000000000009995", "provision insuffisante", outcome=Outcome.DECLINES,
            code="card_declined", reason="insufficient_funds",
            sentence=f"La provision de cette carte est insuffisante. {NOTHING_TAKEN}",
        ),
        Card(
            "4000000000000069", "carte expirée", outcome=Outcome.DECLINES,
            code="expired_card", reason="expired_card",
            sentence=f"Cette carte a expiré. {NOTHING_TAKEN}",
        ),
        Card("4000000000007726", "acceptée, remboursement en attente", refunding=Refunding.LATER),
        Card("4000000000005126", "acceptée, remboursement rejeté ensuite", refunding=Refunding.RETURNED),
    )
}  # fmt: skip


def passes_luhn(number: str) -> bool:
    """Whether the check digit of a card number is right."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return bool(digits) and (sum(digits[::2]) + sum(doubled)) % 10 == 0
