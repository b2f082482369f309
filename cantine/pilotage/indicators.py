"""How far the indicators of an agreement have come: by our figures, or as typed by hand."""

from dataclasses import dataclass
from decimal import Decimal

from cantine.pilotage.asked import Asked
from cantine.pilotage.board import Board
from cantine.pilotage.figures.months import YEAR, between, shift
from cantine.pilotage.models import Indicator
from cantine.report.figures import events_of


@dataclass(frozen=True)
class Reached:
    """An indicator, and where it stands; None where nobody knows."""

    indicator: Indicator
    value: Decimal | None

    @property
    def is_reached(self) -> bool:
        """Whether the target is met."""
        return self.value is not None and self.value >= self.indicator.target


def read(board: Board, asked: Asked) -> list[Reached]:
    """The indicators of the agreement that runs, measured over the year of the board."""
    if board.agreement is None:
        return []
    rows = list(board.agreement.indicators.all())
    return [Reached(row, value_of(row, board, asked)) for row in rows]


def value_of(indicator: Indicator, board: Board, asked: Asked) -> Decimal | None:
    """Where one stands."""
    match indicator.figure:
        case Indicator.Figure.COVERAGE:
            share = board.year.costed.coverage
            return None if share is None else Decimal(share)
        case Indicator.Figure.INCOME:
            return board.year.money.own
        case Indicator.Figure.EVENTS:
            return Decimal(events_held(board, asked))
        case _:
            return indicator.reached


def events_held(board: Board, asked: Asked) -> int:
    """Events that took place in the year of the board: three queries."""
    months = between(shift(board.year.last, 1 - YEAR), board.year.last)
    held, _expected, _came = events_of(asked.sites, months)
    return sum(held.get(month, 0) for month in months)
