"""What a rental would cost, before any quote: calculation on values, no database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from billing.money import Amounts, Basis, Priced, amounts_for, line_amount, total_of, vat_by_rate
from bookings.opening import Opening
from bookings.period import QUARTER, Period
from bookings.pricing import Price, TariffRow, price_of

ONE = Decimal(1)


@dataclass(frozen=True)
class ExtraRow:
    """Something that may be added: euros on `basis`, `per` rental, person or hour; `rate` as charged."""

    pk: int
    name: str
    per: str
    amount: Decimal
    basis: Basis
    rate: Decimal

    @property
    def excl(self) -> Decimal:
        """What one costs, VAT excluded."""
        return amounts_for(self.amount, self.rate, self.basis).excl


@dataclass(frozen=True)
class From:
    """« à partir de »: the price of the least one can rent, VAT excluded; `unit` is hour, half_day or day."""

    excl: Decimal
    unit: str
    rate: Decimal


@dataclass(frozen=True)
class IndicativeLine:
    """One line: `quantity` × a unit, and what it comes to, VAT excluded."""

    name: str
    quantity: Decimal
    unit: str
    excl: Decimal


@dataclass(frozen=True)
class Indication:
    """An indicative price: its lines, and the total as a document would compute it."""

    lines: tuple[IndicativeLine, ...]
    total: Amounts


def from_price(row: TariffRow | None) -> From | None:
    """The least unit of a tariff: the hour, else the half-day, else the day."""
    if row is None:
        return None
    units = (("hour", row.hour), ("half_day", row.half_day), ("day", row.day))
    unit, amount = next(((unit, amount) for unit, amount in units if amount is not None), ("", None))
    if amount is None:
        return None
    return From(amounts_for(amount, row.rate, row.basis).excl, unit, row.rate)


def hours_begun(period: Period) -> Decimal:
    """How many hours, in quarters: a quarter begun is a quarter due."""
    return Decimal(-(-period.length // QUARTER)) / 4


def quantity_of(extra: ExtraRow, *, people: int, period: Period) -> Decimal:
    """How many of an extra a rental takes."""
    return {"rental": ONE, "person": Decimal(people), "hour": hours_begun(period)}[extra.per]


def indicate(
    *,
    name: str,
    tariff: TariffRow | None,
    period: Period,
    opening: Opening,
    people: int,
    extras: Sequence[ExtraRow] = (),
) -> Indication | None:
    """Price a space for `period` with `extras`; None where no tariff says anything.

    VAT is computed once per rate on the sum of the lines, as on the quote that follows.
    """
    price = price_of(tariff, period, opening) if tariff is not None else None
    if price is None:
        return None
    priced = [_of_space(price), *(_of_extra(each, people=people, period=period) for each in extras)]
    lines = [
        IndicativeLine(name, price.quantity, price.unit, price.amount_excl),
        *(
            IndicativeLine(each.name, quantity_of(each, people=people, period=period), each.per, excl)
            for each, excl in zip(extras, _excl(priced[1:]), strict=True)
        ),
    ]
    return Indication(tuple(lines), total_of(vat_by_rate(priced)))


def _of_space(price: Price) -> Priced:
    return Priced(line_amount(price.quantity, price.unit_price), price.vat_rate, price.basis)


def _of_extra(extra: ExtraRow, *, people: int, period: Period) -> Priced:
    quantity = quantity_of(extra, people=people, period=period)
    return Priced(line_amount(quantity, extra.amount), extra.rate, extra.basis)


def _excl(lines: Iterable[Priced]) -> list[Decimal]:
    return [amounts_for(line.amount, line.rate, line.basis).excl for line in lines]
