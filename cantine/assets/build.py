"""Build what is not written by hand into `.build/`, and only when its sources changed."""

import hashlib
import importlib.metadata
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from cantine.assets import bundle

FONT_PACKAGES = ("fontpkg-bricolage-grotesque", "fontpkg-figtree", "fonttools", "brotli")
FONTS_PROGRAM = Path(__file__).with_name("fonts.py")
BUNDLE_MODULE = Path(__file__).with_name("bundle.py")


def build_assets(*, source: Path, target: Path) -> list[str]:
    """Make fonts and style sheets of `source` (static/) into `target` (.build/).

    Returns what was made; nothing is done, in a few milliseconds, when the stamps are fresh.
    """
    made = []
    if build_fonts(target):
        made.append("fonts")
    if build_sheets(source / "css", target):
        made.append("style sheets")
    return made


def build_fonts(target: Path) -> bool:
    """Prepare the fonts when their packages or the recipe changed; true if so."""
    versions = [f"{name} {importlib.metadata.version(name)}" for name in FONT_PACKAGES]
    stamp = digest([FONTS_PROGRAM.read_bytes(), *(version.encode() for version in versions)])
    if is_fresh(target / "fonts.stamp", stamp):
        return False
    web, pdf = target / "static" / "fonts", target / "fonts"
    subprocess.run([sys.executable, str(FONTS_PROGRAM), str(web), str(pdf)], check=True)
    write(target / "fonts.stamp", stamp)
    return True


def build_sheets(css: Path, target: Path) -> bool:
    """Concatenate the style sheets when one of their files changed; true if so."""
    files = [BUNDLE_MODULE, *sorted(css.rglob("*.css"))]
    stamp = digest(part for file in files for part in (str(file.name).encode(), file.read_bytes()))
    if is_fresh(target / "css.stamp", stamp):
        return False
    write(target / "static" / "css" / "site.css", bundle.site_sheet(css))
    write(target / "static" / "css" / "gestion.css", bundle.admin_sheet(css))
    write(target / "css.stamp", stamp)
    return True


def digest(parts: Iterable[bytes]) -> str:
    """One fingerprint of everything that goes in."""
    total = hashlib.sha256()
    for part in parts:
        total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()


def is_fresh(stamp_file: Path, stamp: str) -> bool:
    """Whether what was built last came from the same sources."""
    return stamp_file.exists() and stamp_file.read_text(encoding="utf-8") == stamp


def write(file: Path, text: str) -> None:
    """Write a whole file at once, so that a reader never sees half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_name(f"{file.name}.{os.getpid()}")
    half.write_text(text, encoding="utf-8")
    half.replace(file)
