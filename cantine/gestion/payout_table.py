"""Payouts and their movements as tables for a spreadsheet."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from billing.models import BalanceMovement, Payout
from members.spreadsheets import BOM, plain

Cell = str | Decimal | dt.date | None


def payouts_written(rows: Iterable[Payout]) -> str:
    """A line for each payout."""
    heads = (
        _("Arrivée en banque"), _("Versement"), _("Vendeur"), _("État"), _("Brut"), _("Frais"), _("Net"),
        _("Reçu le"), _("Montant reçu"), _("Libellé du relevé"), _("Rapproché par"),
    )  # fmt: skip
    lines = (
        (
            row.arrived_on, row.payout_id, row.seller.code, row.get_state_display(), row.gross, row.fees,
            row.amount, row.matched_on, row.matched_amount, row.bank_reference,
            str(row.matched_by) if row.matched_by else "",
        )
        for row in rows
    )  # fmt: skip
    return written(heads, lines)


def movements_written(rows: Iterable[BalanceMovement]) -> str:
    """A line for each movement."""
    heads = (
        _("Date"), _("Nature"), _("Commande"), _("Brut"), _("Frais"), _("Net"), _("Mouvement chez Stripe"),
        _("Objet chez Stripe"),
    )  # fmt: skip
    lines = (
        (
            timezone.localtime(row.at).date(), row.get_kind_display(),
            row.payment.order.reference if row.payment else "", row.gross, row.fee, row.net,
            row.transaction_id, row.source_id,
        )
        for row in rows
    )  # fmt: skip
    return written(heads, lines)


def written(heads: Sequence[str], lines: Iterable[Sequence[Cell]]) -> str:
    """With semicolons and decimal commas; no text becomes a formula (OWASP, CSV injection)."""
    into = io.StringIO()
    table = csv.writer(into, delimiter=";", lineterminator="\r\n")
    table.writerow(heads)
    table.writerows([[_plain(cell) for cell in line] for line in lines])
    return BOM + into.getvalue()


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:.2f}".replace(".", ",")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return plain([cell])[0]
