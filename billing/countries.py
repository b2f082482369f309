"""The countries a buyer may be in, by their ISO codes, and those of the European Union. Pure.

Their names are data (countries.tsv: code, French, English), not texts of ours. Overseas departments are
France: their businesses have a SIREN, their postcodes five digits.
"""

import unicodedata
from pathlib import Path

from django.utils.translation import get_language

FRANCE = "FR"
EUROPEAN_UNION = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT",
    "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip
_ROWS = Path(__file__).with_name("countries.tsv").read_text(encoding="utf-8").splitlines()
_NAMES = {code: {"fr": french, "en": english} for code, french, english in (row.split("\t") for row in _ROWS)}


def country_name(code: str, language: str) -> str:
    """Name a country; one that is not known goes by its code."""
    names = _NAMES.get(code)
    return names["en" if language == "en" else "fr"] if names else code


def country_abroad(code: str) -> str:
    """The country's name in the language in use, as an address says it; nothing for France."""
    return "" if code == FRANCE else country_name(code, _language())


def country_choices() -> list[tuple[str, str]]:
    """Offer every country by its name in the reader's language, France first."""
    language = _language()
    named = [(code, country_name(code, language)) for code in _NAMES]
    return sorted(named, key=lambda each: (each[0] != FRANCE, _plain(each[1])))


def _language() -> str:
    return (get_language() or "fr")[:2]


def _plain(name: str) -> str:
    """« Égypte » stands by « Equateur », not after « Zambie »."""
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
