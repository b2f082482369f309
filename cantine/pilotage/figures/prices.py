"""What another price would have brought, on the same volumes. Pure."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Changed:
    """What something brought in, and what it would have with its price changed by so many hundredths."""

    name: str
    percent: int
    before: Decimal

    @property
    def after(self) -> Decimal:
        """The same volumes at the other price, in euros."""
        return self.before + self.difference

    @property
    def difference(self) -> Decimal:
        """What it would have brought more, or less."""
        return (self.before * self.percent / 100).quantize(CENT, rounding=ROUND_HALF_UP)
