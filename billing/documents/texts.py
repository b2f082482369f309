"""Texts that a font can print: what has no glyph is replaced before it reaches the page."""

import functools
import unicodedata
from pathlib import Path

from fontTools.ttLib import TTFont

UNKNOWN = "?"
SPACES = str.maketrans({"\u202f": "\u00a0", "\u2007": "\u00a0", "\u2009": "\u00a0"})


@functools.cache
def glyphs_of(*fonts: Path) -> frozenset[int]:
    """List the characters that every one of these fonts can print."""
    maps = [set(TTFont(path, lazy=True).getBestCmap()) for path in fonts]
    return frozenset(set.intersection(*maps))


def printable(text: str, glyphs: frozenset[int]) -> str:
    """Replace what has no glyph: a letter by its bare form or « ? », a picture by nothing."""
    return "".join(_printable(letter, glyphs) for letter in unicodedata.normalize("NFC", text)).strip()


def _printable(letter: str, glyphs: frozenset[int]) -> str:
    if ord(letter) in glyphs:
        return letter
    if letter.isspace():
        spaced = letter.translate(SPACES)
        return spaced if ord(spaced) in glyphs else " "
    bare = [part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part)]
    if bare and all(ord(part) in glyphs for part in bare):
        return "".join(bare)
    return UNKNOWN if unicodedata.category(letter)[0] in "LN" else ""
