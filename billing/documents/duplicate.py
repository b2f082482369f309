"""A copy of a PDF, marked DUPLICATA: the file that was sent is read, never touched nor laid out anew."""

import functools
import io
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from billing.documents.layout import font_files

SIZE, FROM_TOP = 15, 40  # points
INK = "0.75 0.18 0.16 rg"
BOLD = {"wght": 700}


class _Outlines(BasePen):  # type: ignore[misc]  # fontTools has no types
    """Draws letters as paths of a PDF: a font would have to be embedded once more."""

    def __init__(self, glyphs: Any) -> None:
        super().__init__(glyphs)
        self.drawn: list[str] = []

    def _moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802  # fontTools' name
        self.drawn.append(f"{point[0]:.1f} {point[1]:.1f} m")

    def _lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802  # fontTools' name
        self.drawn.append(f"{point[0]:.1f} {point[1]:.1f} l")

    def _curveToOne(self, *points: tuple[float, float]) -> None:  # noqa: N802  # fontTools' name
        self.drawn.append(" ".join(f"{x:.1f} {y:.1f}" for x, y in points) + " c")

    def _closePath(self) -> None:  # noqa: N802  # fontTools' name
        self.drawn.append("h")


@functools.cache
def _word(text: str) -> tuple[str, float]:
    """Give the paths of a word in a font's own units, and its width in points at `SIZE`."""
    font = TTFont(font_files()[-1], lazy=True)
    glyphs, names, scale = font.getGlyphSet(location=BOLD), font.getBestCmap(), SIZE / font["head"].unitsPerEm
    parts, advance = [], 0.0
    for letter in text:
        glyph, pen = glyphs[names[ord(letter)]], _Outlines(glyphs)
        glyph.draw(pen)
        parts.append(f"q 1 0 0 1 {advance:.1f} 0 cm {' '.join(pen.drawn)} f Q")
        advance += glyph.width
    return f"{scale:.6f} 0 0 {scale:.6f} 0 0 cm {' '.join(parts)}", advance * scale


def duplicate(pdf: bytes, language: str) -> bytes:
    """Copy a PDF with « DUPLICATA » at the top of each page, in `language`; its data stay in it."""
    with translation.override(language):
        drawn, width = _word(_("DUPLICATA"))
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    for page in writer.pages:
        box = page.mediabox
        left, bottom = (float(box.width) - width) / 2, float(box.height) - FROM_TOP
        mark = DecodedStreamObject()
        mark.set_data(f"q {INK} 1 0 0 1 {left:.2f} {bottom:.2f} cm {drawn} Q".encode())
        over = PageObject.create_blank_page(width=float(box.width), height=float(box.height))
        over[NameObject("/Contents")] = mark
        page.merge_page(over)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()
