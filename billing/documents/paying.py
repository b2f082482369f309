"""How a document that is due is paid by transfer: account, reference, and the EPC QR code. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString, mark_safe
from segno import QRCode
from segno.helpers import make_epc_qr

from billing.money import ZERO

UTF_8 = 1
LONGEST_NAME = 70
MOST = Decimal("999999999.99")
QUIET_ZONE = 4
"""Modules left white around the code: what scanners need (ISO 18004)."""


@dataclass(frozen=True, slots=True)
class TransferAsked:
    """What to write on the transfer: to whom, where, how much (euros), under which reference."""

    name: str
    iban: str
    bic: str
    amount: Decimal
    reference: str

    @property
    def spaced_iban(self) -> str:
        """The IBAN by fours, as people read it; a narrow screen breaks it between two of them."""
        return " ".join(self.iban[start : start + 4] for start in range(0, len(self.iban), 4))

    @property
    def code(self) -> QRCode:
        """The EPC QR code (EPC069-12, version 002, SCT): what a bank's application reads."""
        return make_epc_qr(
            name=self.name[:LONGEST_NAME],
            iban=self.iban,
            bic=self.bic or None,
            amount=self.amount,
            text=self.reference,
            encoding=UTF_8,
        )

    @property
    def svg(self) -> SafeString:
        """The code as SVG, black on white, without an inline style."""
        drawn: str = self.code.svg_inline(
            border=QUIET_ZONE, dark="#000", light="#fff", omitsize=True, svgclass=None, lineclass=None
        )
        return mark_safe(drawn)  # noqa: S308 - segno draws squares: the words are their pattern, never text


def transfer_asked(seller: Mapping[str, str], *, owed: Decimal, number: str) -> TransferAsked | None:
    """Say how to pay `owed` on the document `number`; None where nothing is owed or no account is known.

    `seller` is the document's own words: an account that changed since is not the one it was issued with.
    """
    if not seller.get("iban") or not ZERO < owed <= MOST:
        return None
    return TransferAsked(
        name=seller["name"],
        iban=seller["iban"].replace(" ", "").upper(),
        bic=seller.get("bic", "").replace(" ", "").upper(),
        amount=owed,
        reference=number,
    )
