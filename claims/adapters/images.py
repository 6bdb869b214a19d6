"""Makes the copy of an image that staff see: the picture and nothing else that was in the file."""

from __future__ import annotations

from typing import IO

import pillow_heif
from PIL import Image, ImageOps

from claims.adapters.file_types import refusal
from claims.domain.errors import EvidenceTypeRefused
from claims.domain.evidence import COPY_TYPES, EvidenceType

MAX_PIXELS = 50_000_000
"""What the best telephones make; decoded, each takes 200 MB of memory."""

_QUALITY = 90
_FORMATS = {
    EvidenceType.JPEG: "JPEG",
    EvidenceType.PNG: "PNG",
    EvidenceType.WEBP: "WEBP",
    EvidenceType.GIF: "GIF",
    EvidenceType.HEIC: "HEIF",
}

pillow_heif.register_heif_opener()


def copy_image(kind: EvidenceType, source: IO[bytes], target: IO[bytes]) -> None:
    """Decode an image and write it again: turned upright, without place, camera, comments or thumbnails.

    Of an animation only the first picture is kept: the work stays bounded, and the original is there for proof.

    Args:
        kind: What it says it is; it is decoded as nothing else.
        source: The image.
        target: Where the copy goes.

    Raises:
        EvidenceTypeRefused: It is no such image, damaged, or larger than `MAX_PIXELS`.
    """
    source.seek(0)
    try:
        with Image.open(source, formats=[_FORMATS[kind]]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise refusal("too_many_pixels")
            plain = _plain(image, transparent=COPY_TYPES[kind] is not EvidenceType.JPEG)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise refusal("too_many_pixels") from None
    except EvidenceTypeRefused:
        raise
    except Exception as error:
        # Decoders meet hostile files with errors of every kind, down to those of struct and zlib.
        raise refusal("damaged") from error
    plain.save(target, _FORMATS[COPY_TYPES[kind]], quality=_QUALITY)


def _plain(image: Image.Image, *, transparent: bool) -> Image.Image:
    # Now, not when it is saved: here what is wrong with it is its own fault.
    image.load()
    # First turned as the camera noted it, because the note goes with the rest.
    ImageOps.exif_transpose(image, in_place=True)
    mode = "RGBA" if transparent and image.has_transparency_data else "RGB"
    # Each copy of a large picture takes 200 MB.
    plain = image if image.mode == mode else image.convert(mode)
    plain.info.clear()
    return plain
