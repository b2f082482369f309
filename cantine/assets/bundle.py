"""One style sheet from many files: only one may block the first paint.

The folders are the layers: `tokens.css`, `base.css`, `components/`, `pages/`, and last `conditions/` (paper,
forced colours), which must win. The admin's sheet is not
layered, because Django's own rules are not and would win over any layer.
"""

import re
from pathlib import Path

LAYERS = ("tokens", "base", "components", "pages", "conditions")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
BLANKS = re.compile(r"\s*\n\s*")


def site_sheet(source: Path) -> str:
    """Return `site.css`: every layer in its order, files of a folder by name."""
    parts = [f"@layer {', '.join(LAYERS)};"]
    for layer in LAYERS:
        text = "\n".join(squeezed(file) for file in files_of(source, layer))
        parts.append(f"@layer {layer} {{\n{text}\n}}")
    return "\n".join(parts) + "\n"


def admin_sheet(source: Path) -> str:
    """Return `gestion.css`: tokens, components and the admin's own files, over Django's."""
    folders = ("tokens", "components", "gestion", "conditions")
    files = [file for folder in folders for file in files_of(source, folder)]
    return "\n".join(squeezed(file) for file in files) + "\n"


def files_of(source: Path, layer: str) -> list[Path]:
    """The files of one layer: `layer.css`, then `layer/*.css` by name."""
    single = source / f"{layer}.css"
    return [*([single] if single.exists() else []), *sorted((source / layer).glob("*.css"))]


def squeezed(file: Path) -> str:
    """The file without comments and indentation."""
    text = COMMENT.sub("", file.read_text(encoding="utf-8"))
    return BLANKS.sub("\n", text).strip()
