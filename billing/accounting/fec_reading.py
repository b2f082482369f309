"""A strict reader of the FEC, apart from what writes it: what an auditor's program would refuse."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

HEADER = [
    "JournalCode",
    "JournalLib",
    "EcritureNum",
    "EcritureDate",
    "CompteNum",
    "CompteLib",
    "CompAuxNum",
    "CompAuxLib",
    "PieceRef",
    "PieceDate",
    "EcritureLib",
    "Debit",
    "Credit",
    "EcritureLet",
    "DateLet",
    "ValidDate",
    "Montantdevise",
    "Idevise",
]
OBLIGATORY = (0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 15)
PAIRS = ((6, 7), (13, 14), (16, 17))
AMOUNT = re.compile(r"\d+,\d{2}")
ACCOUNT = re.compile(r"\d{3}[0-9A-Z]*")


@dataclass(frozen=True, slots=True)
class Row:
    """What sums are made of in one line."""

    journal: str
    number: int
    day: str
    account: str
    auxiliary: str
    debit: Decimal
    credit: Decimal


class Malformed(ValueError):
    """The file cannot be read."""


def read(content: bytes) -> list[Row]:
    """Read every line, or raise `Malformed` at the first that is not as the law has it."""
    text = content.decode("iso8859-15")
    if not text.endswith("\r\n") or "\n" in text.replace("\r\n", ""):
        raise Malformed("lines do not end with CR LF")
    head, *lines = text.removesuffix("\r\n").split("\r\n")
    if head.split("\t") != HEADER:
        raise Malformed(f"header: {head}")
    return [_row(at, line.split("\t")) for at, line in enumerate(lines, 2)]


def _row(at: int, cells: Sequence[str]) -> Row:
    if len(cells) != len(HEADER):
        raise Malformed(f"line {at}: {len(cells)} columns")
    empty = [HEADER[index] for index in OBLIGATORY if not cells[index].strip()]
    halves = [HEADER[one] for one, other in PAIRS if bool(cells[one]) != bool(cells[other])]
    if empty or halves:
        raise Malformed(f"line {at}: {', '.join(empty + halves)} empty")
    for index in (3, 9, 15):
        dt.datetime.strptime(cells[index], "%Y%m%d").replace(tzinfo=dt.UTC)
    if not ACCOUNT.fullmatch(cells[4]):
        raise Malformed(f"line {at}: account {cells[4]}")
    if not (AMOUNT.fullmatch(cells[11]) and AMOUNT.fullmatch(cells[12])):
        raise Malformed(f"line {at}: amounts {cells[11]} and {cells[12]}")
    debit, credit = (Decimal(cells[index].replace(",", ".")) for index in (11, 12))
    if (debit == 0) == (credit == 0):
        raise Malformed(f"line {at}: one side only is nought")
    return Row(cells[0], int(cells[2]), cells[15], cells[4], cells[6], debit, credit)


def problems(rows: Sequence[Row], *, first: int = 1) -> Iterator[str]:
    """Tell what is unbalanced, by entry, journal and in total; numbers that skip, entries out of order."""
    by_entry = [(number, list(group)) for number, group in groupby(rows, key=lambda row: row.number)]
    if [number for number, _rows in by_entry] != list(range(first, first + len(by_entry))):
        yield "entry numbers have a gap, or are out of order"
    if [row.day for row in rows] != sorted(row.day for row in rows):
        yield "entries are not in the order of their validation"
    yield from unbalanced(rows, "entry", lambda row: str(row.number))
    yield from unbalanced(rows, "journal", lambda row: row.journal)
    yield from unbalanced(rows, "total", lambda row: "")


def unbalanced(rows: Sequence[Row], what: str, key: Callable[[Row], str]) -> Iterator[str]:
    """Groups of which debits are not credits."""
    for name, group in groupby(sorted(rows, key=key), key=key):
        there = list(group)
        debit, credit = sum(row.debit for row in there), sum(row.credit for row in there)
        if debit != credit:
            yield f"{what} {name}: {debit} debited, {credit} credited"
