"""Pictures that people send: decoded within limits, turned upright, drawn anew with nothing else in them."""

import struct
import zlib
from base64 import b64encode
from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO
from threading import Lock
from typing import IO

from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from members.errors import Refused

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
HEAVIEST = 10 * 1024 * 1024
MOST_PIXELS = 12_000_000
"""Of what is decoded whole; a JPEG is decoded at the size that is needed."""
MOST_OF_JPEG = 40_000_000
LARGE, SMALL = (1600, 1600), (480, 480)
PORTRAIT, AVATAR = (640, 640), (144, 144)
"""Squares, cut from the middle."""
QUALITY = 82
TICKET_LASTS = timedelta(days=1)
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


class BadPicture(Refused):
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


def prepare(upload: IO[bytes], *, size: int, portrait: bool = False) -> Picture:
    """Read what someone sent; raises a `BadPicture` that says what is wrong with it.

    A `portrait` is cut to a square. The header is judged before anything is decoded: no bomb is inflated.
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
            return _drawn_anew(content, portrait=portrait)
    except BROKEN as error:
        raise BadPicture from error


def _looks_like_svg(content: bytes) -> bool:
    head = content[:2048].lstrip().lower()
    return head.startswith((b"<svg", b"<?xml", b"<!doctype svg")) or b"<svg" in head


def _drawn_anew(content: bytes, *, portrait: bool) -> Picture:
    with Image.open(BytesIO(content), formats=FORMATS) as found:
        most = MOST_OF_JPEG if found.format == "JPEG" else MOST_PIXELS
        if found.width * found.height > most:
            raise HugePicture
        found.draft("RGB", LARGE)
        plain = found if found.mode in {"RGB", "RGBA", "L"} else found.convert("RGBA")
        plain.thumbnail(LARGE)  # before anything else makes a copy
        large = _flat(ImageOps.exif_transpose(plain))
    if portrait:
        large = ImageOps.fit(large, PORTRAIT)
    small = ImageOps.fit(large, AVATAR) if portrait else ImageOps.contain(large, SMALL)
    return Picture(_jpeg(large), _jpeg(small), large.width, large.height)


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


@dataclass(frozen=True)
class StoredPicture:
    """The names of a picture that was kept, and its size in pixels."""

    large: str
    small: str
    width: int
    height: int


@dataclass(frozen=True)
class Album:
    """Where the pictures of one sort of thing are kept: a folder of the storage."""

    folder: str

    def keep(self, picture: Picture) -> StoredPicture:
        """Keep both sizes; what nothing shows in the end is dropped by `drop_unused`."""
        large, small = self.store(picture.large), self.store(picture.small)
        return StoredPicture(large, small, picture.width, picture.height)

    def shown(self, picture: StoredPicture) -> str:
        """The small one as an address of its own, for a page where nobody else may see it yet."""
        with self.open(picture.small) as file:
            return f"data:image/jpeg;base64,{b64encode(file.read()).decode()}"

    def ticket_of(self, picture: StoredPicture) -> str:
        """A signed word by which a form says which picture it was sent before."""
        said = [picture.large, picture.small, picture.width, picture.height]
        return signing.dumps(said, salt=self._salt)

    def read_ticket(self, ticket: str) -> StoredPicture | None:
        """The picture of a ticket; None for one that is forged, a day old, or whose picture is gone."""
        try:
            large, small, width, height = signing.loads(ticket, salt=self._salt, max_age=TICKET_LASTS)
        except (signing.BadSignature, ValueError, TypeError):
            return None
        there = all(default_storage.exists(self._path(name)) for name in (large, small))
        return StoredPicture(large, small, width, height) if there else None

    def drop_unused(self, used: Container[str], *, now: datetime) -> int:
        """Delete the pictures older than a day that are not in `used`; says how many."""
        try:
            _folders, names = default_storage.listdir(self.folder)
        except FileNotFoundError:
            return 0
        old = now - 2 * TICKET_LASTS
        unused = [name for name in names if name not in used]
        gone = [name for name in unused if default_storage.get_modified_time(self._path(name)) < old]
        for name in gone:
            default_storage.delete(self._path(name))
        return len(gone)

    def store(self, content: bytes) -> str:
        """Keep a picture under a name made from its bytes; the same picture is kept once."""
        name = f"{sha256(content).hexdigest()[:40]}.jpg"
        if not default_storage.exists(self._path(name)):
            default_storage.save(self._path(name), ContentFile(content))
        return name

    def open(self, name: str) -> IO[bytes]:
        """Open a picture that was kept; raises FileNotFoundError."""
        opened: IO[bytes] = default_storage.open(self._path(name), "rb")
        return opened

    def _path(self, name: str) -> str:
        return f"{self.folder}/{name}"

    @property
    def _salt(self) -> str:
        return f"{self.folder}.pictures"
