"""The sums of a period: values that add up. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from billing.models import TillClosing

ZERO = Decimal("0.00")
Pair = tuple[Decimal, Decimal]
"""Received, refunded."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What moved in a period, and what was issued; `methods` and `vat` by code, each with both ways."""

    count: int = 0
    methods: Mapping[str, Pair] = field(default_factory=dict)
    vat: Mapping[str, Pair] = field(default_factory=dict)
    from_sequence: int | None = None
    to_sequence: int | None = None
    documents: int = 0
    invoiced: Decimal = ZERO
    deducted: Decimal = ZERO
    credited: Decimal = ZERO

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(
            count=self.count + other.count,
            methods=merged(self.methods, other.methods),
            vat=merged(self.vat, other.vat),
            from_sequence=min(_known(self.from_sequence, other.from_sequence), default=None),
            to_sequence=max(_known(self.to_sequence, other.to_sequence), default=None),
            documents=self.documents + other.documents,
            invoiced=self.invoiced + other.invoiced,
            deducted=self.deducted + other.deducted,
            credited=self.credited + other.credited,
        )

    @property
    def received(self) -> Decimal:
        """What came in, by whatever means."""
        return sum((received for received, _back in self.methods.values()), ZERO)

    @property
    def refunded(self) -> Decimal:
        """What was given back, less what came back of it."""
        return sum((back for _received, back in self.methods.values()), ZERO)

    @property
    def net(self) -> Decimal:
        """What is left."""
        return self.received - self.refunded


def merged(one: Mapping[str, Pair], other: Mapping[str, Pair]) -> dict[str, Pair]:
    """Add pair to pair, code by code."""
    nothing = (ZERO, ZERO)
    return {
        code: (
            one.get(code, nothing)[0] + other.get(code, nothing)[0],
            one.get(code, nothing)[1] + other.get(code, nothing)[1],
        )
        for code in sorted({*one, *other})
    }


def written(pairs: Mapping[str, Pair]) -> list[dict[str, str]]:
    """Write pairs as a closing keeps them: codes and amounts, in one order."""
    return [
        {"code": code, "received": f"{received:.2f}", "refunded": f"{back:.2f}"}
        for code, (received, back) in sorted(pairs.items())
    ]


def pairs_of(rows: Iterable[Mapping[str, str]]) -> dict[str, Pair]:
    """Read them back."""
    return {row["code"]: (Decimal(row["received"]), Decimal(row["refunded"])) for row in rows}


def totals_of(closing: TillClosing) -> Totals:
    """The sums that a closing keeps."""
    return Totals(
        count=closing.count,
        methods=pairs_of(closing.methods),
        vat=pairs_of(closing.vat),
        from_sequence=closing.from_sequence,
        to_sequence=closing.to_sequence,
        documents=closing.documents,
        invoiced=closing.invoiced,
        deducted=closing.deducted,
        credited=closing.credited,
    )


def _known(*numbers: int | None) -> list[int]:
    return [number for number in numbers if number is not None]
