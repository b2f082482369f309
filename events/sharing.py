"""The picture of a shared link: 1200 × 630, the event's picture or its poster above, title and day below.

Drawn once for each version of an event and kept in the cache; it depends on nothing but the event, so that
nobody can ask for many different ones.
"""

from functools import lru_cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, ImageOps

from billing.documents.layout import font_files
from events.album import ALBUM
from events.models import Event
from events.posters import TILE, Poster, poster
from members.formats import day, hour

WIDTH, HEIGHT, BAND = 1200, 630, 300
COLUMNS, ROWS = 16, 4
SCALE = WIDTH / (COLUMNS * TILE)
PAPER, INK, INK2, POMME = "#FAF4E8", "#16262A", "#4D5A59", "#BE2D28"
MARGIN, LINE = 64, 68
MOST_LINES = 2


def version_of(event: Event) -> str:
    """What the picture depends on, for caches."""
    return f"{event.pk}-{int(event.changed_at.timestamp())}-{event.state}"


def picture_of(event: Event) -> bytes:
    """Draw the picture as a PNG."""
    canvas = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    photo = photo_of(event)
    canvas.paste(photo or band(poster(event.slug, event.category.tile, COLUMNS, ROWS)), (0, 0))
    draw, local = ImageDraw.Draw(canvas), event.local
    title, text = face("title", 60), face("text", 34)
    top = BAND + 36
    for line in wrapped(event.title, title):
        draw.text((MARGIN, top), line, INK, font=title)
        top += LINE
    said = f"{day(local.start.date(), event.language, year=True)}, {hour(local.start, event.language)}"
    draw.text((MARGIN, top + 14), plain(said), INK2, font=text)
    draw.text(
        (MARGIN, HEIGHT - 76), plain(f"La Cantine Numérique · {event.place_label}")[:70], POMME, font=text
    )
    written = BytesIO()
    canvas.quantize(256 if photo else 64).save(written, "PNG", optimize=True)
    return written.getvalue()


def plain(text: str) -> str:
    """Without the narrow spaces that not every face has."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def photo_of(event: Event) -> Image.Image | None:
    """The event's own picture, cut to the band; None where it has none, or its file is gone."""
    if not event.picture:
        return None
    try:
        with ALBUM.open(event.picture) as file, Image.open(file, formats=["JPEG"]) as found:
            return ImageOps.fit(found.convert("RGB"), (WIDTH, BAND))
    except OSError:
        return None


def band(drawn: Poster) -> Image.Image:
    """The poster as pixels."""
    image = Image.new("RGB", (WIDTH, BAND), drawn.ground)
    draw = ImageDraw.Draw(image)
    for shape in drawn.shapes:
        if shape.points:
            draw.polygon([(x * SCALE, y * SCALE) for x, y in shape.points], fill=shape.fill)
            continue
        x, y, r = shape.x * SCALE, shape.y * SCALE, shape.r * SCALE
        box = (x - r, y - r, x + r, y + r)
        if shape.turn is None:
            draw.ellipse(box, fill=shape.fill)
        else:
            draw.pieslice(box, shape.turn, shape.turn + 90, fill=shape.fill)
    return image


@lru_cache(maxsize=4)
def face(kind: str, size: int) -> ImageFont.FreeTypeFont:
    """Our title or text face at a size in pixels."""
    files: tuple[Path, ...] = font_files()
    wanted = "bricolage" if kind == "title" else "figtree"
    path = next(each for each in files if wanted in each.name.lower())
    font = ImageFont.truetype(str(path), size)
    axes = font.get_variation_axes()
    font.set_variation_by_axes([weight(each, kind) for each in axes])
    return font


def weight(axis: "ImageFont.Axis", kind: str) -> float:
    """Bold titles, half-bold text; every other axis as it comes."""
    name = axis["name"] or b""
    if name.lower().startswith(b"weight"):
        return 700 if kind == "title" else 500
    return float(axis["default"] or 0)


def wrapped(title: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """The title on at most two lines; what does not fit ends in an ellipsis."""
    lines: list[str] = []
    rest = plain(title).split()
    while rest and len(lines) < MOST_LINES:
        line = rest.pop(0)
        while rest and font.getlength(f"{line} {rest[0]}") <= WIDTH - 2 * MARGIN:
            line = f"{line} {rest.pop(0)}"
        lines.append(line)
    if rest:
        lines[-1] = f"{lines[-1]}…"
    return lines
