"""A document as PDF/A-3b, by typst: data goes in as JSON and is printed literally, never as markup.

Compile nothing before a fork: a child that compiles after its parent did hangs. Celery's children only.
"""

import datetime as dt
import functools
import importlib.resources
import json
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

from billing.documents.content import content
from billing.documents.texts import glyphs_of, printable
from billing.models import Document

TEMPLATE = Path(__file__).with_name("invoice.typ")
PREPARED = ("bricolage-grotesque.ttf", "figtree.ttf")

TEXT_FONT = "Figtree"


class MissingFont(RuntimeError):
    """A font that documents are printed with is not there."""


@functools.cache
def font_files() -> tuple[Path, ...]:
    """Find the fonts prepared by `build_assets`, or those of the packages they are made from."""
    prepared = tuple(Path(settings.FONTS_DIR) / name for name in PREPARED)
    if all(path.is_file() for path in prepared):
        return prepared
    return (
        _packaged("fontpkg_bricolage_grotesque") / "BricolageGrotesque[opsz,wdth,wght].ttf",
        _packaged("fontpkg_figtree") / "Figtree[wght].ttf",
    )


def _packaged(package: str) -> Path:
    return Path(str(importlib.resources.files(package) / "files"))


class _Compilers(threading.local):
    """One compiler a template, thread and process: a compiler lent to two answers « Already borrowed »."""

    def __init__(self) -> None:
        self.compilers: dict[Path, typst.Compiler] = {}
        self.process = os.getpid()


_mine = _Compilers()


def _compiler(template: Path) -> typst.Compiler:
    if _mine.process != os.getpid():
        _mine.compilers, _mine.process = {}, os.getpid()
    if template not in _mine.compilers:
        fonts = typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=sorted({str(path.parent) for path in font_files()}),
        )
        if TEXT_FONT not in fonts.families():
            raise MissingFont(TEXT_FONT)  # typst would print nothing, and say nothing
        compiler = typst.Compiler(str(template), root=str(template.parent), font_paths=fonts)
        _mine.compilers[template] = compiler
    return _mine.compilers[template]


def printable_content(document: Document) -> dict[str, Any]:
    """Write every text of a document, cleaned of what our fonts cannot print."""
    return printable_texts(content(document))


def printable_texts(texts: dict[str, Any]) -> dict[str, Any]:
    """Clean texts of what our fonts cannot print."""
    data: dict[str, Any] = cleaned(texts, glyphs_of(*font_files()))
    return data


def render(document: Document, data: dict[str, Any] | None = None) -> bytes:
    """Lay a document out, from `data` when its texts were written before; the same gives the same bytes."""
    return laid_out(TEMPLATE, data or printable_content(document), at=document.issued_at)


def laid_out(template: Path, data: dict[str, Any], *, at: dt.datetime) -> bytes:
    """Lay texts that can be printed out by a template of this folder, dated `at`."""
    made = _compiler(template).compile(
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["a-3b"],
        timestamp=int(at.timestamp()),
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gives one PDF as bytes")
    return made


def cleaned(value: Any, glyphs: frozenset[int]) -> Any:
    """Clean every text of a tree of plain values."""
    if isinstance(value, str):
        return printable(value, glyphs)
    if isinstance(value, dict):
        return {key: cleaned(part, glyphs) for key, part in value.items()}
    if isinstance(value, Sequence):
        return [cleaned(part, glyphs) for part in value]
    return value
