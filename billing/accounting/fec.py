"""The « fichier des écritures comptables » (LPF, art. A47 A-1): one file a fiscal year, or a part of it.

Eighteen columns separated by tabs, lines ended by CR LF, in ISO 8859-15, dates AAAAMMJJ, decimal commas. A
description goes with it, for the law asks for one.
"""

import datetime as dt
import io
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from decimal import Decimal

from billing.accounting.books import Numbered
from billing.accounting.entries import JOURNALS, EntryLine
from billing.accounting.periods import Period
from billing.models import Seller

CHARSET = "iso8859-15"
EOL = "\r\n"
COLUMNS = (
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
)
PLAIN = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "–": "-",
        "—": "-",
        "\N{MINUS SIGN}": "-",
        "…": "...",
        "\u202f": " ",
        "\u00a0": " ",
    }
)
UNKNOWN_SIREN = "000000000"


def file_name(seller: Seller, last: dt.date) -> str:
    """`<SIREN>FEC<AAAAMMJJ>.txt`, of the last day it covers."""
    return f"{seller.siren or UNKNOWN_SIREN}FEC{last:%Y%m%d}.txt"


def fec(entries: Iterable[Numbered]) -> bytes:
    """Write entries, in the order of their numbers."""
    lines = ["\t".join(COLUMNS)]
    for each in entries:
        lines += ["\t".join(cells) for cells in _rows(each)]
    return "".join(line + EOL for line in lines).encode(CHARSET)


def _rows(each: Numbered) -> Iterator[list[str]]:
    for line in each.entry.lines:
        yield [plain(cell) for cell in _cells(each, line)]


def _cells(each: Numbered, line: EntryLine) -> list[str]:
    entry, auxiliary = each.entry, line.auxiliary
    return [
        entry.journal,
        JOURNALS[entry.journal],
        str(each.number),
        day(entry.date),
        line.account.number,
        line.account.label,
        auxiliary.code if auxiliary else "",
        auxiliary.label if auxiliary else "",
        entry.piece,
        day(entry.piece_date),
        entry.label,
        amount(line.debit),
        amount(line.credit),
        "",
        "",
        day(entry.date),
        "",
        "",
    ]


def day(value: dt.date) -> str:
    """AAAAMMJJ."""
    return value.strftime("%Y%m%d")


def amount(value: Decimal) -> str:
    """A decimal comma, no thousands, two places: `1234,50`."""
    return f"{value:.2f}".replace(".", ",")


def plain(text: str) -> str:
    """Write `text` with what ISO 8859-15 has, on one line: é and € stay, « ’ » is « ' », ł is l or a mark."""
    one = " ".join(text.translate(PLAIN).split())
    return "".join(_known(letter) for letter in one)


def _known(letter: str) -> str:
    for form in (letter, unicodedata.normalize("NFKD", letter)):
        kept = form.encode(CHARSET, "ignore").decode(CHARSET)
        if kept:
            return kept
    return "?"


DESCRIPTION = """{specimen}Fichier des écritures comptables (article A47 A-1 du livre des procédures fiscales)
Entreprise : {name}
SIREN : {siren}
Période : du {first:%d/%m/%Y} au {last:%d/%m/%Y}, ces jours compris

Texte à plat, une ligne par ligne d'écriture ; la première donne le nom des colonnes.
Colonnes séparées par une tabulation, lignes finies par CR LF, caractères ISO 8859-15.
Dates : AAAAMMJJ. Montants en euros : virgule et deux décimales, sans séparateur de milliers.

Colonnes, dans cet ordre : {columns}.
EcritureNum : suite continue par exercice, tous journaux ensemble, dans l'ordre d'enregistrement.
Une version du logiciel qui écrit des natures d'écritures nouvelles (à-nouveaux, remises en banque,
caisse, contestations) renumérote aussi les exercices déjà exportés : PieceRef ne change pas.
EcritureDate et ValidDate : jour de l'enregistrement, définitif dès celui-ci.
PieceDate : date de la pièce ; pour un règlement, date de valeur.
CompAuxNum : un compte auxiliaire par client.
EcritureLet, DateLet, Montantdevise, Idevise : non servies.

Journaux : {journals}.
Chaque écriture est tirée d'un document émis ou d'un mouvement d'argent, qui ne change plus
une fois enregistré. Aucune n'est centralisée. L'écriture d'à-nouveaux, la première d'un exercice,
reprend les soldes de celui d'avant, client par client, et son résultat.
"""
SPECIMEN = "SPÉCIMEN : écritures de données de démonstration.\n\n"


def description(seller: Seller, period: Period, entries: Iterable[Numbered]) -> str:
    """Say, in the tax office's language, what is in the file and how to read it."""
    journals = sorted({each.entry.journal for each in entries})
    return DESCRIPTION.format(
        specimen=SPECIMEN if seller.specimen else "",
        name=seller.name,
        siren=seller.siren or "non renseigné",
        first=period.first,
        last=period.last,
        columns=", ".join(COLUMNS),
        journals=", ".join(f"{code} {JOURNALS[code]}" for code in journals) or "aucune écriture",
    )


def archive(seller: Seller, period: Period, entries: list[Numbered]) -> bytes:
    """The file and its description, in a zip that is the same each time it is made."""
    name = file_name(seller, period.last)
    words = plain_lines(description(seller, period, entries))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as box:
        for each, content in ((name, fec(entries)), (name.replace(".txt", "-description.txt"), words)):
            info = zipfile.ZipInfo(each, (period.last.year, period.last.month, period.last.day, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            box.writestr(info, content)
    return written.getvalue()


def plain_lines(text: str) -> bytes:
    """Encode several lines as the file itself is."""
    return EOL.join(plain(line) for line in text.split("\n")).encode(CHARSET)
