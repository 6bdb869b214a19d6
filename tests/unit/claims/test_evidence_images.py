"""The copy of an image is the picture and nothing else, and pictures that are traps are not opened."""

from __future__ import annotations

import struct
import warnings
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from claims.adapters.images import MAX_PIXELS, copy_image
from claims.domain.errors import EvidenceTypeRefused
from claims.domain.evidence import COPY_TYPES, EvidenceType

SECRET = b"Lies at home"
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET + b"</x:xmpmeta>"
FORMATS = {
    EvidenceType.JPEG: "JPEG",
    EvidenceType.PNG: "PNG",
    EvidenceType.WEBP: "WEBP",
    EvidenceType.GIF: "GIF",
    EvidenceType.HEIC: "HEIF",
}


def written(kind: EvidenceType, picture: Image.Image | None = None, **how: Any) -> bytes:
    out = BytesIO()
    (picture or Image.new("RGB", (40, 20), "red")).save(out, FORMATS[kind], **how)
    return out.getvalue()


def note() -> Image.Exif:
    """Where and with what it was taken, and that the camera was held on its side."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, SECRET.decode()
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (50.0, 51.0, 0.0), "E", (4.0, 21.0, 0.0)
    return exif


def copied(kind: EvidenceType, content: bytes) -> bytes:
    out = BytesIO()
    copy_image(kind, BytesIO(content), out)
    return out.getvalue()


def refused(kind: EvidenceType, content: bytes) -> str:
    with pytest.raises(EvidenceTypeRefused) as error:
        copied(kind, content)
    return str(error.value.details["reason"])


def loaded() -> dict[str, Any]:
    """Everything a camera or a program may write into a picture."""
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", SECRET.decode())
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return {"exif": note(), "xmp": XMP, "comment": SECRET, "pnginfo": text, "icc_profile": profile}


@pytest.mark.parametrize("kind", [EvidenceType.JPEG, EvidenceType.PNG, EvidenceType.WEBP, EvidenceType.HEIC])
def test_nothing_but_the_picture_is_left(kind: EvidenceType) -> None:
    content = written(kind, **loaded())
    with Image.open(BytesIO(content)) as before:
        assert before.getexif().get_ifd(0x8825)[2] == (50.0, 51.0, 0.0)
        assert "icc_profile" in before.info
    assert SECRET in content
    copy = copied(kind, content)
    assert SECRET not in copy
    with Image.open(BytesIO(copy)) as after:
        # HEIF turns pictures by a property of its own as they are decoded; the camera's note does not count.
        turned = (40, 20) if kind is EvidenceType.HEIC else (20, 40)
        assert (after.format, after.size) == (FORMATS[COPY_TYPES[kind]], turned)
        assert (dict(after.getexif()), after.info.get("icc_profile"), after.info.get("xmp")) == ({}, None, None)
        red, green, blue = after.convert("RGB").getpixel((10, 10))  # type: ignore[misc]
        assert red > 240
        assert max(green, blue) < 15


def test_of_an_animation_the_first_picture_is_kept() -> None:
    more = [Image.new("RGB", (40, 20), colour) for colour in ("green", "blue")]
    for kind in (EvidenceType.GIF, EvidenceType.WEBP, EvidenceType.PNG):
        content = written(kind, save_all=True, append_images=more)
        with Image.open(BytesIO(content)) as before, Image.open(BytesIO(copied(kind, content))) as after:
            assert (getattr(before, "n_frames", 1), getattr(after, "n_frames", 1)) == (3, 1)
            assert after.convert("RGB").getpixel((5, 5))[0] > 240  # type: ignore[index]
    assert SECRET not in copied(EvidenceType.GIF, written(EvidenceType.GIF, comment=SECRET))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_way_to_keep_colours_is_copied(mode: str) -> None:
    kind = EvidenceType.JPEG if mode == "CMYK" else EvidenceType.PNG
    with Image.open(BytesIO(copied(kind, written(kind, Image.new(mode, (9, 7)))))) as after:
        assert (after.size, after.mode) == ((9, 7), "RGBA" if mode in ("LA", "RGBA") else "RGB")


def test_what_is_seen_through_stays_so() -> None:
    for kind in (EvidenceType.PNG, EvidenceType.WEBP):
        content = written(kind, Image.new("RGBA", (9, 7), (255, 0, 0, 0)))
        with Image.open(BytesIO(copied(kind, content))) as after:
            assert after.getpixel((1, 1))[3] == 0  # type: ignore[index]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_damaged_picture_is_refused(kind: EvidenceType) -> None:
    content = written(kind, Image.effect_noise((64, 64), 90).convert("RGB"))
    assert refused(kind, content[: len(content) // 2]) == "damaged"
    assert refused(kind, b"hello") == "damaged"


@pytest.mark.parametrize("kind", FORMATS)
def test_a_picture_is_only_opened_as_what_it_says_it_is(kind: EvidenceType) -> None:
    other = EvidenceType.PNG if kind is not EvidenceType.PNG else EvidenceType.JPEG
    assert refused(kind, written(other)) == "damaged"


def bomb(width: int, height: int) -> bytes:
    """A picture of a few bytes that says it is very large."""

    def part(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(bytes(99))) + part(b"IEND", b"")


@pytest.mark.parametrize("side", [7072, 10_000, 60_000])
@pytest.mark.parametrize("strict", [True, False])
def test_a_picture_that_fills_the_memory_is_refused(side: int, strict: bool) -> None:
    assert side * side > MAX_PIXELS
    with warnings.catch_warnings():
        warnings.simplefilter("error" if strict else "ignore", Image.DecompressionBombWarning)
        assert refused(EvidenceType.PNG, bomb(side, side)) == "too_many_pixels"


def test_a_text_that_grows_without_end_is_refused() -> None:
    grown = PngImagePlugin.PngInfo()
    grown.add_text("a", "x" * 5_000_000, zip=True)
    assert refused(EvidenceType.PNG, written(EvidenceType.PNG, pnginfo=grown)) == "damaged"
