"""Walks the chunks of a PNG (ISO/IEC 15948) and keeps only what decodes to its still picture."""

import zlib

from huying.intake.media.errors import PhotoBroken, PhotoTooComplex
from huying.intake.media.header import Header, PhotoKind
from huying.intake.media.limits import PhotoLimits

SIGNATURE = b"\x89PNG\r\n\x1a\n"

# Header, palette, picture data, transparent colour, end. Text, animation frames, profiles and chunks of
# other makers stay behind, so a compressed text cannot unfold in the decoder.
_PICTURE = {b"IHDR", b"PLTE", b"IDAT", b"tRNS", b"IEND"}
_FRAME = 12  # length, type and checksum around every chunk
_HEADER_BYTES = 13


def read_png(data: bytes, limits: PhotoLimits) -> Header:
    """Read a PNG's header; the picture ends at IEND, what follows is not looked at.

    Raises PhotoBroken for a file cut short or with a wrong checksum, PhotoTooComplex for more chunks than
    the limits allow.
    """
    kept, exif, icc, seen_profile = [SIGNATURE], None, None, False
    at = len(SIGNATURE)
    for _ in range(limits.png_chunks):
        name, body, chunk = _chunk(data, at)
        if (at == len(SIGNATURE)) != (name == b"IHDR"):
            raise PhotoBroken
        at += len(chunk)
        if name in _PICTURE:
            kept.append(chunk)
        elif name == b"eXIf" and len(body) <= limits.exif_bytes:
            exif = body
        elif name == b"iCCP" and not seen_profile:  # the first only: unfolding thousands would cost seconds
            icc, seen_profile = _profile(body, limits), True
        if name == b"IEND":
            break
    else:
        raise PhotoTooComplex
    width, height = _size(kept[1])
    return Header(kind=PhotoKind.PNG, width=width, height=height, picture=b"".join(kept), exif=exif, icc=icc)


def _chunk(data: bytes, at: int) -> tuple[bytes, bytes, bytes]:
    """Return name, content and whole bytes of the chunk at `at`, its checksum proven."""
    length = int.from_bytes(data[at : at + 4])
    chunk = data[at : at + length + _FRAME]
    if len(chunk) != length + _FRAME or zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:]):
        raise PhotoBroken
    return chunk[4:8], chunk[8:-4], chunk


def _size(header_chunk: bytes) -> tuple[int, int]:
    if len(header_chunk) != _HEADER_BYTES + _FRAME:
        raise PhotoBroken
    width, height = int.from_bytes(header_chunk[8:12]), int.from_bytes(header_chunk[12:16])
    if not width or not height:
        raise PhotoBroken
    return width, height


def _profile(body: bytes, limits: PhotoLimits) -> bytes | None:
    """Unfold a colour profile no further than the limit; a larger or broken one counts as absent."""
    _, _, packed = body.partition(b"\x00")
    try:
        profile = zlib.decompressobj().decompress(packed[1:], limits.profile_bytes + 1)
    except zlib.error:
        return None
    return profile if 0 < len(profile) <= limits.profile_bytes else None
