"""What using a space costs: calculation on values, no database.

A price is the least of what the tariff can make of a period, so that a day is never dearer than its two
half-days, and staying longer never costs less.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.money import Basis, amounts_for, line_amount
from bookings.opening import Opening
from bookings.period import QUARTER, Period


@dataclass(frozen=True)
class TariffRow:
    """One tariff of the database: euros on `basis`; `rate` is what the seller charges, in percent."""

    kind: str
    space_id: int | None
    audience: str
    product_id: int
    product_name: str
    basis: Basis
    rate: Decimal
    valid_from: date
    valid_to: date | None = None
    half_day: Decimal | None = None
    day: Decimal | None = None
    hour: Decimal | None = None
    day_cap: Decimal | None = None


@dataclass(frozen=True)
class Price:
    """`quantity` × `unit_price` (on `basis`); `unit` is half_day, day or hour; amounts in euros."""

    quantity: Decimal
    unit: str
    unit_price: Decimal
    basis: Basis
    vat_rate: Decimal
    product_id: int
    product_name: str = ""

    @property
    def _amounts(self) -> tuple[Decimal, Decimal, Decimal]:
        found = amounts_for(line_amount(self.quantity, self.unit_price), self.vat_rate, self.basis)
        return found.excl, found.vat, found.incl

    @property
    def amount_excl(self) -> Decimal:
        """Excluding VAT."""
        return self._amounts[0]

    @property
    def amount_vat(self) -> Decimal:
        """The VAT in it."""
        return self._amounts[1]

    @property
    def amount_incl(self) -> Decimal:
        """What is paid."""
        return self._amounts[2]

    @property
    def unit_price_incl(self) -> Decimal:
        """What one unit costs, VAT included, for « 2 h à 18,00 € »."""
        return amounts_for(line_amount(Decimal(1), self.unit_price), self.vat_rate, self.basis).incl

    @property
    def is_free(self) -> bool:
        """Whether nothing is to be paid."""
        return self.amount_incl == 0


def tariff_for(
    rows: Iterable[TariffRow], *, kind: str, space_id: int, audience: str, day: date
) -> TariffRow | None:
    """Choose the tariff of a space on a day: its own before its kind's, then the latest to begin."""
    fitting = [
        row
        for row in rows
        if row.kind == kind
        and row.audience == audience
        and row.space_id in (None, space_id)
        and row.valid_from <= day
        and (row.valid_to is None or day <= row.valid_to)
    ]
    return max(fitting, key=lambda row: (row.space_id is not None, row.valid_from), default=None)


def _by_hours(row: TariffRow, period: Period) -> list[tuple[Decimal, str, Decimal]]:
    quarters = -(-period.length // QUARTER)  # a quarter begun is a quarter due
    if row.hour is None:
        return []
    return [(Decimal(quarters) / 4, "hour", row.hour)]


def _by_days(row: TariffRow, period: Period, opening: Opening) -> list[tuple[Decimal, str, Decimal]]:
    one, found = Decimal(1), []
    within_half = any(half is not None and half.contains(period) for half in opening.halves)
    if row.half_day is not None:
        found.append((one if within_half else Decimal(2), "half_day", row.half_day))
    found += [(one, "day", price) for price in (row.day, row.day_cap) if price is not None]
    return found


def price_of(row: TariffRow, period: Period, opening: Opening) -> Price | None:
    """Price `period`, which lies within `opening`; None when the tariff has nothing that fits.

    Desks: half-day and day. Rooms: quarter-hours in proportion to the hour, capped by the day.
    """
    ways = _by_hours(row, period) + _by_days(row, period, opening)
    if not ways:
        return None
    # Of equal prices the largest unit is said: « la journée » rather than two half-days.
    quantity, unit, unit_price = min(ways, key=lambda way: (line_amount(way[0], way[2]), way[0]))
    return Price(quantity, unit, unit_price, row.basis, row.rate, row.product_id, row.product_name)
