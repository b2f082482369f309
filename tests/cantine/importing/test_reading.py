"""Tables as people export them."""

from datetime import date, time

import pytest

from cantine.importing.people import COLUMNS
from cantine.importing.reading import LARGEST, Unreadable, decoded, rows
from cantine.importing.values import clock, day

TABLE = "Adresse électronique;Prénom et nom\ncamille@cantine.example;Hélène Bréauté\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_encodings_and_separators(encoding: str, separator: str) -> None:
    content = TABLE.replace(";", separator).encode(encoding)
    (row,) = rows(decoded(content), COLUMNS)
    assert row.cells == {"email": "camille@cantine.example", "name": "Hélène Bréauté"}


def test_a_separator_inside_quotes_is_none() -> None:
    (row,) = rows('"e-mail";"nom";"a, b, c, d"\na@cantine.example;"Bréauté; Hélène";x\n', COLUMNS)
    assert row.cells["name"] == "Bréauté; Hélène"


def test_rows_know_the_line_they_begin_at() -> None:
    text = 'email;nom\n\na@cantine.example;"sur deux\nlignes"\n;;\nb@cantine.example\n'
    assert [row.line for row in rows(text, COLUMNS)] == [3, 6]


def test_columns_in_any_order_and_others_beside() -> None:
    (row,) = rows("Ville,NOM,E-mail\nRouen,Camille,a@cantine.example\n", COLUMNS)
    assert row.cells == {"name": "Camille", "email": "a@cantine.example"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nom;ville\nCamille;Rouen\n", "adresse électronique"),
        ("email;e-mail\na@b.example;\n", "deux fois"),
        ("email;nom\n", "aucune ligne"),
        ("", "adresse électronique|aucune ligne"),
        ('email;nom\na@cantine.example;"Camille\n', "guillemets"),
    ],
)
def test_what_is_no_such_table_is_refused_with_what_to_do(text: str, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        rows(text, COLUMNS)


def test_a_file_that_is_no_text_or_too_big_is_refused() -> None:
    with pytest.raises(Unreadable):
        decoded(b"PK\x03\x04\x00\x00")
    with pytest.raises(Unreadable, match="trop gros"):
        decoded(b"a" * (LARGEST + 1))


@pytest.mark.parametrize("text", ["31/12/2026", "31.12.26", "2026-12-31", "2026-12-31 00:00:00"])
def test_days(text: str) -> None:
    assert day(text) == date(2026, 12, 31)


@pytest.mark.parametrize("text", ["31/02/2026", "demain", "12/31/2026", "01/01/0001", "１/1/2026a"])
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(ValueError, match=r"date"):
        day(text)


@pytest.mark.parametrize("text", ["9h30", "9 h 30", "09:30", "9:30", "09:30:00"])
def test_hours(text: str) -> None:
    assert clock(text) == time(9, 30)


def test_a_round_hour() -> None:
    assert clock("9h") == clock("9") == time(9)
