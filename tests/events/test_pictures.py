"""Uploads attacked: nothing passes that is not a picture drawn anew, and each refusal says why."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from members.pictures import BadPicture, HeavyPicture, HugePicture, VectorPicture, prepare

SCRIPT = b"<script>alert(1)</script>"


def drawn(kind: str = "PNG", size: tuple[int, int] = (60, 40), **options: object) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, "teal").save(written, kind, **options)
    return written.getvalue()


def made(content: bytes) -> bytes:
    return prepare(BytesIO(content), size=len(content)).large


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is immense."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    body = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_is_drawn_anew_as_jpeg(kind: str) -> None:
    with Image.open(BytesIO(made(drawn(kind)))) as found:
        assert (found.format, found.size) == ("JPEG", (60, 40))


def test_a_large_one_is_made_smaller_and_a_small_copy_is_kept() -> None:
    content = drawn("JPEG", (4000, 1000))
    picture = prepare(BytesIO(content), size=len(content))
    with Image.open(BytesIO(picture.small)) as small:
        assert ((picture.width, picture.height), small.size) == ((1600, 400), (480, 120))


def test_metadata_and_what_hides_in_the_file_are_gone() -> None:
    info = PngInfo()
    info.add_text("Comment", "secret-place")
    exif = Image.Exif()
    exif[0x010E] = "secret-place"
    for content in (
        drawn("PNG", pnginfo=info),
        drawn("JPEG", exif=exif),
        drawn("GIF") + SCRIPT + b"PK\x03\x04",
    ):
        found = made(content)
        assert b"secret-place" not in found
        assert b"<script" not in found
        with Image.open(BytesIO(found)) as read:
            assert not read.getexif()


def test_a_picture_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    with Image.open(BytesIO(made(drawn("JPEG", (60, 40), exif=exif)))) as found:
        assert found.size == (40, 60)


@pytest.mark.parametrize(
    ("content", "refusal", "said"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + b"</svg>", VectorPicture, "SVG"),
        (b"<?xml version='1.0'?><svg/>", VectorPicture, "SVG"),
        (b"<html>" + SCRIPT, BadPicture, "pas une image"),
        (b"%PDF-1.7\n" + SCRIPT, BadPicture, "pas une image"),
        (b"", BadPicture, "pas une image"),
        (drawn()[:-30], BadPicture, "pas une image"),
        (b"GIF89a" + SCRIPT, BadPicture, "pas une image"),
        (bomb(60_000, 60_000), BadPicture, "image"),
        (bomb(9_000, 9_000), HugePicture, "40"),
        (bomb(6_300, 6_300), HugePicture, "12"),
        (b"\xff" * (10 * 1024 * 1024 + 1), HeavyPicture, "10"),
        (drawn("BMP"), BadPicture, "pas une image"),
        (drawn("TIFF"), BadPicture, "pas une image"),
    ],
)
def test_what_is_no_picture_is_refused_and_told_why(
    content: bytes, refusal: type[BadPicture], said: str
) -> None:
    with pytest.raises(refusal, match=said):
        made(content)


def test_a_size_that_is_lied_about_is_measured() -> None:
    with pytest.raises(HeavyPicture):
        prepare(BytesIO(b"\xff" * (10 * 1024 * 1024 + 1)), size=10)
