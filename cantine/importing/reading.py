"""A table as people export them: UTF-8 or Windows-1252, semicolons or commas, their headings. Pure."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.errors import Refused

LARGEST = 5 * 1024 * 1024
MOST_ROWS = 20_000
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
SEPARATORS = ";,\t"
QUOTED = re.compile(r'"(?:[^"]|"")*"')


class Unreadable(Refused):
    """The file is no table of the sort that was asked for."""

    message = gettext_lazy("Ce fichier ne se lit pas.")
    status = 422


@dataclass(frozen=True)
class Column:
    """A column: our name for it, the heading, what else people write there, whether it must be there."""

    name: str
    heading: str
    others: tuple[str, ...] = ()
    required: bool = False

    @property
    def known(self) -> set[str]:
        """Every heading it is found by."""
        return {plain(each) for each in (self.name, self.heading, *self.others)}


@dataclass(frozen=True)
class Row:
    """A row of the table, by column; `line` is where it begins in the file."""

    line: int
    cells: Mapping[str, str]


def plain(text: str) -> str:
    """A heading without accents, case or marks, so that « Prénom et nom » is « prenom et nom »."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return " ".join(re.split(r"[^a-z0-9]+", bare)).strip()


def decoded(content: bytes) -> str:
    """The text of a file, whatever program wrote it; raises `Unreadable`."""
    if len(content) > LARGEST:
        raise Unreadable(_("Ce fichier est trop gros\u00a0: 5\u00a0Mo au plus."))
    encoding = next((name for mark, name in MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError as reason:
            raise Unreadable(_("Enregistrez ce fichier en CSV UTF-8.")) from reason
    if "\0" in text:
        raise Unreadable(_("Ce fichier n’est pas un tableau CSV."))
    return text


def rows(text: str, columns: Sequence[Column]) -> list[Row]:
    """Read the rows of a table; empty ones are passed over. Raises `Unreadable`, with what to do."""
    found = list(_rows(text, columns))
    if not found:
        raise Unreadable(_("Ce fichier n’a aucune ligne sous ses titres."))
    return found


def _rows(text: str, columns: Sequence[Column]) -> Iterator[Row]:
    first = QUOTED.sub("", next((line for line in text.splitlines() if line.strip()), ""))
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    names: list[str] | None = None
    line, number = 1, 0
    try:
        for cells in reader:
            begins, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if names is None:
                names = named(cells, columns)
                continue
            number += 1
            if number > MOST_ROWS:
                raise Unreadable(_("Ce fichier a plus de 20\u202f000\u00a0lignes\u00a0: coupez-le en deux."))
            padded = [*cells, *[""] * (len(names) - len(cells))]
            yield Row(begins, {name: padded[rank].strip() for rank, name in enumerate(names) if name})
    except csv.Error as reason:
        raise Unreadable(
            _("La ligne %(line)s ne se lit pas\u00a0: vérifiez ses guillemets.") % {"line": reader.line_num}
        ) from reason


def named(headings: Sequence[str], columns: Sequence[Column]) -> list[str]:
    """The columns that headings name, in their order; what is not ours has no name and is not read."""
    by_heading = {heading: column.name for column in columns for heading in column.known}
    names = [by_heading.get(plain(heading), "") for heading in headings]
    twice = next((name for name in names if name and names.count(name) > 1), "")
    if twice:
        heading = next(column.heading for column in columns if column.name == twice)
        raise Unreadable(_("La colonne «\u202f%(name)s\u202f» est là deux fois.") % {"name": heading})
    missing = [column.heading for column in columns if column.required and column.name not in names]
    if missing:
        raise Unreadable(
            _("Il manque une colonne\u00a0: %(names)s. La première ligne porte les titres.")
            % {"names": ", ".join(missing)}
        )
    return names
