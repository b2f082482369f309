"""Every text of the screens is found, has its English, and obeys the typography of its language."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import polib
import pytest
from django.conf import LazySettings
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.utils.formats import localize
from django.utils.translation import gettext, ngettext, override

from bookings.admin.bookings import ClosureAdmin
from bookings.models import Closure, Site
from bookings.period import Period
from cantine.translations import catalogue
from cantine.translations.catalogue import Text
from cantine.translations.compiled import compile_catalogues

ROOT = Path(__file__).resolve().parents[2]

# What is written alike in both languages.
ALIKE = {
    "Actions", "Archive", "BIC", "Budget", "CSV", "Confirmation", "Contact", "Contacts", "Date",
    "Description", "Document", "FEC", "IBAN", "Journal", "Markdown", "Menu", "Net", "Note", "Notes", "Org",
    "Type", "correction", "net", "source", "start-up",
    "Message",
    "Message-ID", "Messages", "Organisation", "Organisations", "Page", "Pages", "Photo", "Place", "Question",
    "RNA", "SIREN", "SIRET", "Site", "Sites", "Total", "Version", "Wi-Fi", "anomalies", "code",
    "contact", "date", "description", "document", "documents", "hall", "impossible",
    "invitation", "invitations", "message",
    "messages", "min", "note", "organisation", "organisations", "page", "pages", "photo", "question",
    "questions",
    "rotation", "session", "signature", "site", "sites", "version", "association", "associations",
}  # fmt: skip
NAMES = ("La Cantine Numérique", "La Cantine", "Métropole Rouen Normandie")
PLACEHOLDER = re.compile(r"%\(\w+\)\w*[sd]|%%|\{\w*\}|</?\w+[^>]*>")
FRENCH_RULES = {
    "U+202F before ; ! ?": r"(?<!\u202f)[;!?](?!\w)",
    "U+00A0 before :": r"(?<!\u00a0):(?!//)",
    "’, not a straight apostrophe": r"['\"]",
    "U+202F inside « »": r"«(?!\u202f)|(?<!\u202f)»",
    "U+00A0 between number and unit": r"\d (?:h|min|minutes?|heures?|jours?|€|%)(?!\w)",
}


@pytest.fixture(scope="module")
def texts() -> dict[Text, str]:
    """Every text of the sources, with the file it comes from."""
    return catalogue.texts_of_sources(ROOT)


@pytest.fixture(scope="module")
def english() -> list[polib.POEntry]:
    """What the English catalogue holds."""
    return list(polib.pofile(str(catalogue.catalogue_path("en"))))


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A checkout of one module and one template of each kind."""
    for folder in ("members", "members/migrations", "templates/emails"):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


def _forms(entry: polib.POEntry) -> Iterator[tuple[str, str]]:
    """Each French form beside its English."""
    if entry.msgid_plural:
        yield entry.msgid, entry.msgstr_plural[0]
        yield entry.msgid_plural, entry.msgstr_plural[1]
    else:
        yield entry.msgid, entry.msgstr


def _plain(text: str) -> str:
    """The text with a figure for each placeholder, tag and entity."""
    return re.sub(r"&\w+;", "0", PLACEHOLDER.sub("0", text))


def test_every_text_is_translated_and_none_is_left_over(texts: dict[Text, str]) -> None:
    assert catalogue.gaps(texts) == []


def test_placeholders_and_tags_are_the_same_in_both_languages(english: list[polib.POEntry]) -> None:
    different = [
        (french, said)
        for entry in english
        for french, said in _forms(entry)
        if sorted(PLACEHOLDER.findall(french)) != sorted(PLACEHOLDER.findall(said))
    ]
    assert different == []


def test_english_keeps_no_french_typography(english: list[polib.POEntry]) -> None:
    mark = re.compile(r"[\u00a0\u202f«»'\"]|\s[;:!?]")
    assert [said for entry in english for _, said in _forms(entry) if mark.search(_plain(said))] == []


def test_english_keeps_no_french_word(english: list[polib.POEntry]) -> None:
    kept = []
    for entry in english:
        for french, said in _forms(entry):
            bare = re.sub("|".join(NAMES), "", said)
            unknown = set(re.findall(r"[^\W\d_][\w-]+", PLACEHOLDER.sub(" ", bare))) - ALIKE
            if re.search(r"[à-öø-ÿœÀ-ÖØ-ÞŒ]", bare) or (said == french and unknown):
                kept.append(said)
    assert kept == []


@pytest.mark.parametrize("rule", FRENCH_RULES)
def test_french_texts_obey_the_typography(texts: dict[Text, str], rule: str) -> None:
    wrong = [
        f"{place}: {said}"
        for text, place in texts.items()
        for said in (text.singular, text.plural)
        if re.search(FRENCH_RULES[rule], _plain(said))
    ]
    assert wrong == []


def test_no_marked_text_of_a_template_escapes_the_catalogue() -> None:
    mark = re.compile(r"\{%\s*(?:translate|trans|blocktranslate|blocktrans)\b|\b_\([\"']")
    escaped = []
    for path in sorted((ROOT / "templates").rglob("*.*")):
        source = path.read_text(encoding="utf-8")
        if len(mark.findall(source)) != len(list(catalogue.texts_of_file(path))):
            escaped.append(path.relative_to(ROOT).as_posix())
    assert escaped == []


def test_texts_of_tags_filters_and_arguments_are_found(sources: Path) -> None:
    (sources / "templates" / "page.html").write_text(
        '{% load i18n %}{% include "x" with title=_("Titre") only %}{{ name|default:_("Personne") }}'
        '{% translate "Bonjour" %}{% translate "Mai" context "mois" %}'
        "{% blocktranslate trimmed with name=who %}\n  Pour {{ name }}\n  ce soir{% endblocktranslate %}"
        "{% blocktranslate count n=seats %}{{ n }} place{% plural %}{{ n }} places{% endblocktranslate %}"
    )
    assert set(catalogue.texts_of_sources(sources)) == {
        Text("Titre"),
        Text("Personne"),
        Text("Bonjour"),
        Text("Mai", context="mois"),
        Text("Pour %(name)s ce soir"),
        Text("%(n)s place", "%(n)s places"),
    }


def test_drawings_plain_mails_and_modules_are_read_and_migrations_are_not(sources: Path) -> None:
    (sources / "templates" / "map.svg").write_text('<title>{% translate "Plan" %}</title>')
    (sources / "templates" / "emails" / "one.txt").write_text('{% translate "Courrier" %}')
    (sources / "members" / "names.py").write_text(
        'A = _("Un")\nB = ngettext("%(n)s mot", "%(n)s mots", n)\nC = pgettext("verbe", "Place")\n'
    )
    (sources / "members" / "migrations" / "0001.py").write_text('A = _("Ancien")\n')
    found = catalogue.texts_of_sources(sources)
    assert found == {
        Text("Un"): "members/names.py",
        Text("%(n)s mot", "%(n)s mots"): "members/names.py",
        Text("Place", context="verbe"): "members/names.py",
        Text("Plan"): "templates/map.svg",
        Text("Courrier"): "templates/emails/one.txt",
    }


def test_the_command_refuses_gaps_and_update_keeps_what_was_translated(
    sources: Path, settings: LazySettings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.BASE_DIR = sources
    settings.LOCALE_PATHS = [sources / "locale"]
    module = sources / "members" / "names.py"
    module.write_text('A = _("Un")\n')
    call_command("translations", update=True)
    path = catalogue.catalogue_path("en")
    written = polib.pofile(str(path))
    written[0].msgstr = "One"
    written.save(str(path))
    module.write_text('A = _("Un")\nB = _("Deux")\n')
    with pytest.raises(CommandError):
        call_command("translations")
    call_command("translations", update=True)
    assert [(entry.msgid, entry.msgstr) for entry in polib.pofile(str(path))] == [("Deux", ""), ("Un", "One")]
    assert "en: missing « Deux » (members/names.py)" in capsys.readouterr().out


def test_a_catalogue_is_compiled_again_only_when_it_changed(sources: Path) -> None:
    path = sources / "locale" / "en" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    polib.POFile().save(str(path))
    made = path.with_suffix(".mo")
    assert compile_catalogues(sources) == [made]
    assert compile_catalogues(sources) == []
    os.utime(path, ns=(path.stat().st_atime_ns, made.stat().st_mtime_ns + 1))
    assert compile_catalogues(sources) == [made]


FREE = ("%(n)s poste libre toute la journée", "%(n)s postes libres toute la journée")


def test_each_language_counts_in_its_own_way() -> None:
    with override("en"):
        assert gettext("La table est mise") == "The table is set"
        assert ngettext(*FREE, 0) == "%(n)s desks free all day"
    with override("fr"):
        assert gettext("La table est mise") == "La table est mise"
        assert ngettext(*FREE, 0) == FREE[0]


@pytest.mark.parametrize(
    ("language", "said"), [("en", "2 December 2026, 9:30"), ("fr", "2 décembre 2026, 9\u00a0h\u00a030")]
)
def test_dates_of_the_management_are_said_as_on_the_site(language: str, said: str) -> None:
    with override(language):
        assert localize(datetime(2026, 12, 2, 9, 30, tzinfo=UTC)) == said


def test_the_lists_of_the_management_speak_the_language_of_the_page() -> None:
    morning = Period(datetime(2026, 12, 1, 8, tzinfo=UTC), datetime(2026, 12, 1, 12, tzinfo=UTC))
    closure = Closure(site=Site(timezone="Europe/Paris"), during=morning.range)
    shown = ClosureAdmin(Closure, admin.site)
    with override("en"):
        assert shown.when(closure) == "Tuesday 1 December 2026, 9:00\u00a0–\u2060\u00a013:00"
    with override("fr"):
        assert "mardi 1er décembre 2026" in shown.when(closure)
