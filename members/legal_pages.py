"""The legal pages the application comes with: a first version of each, in both languages, to be completed."""

from datetime import date
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "pages"
SLUGS = ("mentions-legales", "cgv", "confidentialite", "accessibilite", "reglement-interieur")
LANGUAGES = ("fr", "en")


def read(slug: str, language: str) -> tuple[str, str]:
    """Read a first version: its title (the first line) and its Markdown."""
    first, _, body = (FOLDER / f"{slug}.{language}.md").read_text(encoding="utf-8").partition("\n")
    return first.removeprefix("# ").strip(), body.strip() + "\n"


def seed(model: type[Any], valid_from: date) -> None:
    """Write version 1 of every page that has none; `model` is Page, or what a migration knows of it."""
    for slug in SLUGS:
        for language in LANGUAGES:
            title, body = read(slug, language)
            model.objects.get_or_create(
                slug=slug,
                language=language,
                version=1,
                defaults={"title": title, "body": body, "valid_from": valid_from},
            )
