"""The door for photos: hostile bytes in, a plain picture without secrets out."""

import hashlib
import io
import threading
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from PIL import Image

from huying.intake.media.apart import paint_apart
from huying.intake.media.decode import paint
from huying.intake.media.errors import (
    PhotoEmpty,
    PhotoRefusal,
    PhotosBusy,
    PhotoTooLarge,
    PhotoTooMany,
    PhotoTypeUnknown,
)
from huying.intake.media.header import Header, PhotoKind, check_size
from huying.intake.media.heic import is_heic, read_heic
from huying.intake.media.hints import PhotoHints, read_hints
from huying.intake.media.jpeg import SIGNATURE as JPEG_SIGNATURE
from huying.intake.media.jpeg import read_jpeg
from huying.intake.media.limits import DEFAULT_LIMITS, MEBIBYTE, PhotoLimits
from huying.intake.media.png import SIGNATURE as PNG_SIGNATURE
from huying.intake.media.png import read_png
from huying.intake.media.webp import is_webp, read_webp

NAME_LENGTH = 80
# A hostile picture takes up to 400 MB while it is decoded; a process has one in memory at a time.
_DECODER = threading.Lock()
_WAIT_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as it may be kept and shown: re-encoded JPEGs that hold pixels and nothing else.

    `image` and `thumbnail` are JPEG bytes, sRGB, upright; `width` and `height` are those of `image`,
    `source_width` and `source_height` those of the upload before it was turned and scaled. `sha256` is of
    `image`, `source_sha256` of the bytes that arrived (the same upload again is found by it). `name` is
    the uploader's file name made harmless, for people to read only. `hints` come from the EXIF block.
    """

    name: str
    kind: PhotoKind
    image: bytes
    thumbnail: bytes
    sha256: str
    thumbnail_sha256: str
    source_sha256: str
    width: int
    height: int
    thumbnail_width: int
    thumbnail_height: int
    source_width: int
    source_height: int
    source_bytes: int
    hints: PhotoHints


def check_count(kept: int, added: int, *, limits: PhotoLimits = DEFAULT_LIMITS) -> None:
    """Refuse more photos than one appeal may carry, before any of them is read. Raises PhotoTooMany."""
    if kept + added > limits.photos:
        raise PhotoTooMany(most=limits.photos)


def inspect_and_clean(
    data: bytes, *, name: str, at: datetime | None = None, limits: PhotoLimits = DEFAULT_LIMITS
) -> Photo:
    """Return the photo in `data`, decoded and painted anew, with the hints its metadata offered.

    What the file is comes from its bytes alone; `name` is only told back. Size in bytes, kind, size in
    pixels and structure are checked in this order, before anything is decoded. `at` is the moment of
    upload and only judges whether the camera's clock was sound.

    Raises a PhotoRefusal: PhotoEmpty, PhotoTooLarge, PhotoTypeUnknown, PhotoBroken, PhotoTooManyPixels,
    PhotoTooComplex, or PhotosBusy (the one where trying again helps). Blocks for at most fifteen seconds
    while other photos are being decoded.
    """
    shown = harmless_name(name)
    try:
        header = read_header(data, limits)
        check_size(header, limits)
        if not _DECODER.acquire(timeout=_WAIT_SECONDS):
            raise PhotosBusy
        try:
            painted = (paint_apart if header.kind is PhotoKind.HEIC else paint)(header, limits)
        finally:
            _DECODER.release()
    except PhotoRefusal as refusal:
        refusal.details["name"] = shown
        raise
    image, thumbnail = painted.image, painted.image.copy()
    thumbnail.thumbnail((limits.thumbnail_side, limits.thumbnail_side), Image.Resampling.LANCZOS)
    image_bytes = _encode(image, limits.kept_quality)
    thumbnail_bytes = _encode(thumbnail, limits.thumbnail_quality)
    return Photo(
        name=shown,
        kind=header.kind,
        image=image_bytes,
        thumbnail=thumbnail_bytes,
        sha256=hashlib.sha256(image_bytes).hexdigest(),
        thumbnail_sha256=hashlib.sha256(thumbnail_bytes).hexdigest(),
        source_sha256=hashlib.sha256(data).hexdigest(),
        width=image.width,
        height=image.height,
        thumbnail_width=thumbnail.width,
        thumbnail_height=thumbnail.height,
        source_width=header.width,
        source_height=header.height,
        source_bytes=len(data),
        hints=read_hints(painted.exif, at=at),
    )


def read_header(data: bytes, limits: PhotoLimits = DEFAULT_LIMITS) -> Header:
    """Find the kind of photo by its bytes and walk its container; nothing is decoded."""
    if not data:
        raise PhotoEmpty
    if len(data) > limits.file_bytes:
        raise PhotoTooLarge(most_megabytes=limits.file_bytes // MEBIBYTE)
    if data.startswith(JPEG_SIGNATURE):
        return read_jpeg(data, limits)
    if data.startswith(PNG_SIGNATURE):
        return read_png(data, limits)
    if is_webp(data):
        return read_webp(data, limits)
    if is_heic(data):
        return read_heic(data, limits)
    raise PhotoTypeUnknown


def harmless_name(name: str) -> str:
    """Return the last part of a file name without control, direction or joining marks, at most 80 long."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(mark for mark in last if unicodedata.category(mark)[0] != "C")
    return plain.strip(" .")[-NAME_LENGTH:]


def _encode(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
