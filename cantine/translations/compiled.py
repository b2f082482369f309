"""Catalogues as Django reads them, made without gettext's programs."""

from pathlib import Path

import polib


def compile_catalogues(root: Path) -> list[Path]:
    """Make the .mo of every .po below `root` that is newer than it; returns those made."""
    made = []
    for source in sorted((root / "locale").glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns:
            half = target.with_suffix(".mo.new")
            polib.pofile(str(source)).save_as_mofile(str(half))
            half.replace(target)
            made.append(target)
    return made
