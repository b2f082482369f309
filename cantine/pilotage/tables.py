"""The table of « Pilotage » for a spreadsheet: semicolons, decimal commas, a mark for UTF-8."""

import csv
import io
from decimal import Decimal

from django.utils.translation import gettext as _

from cantine.pilotage.board import Board, Row
from cantine.pilotage.figures import income
from members.spreadsheets import BOM, plain


def table_of(board: Board) -> str:
    """A line a month; what is not known is empty."""
    written = io.StringIO()
    table = csv.writer(written, delimiter=";", lineterminator="\r\n")
    heads = [_("Mois"), *(str(label) for label in income.GROUPS.values()), _("Recettes"), _("Un an avant")]
    heads += [_("Coûts"), _("Subventions"), _("Part"), _("Avec subventions"), _("Objectif")]
    table.writerow(plain(heads))
    for row in board.rows:
        table.writerow(cells(row))
    return BOM + written.getvalue()


def cells(row: Row) -> list[str]:
    """One month, as numbers: euros without VAT, then hundredths of running costs."""
    euros = [*row.amounts, row.money.own, row.before, row.money.costs, row.money.grants]
    shares = (row.money.coverage, row.money.with_grants, row.target)
    return [row.code, *map(comma, euros), *("" if share is None else str(share) for share in shares)]


def comma(amount: Decimal) -> str:
    """A number as French spreadsheets read it; it is ours, and no formula."""
    return f"{amount:.2f}".replace(".", ",")
