"""Prepare the two typefaces, for the browser (woff2) and for the PDFs (TTF).

Run as a program by `build.py`, in a process of its own: fontTools is slow to import and only needed
when something changed. The recipe was tried (instance, save and reload, then subset): in one object
fontTools raises KeyError.
"""

import importlib.resources
import io
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph
from fontTools.varLib.instancer import instantiateVariableFont

BRICOLAGE = (
    Path(str(importlib.resources.files("fontpkg_bricolage_grotesque") / "files"))
    / "BricolageGrotesque[opsz,wdth,wght].ttf"
)
FIGTREE_FOLDER = Path(str(importlib.resources.files("fontpkg_figtree") / "files"))
FIGTREE = FIGTREE_FOLDER / "Figtree[wght].ttf"
FIGTREE_ITALIC = FIGTREE_FOLDER / "Figtree-Italic[wght].ttf"

FEATURES = ["kern", "liga", "ccmp", "locl", "tnum", "mark", "mkmk"]
NARROW_NO_BREAK_SPACE = 0x202F
THIN_SPACE = 0x2009
CHARACTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *(0x2C6, 0x2DA, 0x2DC, 0x2007, THIN_SPACE, 0x2010, 0x2011, 0x2012, 0x2013, 0x2014),
    *(0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x2020, 0x2022, 0x2026, NARROW_NO_BREAK_SPACE),
    *(0x2030, 0x2032, 0x2033, 0x2039, 0x203A, 0x2044, 0x20AC, 0x2116, 0x2122, 0x2212, 0x2215),
    *range(0x2190, 0x219A),
]


def bricolage() -> TTFont:
    """Pin the optical size and the width, keep the weights 500 to 800, and name it what it is."""
    font = TTFont(BRICOLAGE)
    instantiateVariableFont(font, {"wdth": 100, "opsz": 32, "wght": (500, 800)}, inplace=True)
    rename(font, "Bricolage Grotesque")
    return reloaded(font)


def figtree(source: Path) -> TTFont:
    """Keep the weights 400 to 700 and add the narrow no-break space, which Figtree lacks."""
    font = TTFont(source)
    instantiateVariableFont(font, {"wght": (400, 700)}, inplace=True)
    font = reloaded(font)
    add_narrow_space(font)
    rename(font, "Figtree")
    return reloaded(font)


def rename(font: TTFont, family: str) -> None:
    """Give the pinned font its plain family name (typst knows fonts by it)."""
    names = font["name"]
    for record in list(names.names):
        if record.nameID in {16, 17, 21, 22, 25}:
            names.removeNames(nameID=record.nameID)
    style = names.getDebugName(2) or "Regular"
    names.setName(family, 1, 3, 1, 0x409)
    names.setName(f"{family} {style}", 4, 3, 1, 0x409)
    names.setName(f"{family.replace(' ', '')}-{style}", 6, 3, 1, 0x409)


def add_narrow_space(font: TTFont) -> None:
    """Draw U+202F (and U+2009) as an empty glyph, four fifths of the space between words."""
    name = "uni202F"
    width = round(font["hmtx"]["space"][0] * 0.8)
    outlines, shapes = font["glyf"], font["gvar"].variations  # both read before a glyph is added
    font.setGlyphOrder([*font.getGlyphOrder(), name])
    outlines[name] = Glyph()
    font["hmtx"][name] = (width, 0)
    shapes[name] = []
    if "HVAR" in font:
        # Advances then come from gvar, where the new glyph has none to vary.
        del font["HVAR"]
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[NARROW_NO_BREAK_SPACE] = name
            table.cmap.setdefault(THIN_SPACE, name)


def reloaded(font: TTFont) -> TTFont:
    """Save and open again, so that the next step sees consistent tables."""
    buffer = io.BytesIO()
    font.save(buffer)
    buffer.seek(0)
    return TTFont(buffer)


def subset(font: TTFont) -> TTFont:
    """Keep the characters and features that the site uses."""
    options = Options()
    options.layout_features = FEATURES
    options.name_IDs = [1, 2, 3, 4, 5, 6, 13, 14]
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=CHARACTERS)
    subsetter.subset(font)
    return font


def write(font: TTFont, *, name: str, web: Path, pdf: Path) -> None:
    """Write one font twice: as TTF for typst, as woff2 for the browser."""
    subset(font)
    font.save(pdf / f"{name}.ttf")
    font = TTFont(pdf / f"{name}.ttf")
    font.flavor = "woff2"
    font.save(web / f"{name}.woff2")


def main(web: Path, pdf: Path) -> None:
    """Prepare every face into the two folders."""
    web.mkdir(parents=True, exist_ok=True)
    pdf.mkdir(parents=True, exist_ok=True)
    write(bricolage(), name="bricolage-grotesque", web=web, pdf=pdf)
    write(figtree(FIGTREE), name="figtree", web=web, pdf=pdf)
    write(figtree(FIGTREE_ITALIC), name="figtree-italic", web=web, pdf=pdf)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
