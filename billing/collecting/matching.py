"""Whose transfer is this: by the reference in its words, else by amount and name. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from billing.models.transfer import bare
from billing.money import ZERO

BETWEEN = r"[\W_]*"
SHORTEST_NAME = 4
LEFT_OUT = frozenset({"ASSOCIATION", "SOCIETE", "SARL", "ENTREPRISE", "STUDIO"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something a transfer may pay: its references, who owes it, how much (euros)."""

    key: str
    references: tuple[str, ...]
    customer: int
    name: str
    owed: Decimal


@dataclass(frozen=True, slots=True)
class Guess:
    """A candidate with why it is proposed: `reference`, `amount`, `name`; the surest first."""

    candidate: Candidate
    reasons: tuple[str, ...]


def names(text: str, reference: str) -> bool:
    """Whether `text` holds `reference`, whatever spaces, hyphens and capitals the bank made of it.

    Nothing else may touch it: FA-2026-00001 is not in FA-2026-000012.
    """
    letters = bare(reference)
    if not letters:
        return False
    spread = BETWEEN.join(letters)
    return re.search(rf"(?<![A-Z0-9]){spread}(?![A-Z0-9])", text.upper()) is not None


def guesses(text: str, amount: Decimal, candidates: Iterable[Candidate]) -> list[Guess]:
    """Propose what a transfer may pay; what its words name comes first, then name and amount, then either."""
    found = [Guess(each, reasons) for each in candidates if (reasons := tuple(_reasons(text, amount, each)))]
    return sorted(found, key=lambda guess: ("reference" not in guess.reasons, -len(guess.reasons)))


def _reasons(text: str, amount: Decimal, candidate: Candidate) -> Iterable[str]:
    if any(names(text, reference) for reference in candidate.references):
        yield "reference"
    if candidate.owed == amount:
        yield "amount"
    if _is_named(text, candidate.name):
        yield "name"


def _is_named(text: str, name: str) -> bool:
    """Whether the longer words of a name are all in the text."""
    words = [word for word in map(bare, re.split(r"[\s'’-]+", name)) if len(word) >= SHORTEST_NAME]
    said = bare(text)
    telling = [word for word in words if word not in LEFT_OUT]
    return bool(telling) and all(word in said for word in telling)


def shared(amount: Decimal, owed: Sequence[Decimal]) -> list[Decimal]:
    """Give each debt its part of `amount`, in order, each paid before the next; the rest is left over."""
    parts, left = [], amount
    for debt in owed:
        part = max(min(debt, left), ZERO)
        parts.append(part)
        left -= part
    return parts
