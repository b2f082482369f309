"""The texts of the screens, found in the sources, and the catalogues that translate them.

French is the source language. The English catalogue must be complete; the French one holds the plurals,
without which Django would count as in English (« 0 places »).
"""

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import polib
from babel.messages.extract import extract_python
from django.conf import settings
from django.utils.translation.template import templatize

KEYWORDS = dict.fromkeys((
    "gettext", "gettext_lazy", "gettext_noop", "_", "ngettext", "ngettext_lazy",
    "pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy",
))  # fmt: skip
ROOMS = ("cantine", "events", "bookings", "billing", "members")
LANGUAGES = ("fr", "en")
Call = tuple[int, str, str | tuple[str | None, ...] | None, list[str]]


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """One text of a screen, with its plural and its context where it has them."""

    singular: str
    plural: str = ""
    context: str = ""


def texts_of_sources(root: Path) -> dict[Text, str]:
    """Return every text marked for translation under `root`, with the file where it is first met."""
    found: dict[Text, str] = {}
    for path in _sources(root):
        for text in texts_of_file(path):
            found.setdefault(text, path.relative_to(root).as_posix())
    return found


def texts_of_file(path: Path) -> Iterator[Text]:
    """Yield the texts marked for translation in one module or template, as often as they are met."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # What templatize leaves is Python but for its indentation.
        source = "\n".join(line.strip() for line in templatize(source).splitlines())
    calls = extract_python(io.BytesIO(source.encode()), KEYWORDS, [], {"encoding": "utf-8"})
    # Babel's annotation says what its higher functions yield; this one gives calls.
    for _line, function, arguments, _comments in cast("Iterable[Call]", calls):
        yield from _text_of_call(function, arguments if isinstance(arguments, tuple) else (arguments,))


def catalogue_path(language: str) -> Path:
    """Return where the catalogue of `language` is kept."""
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


def gaps(texts: Mapping[Text, str]) -> list[str]:
    """Return a line for each source text without its translation, and each translation without a source."""
    lines: list[str] = []
    for language in LANGUAGES:
        entries = _entries(language)
        wanted = {text for text in texts if language != "fr" or text.plural}
        lines += [
            f"{language}: missing « {text.singular} » ({texts[text]})"
            for text in sorted(wanted)
            if not _is_translated(entries.get(text))
        ]
        lines += [f"{language}: unused « {text.singular} »" for text in sorted(set(entries) - wanted)]
    return lines


def update(root: Path) -> None:
    """Bring both catalogues up to date with the sources; what was translated stays."""
    texts = texts_of_sources(root)
    for language in LANGUAGES:
        kept = _entries(language)
        catalogue = polib.POFile(wrapwidth=110)
        catalogue.metadata = _metadata(language)
        for text, place in sorted(texts.items()):
            if language == "fr" and not text.plural:
                continue
            catalogue.append(kept.get(text) or _new_entry(text, place, language))
        path = catalogue_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(path))


def _sources(root: Path) -> Iterator[Path]:
    for room in ROOMS:
        yield from sorted(path for path in (root / room).rglob("*.py") if "migrations" not in path.parts)
    yield from sorted(
        path for path in (root / "templates").rglob("*") if path.suffix in {".html", ".txt", ".svg"}
    )


def _text_of_call(function: str, arguments: tuple[str | None, ...]) -> Iterator[Text]:
    words = [argument for argument in arguments if argument]
    if not words:
        return
    if function.startswith("np"):
        yield Text(words[1], words[2], words[0])
    elif function.startswith("p"):
        yield Text(words[1], context=words[0])
    elif function.startswith("n"):
        yield Text(words[0], words[1])
    else:
        yield Text(words[0])


def _entries(language: str) -> dict[Text, polib.POEntry]:
    path = catalogue_path(language)
    if not path.exists():
        return {}
    return {
        Text(entry.msgid, entry.msgid_plural or "", entry.msgctxt or ""): entry
        for entry in polib.pofile(str(path), wrapwidth=110)
        if not entry.obsolete
    }


def _is_translated(entry: polib.POEntry | None) -> bool:
    return entry is not None and entry.translated()


def _new_entry(text: Text, place: str, language: str) -> polib.POEntry:
    entry = polib.POEntry(
        msgid=text.singular, msgid_plural=text.plural, msgctxt=text.context or None, occurrences=[(place, "")]
    )
    if text.plural:
        # In French the source is its own translation; in English both forms are to be written.
        same = language == "fr"
        entry.msgstr_plural = {0: text.singular if same else "", 1: text.plural if same else ""}
    return entry


def _metadata(language: str) -> dict[str, str]:
    return {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": language,
        "Plural-Forms": "nplurals=2; plural=(n > 1);" if language == "fr" else "nplurals=2; plural=(n != 1);",
    }
