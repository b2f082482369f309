"""Pictures that people send: decoded within limits, turned upright, drawn anew with nothing else in them."""

import struct
import zlib
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from threading import Lock
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from events.errors import EventRefused

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
HEAVIEST = 10 * 1024 * 1024
MOST_PIXELS = 12_000_000
"""Of what is decoded whole; a JPEG is decoded at the size that is needed."""
MOST_OF_JPEG = 40_000_000
LARGE, SMALL = (1600, 1600), (480, 480)
QUALITY = 82
FOLDER = "events"
ONE_AT_A_TIME = Lock()
"""A picture being decoded takes a hundred megabytes or so."""
BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    TypeError,
    EOFError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)


class BadPicture(EventRefused):
    """A file that is no picture we take."""

    message = _("Ce fichier n’est pas une image lisible. Envoyez une photo JPEG, PNG, WebP ou GIF.")


class VectorPicture(BadPicture):
    """An SVG, which is a program as much as a picture."""

    message = _("Les images SVG ne sont pas acceptées. Envoyez une photo JPEG, PNG, WebP ou GIF.")


class HeavyPicture(BadPicture):
    """Too many bytes."""

    message = _("Cette image pèse plus de 10\u00a0Mo. Envoyez-en une version plus légère.")


class HugePicture(BadPicture):
    """Too many pixels, whatever it weighs."""

    message = _(
        "Cette image a trop de pixels\u00a0: 12\u00a0millions au plus, 40\u00a0millions pour une photo JPEG."
    )


@dataclass(frozen=True)
class Picture:
    """A picture drawn anew, in two sizes, as JPEG."""

    large: bytes
    small: bytes
    width: int
    height: int


def prepare(upload: IO[bytes], *, size: int) -> Picture:
    """Read what someone sent; raises a `BadPicture` that says what is wrong with it.

    The header is judged before anything is decoded: a bomb is never inflated.
    """
    if size > HEAVIEST:
        raise HeavyPicture
    content = upload.read(HEAVIEST + 1)
    if len(content) > HEAVIEST:
        raise HeavyPicture
    if _looks_like_svg(content):
        raise VectorPicture
    try:
        with ONE_AT_A_TIME:
            return _drawn_anew(content)
    except BROKEN as error:
        raise BadPicture from error


def _looks_like_svg(content: bytes) -> bool:
    head = content[:2048].lstrip().lower()
    return head.startswith((b"<svg", b"<?xml", b"<!doctype svg")) or b"<svg" in head


def _drawn_anew(content: bytes) -> Picture:
    with Image.open(BytesIO(content), formats=FORMATS) as found:
        most = MOST_OF_JPEG if found.format == "JPEG" else MOST_PIXELS
        if found.width * found.height > most:
            raise HugePicture
        found.draft("RGB", LARGE)
        plain = found if found.mode in {"RGB", "RGBA", "L"} else found.convert("RGBA")
        plain.thumbnail(LARGE)  # before anything else makes a copy
        large = _flat(ImageOps.exif_transpose(plain))
    return Picture(_jpeg(large), _jpeg(ImageOps.contain(large, SMALL)), large.width, large.height)


def _flat(image: Image.Image) -> Image.Image:
    """The first frame, opaque, in plain RGB: what was transparent is white."""
    drawn = image.convert("RGBA")
    ground = Image.new("RGBA", drawn.size, "white")
    return Image.alpha_composite(ground, drawn).convert("RGB")


def _jpeg(image: Image.Image) -> bytes:
    """Write pixels only: no metadata of the original is carried over."""
    written = BytesIO()
    image.save(written, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return written.getvalue()


def store(content: bytes) -> str:
    """Keep a picture under a name made from its bytes; the same picture is kept once."""
    name = f"{sha256(content).hexdigest()[:40]}.jpg"
    path = f"{FOLDER}/{name}"
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(content))
    return name


def open_stored(name: str) -> IO[bytes]:
    """Open a picture that was kept; raises FileNotFoundError."""
    opened: IO[bytes] = default_storage.open(f"{FOLDER}/{name}", "rb")
    return opened
