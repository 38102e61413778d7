"""Walks the chunks of a WebP file (RFC 9649) and keeps only what decodes to its first frame."""

import struct

from huying.intake.media.errors import PhotoBroken, PhotoTooComplex
from huying.intake.media.header import Header, PhotoKind
from huying.intake.media.limits import PhotoLimits

_RIFF_HEADER = 12
_CHUNK_HEADER = 8
_FRAME_HEADER = 16  # place, size, length and flags in front of an animation frame's own chunks
_LOSSY_START = b"\x9d\x01\x2a"
_LOSSLESS_START = 0x2F
_ALPHA_FLAG = 0x10
_PICTURE = {b"VP8 ", b"VP8L", b"ALPH"}


def is_webp(data: bytes) -> bool:
    """Say whether the bytes begin as a WebP file does."""
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def read_webp(data: bytes, limits: PhotoLimits) -> Header:
    """Read a WebP's header; what lies outside the stated RIFF length is not looked at.

    An animation is represented by its first frame. Raises PhotoBroken for a file cut short,
    PhotoTooComplex for more chunks than the limits allow.
    """
    end = int.from_bytes(data[4:8], "little") + _CHUNK_HEADER
    if end > len(data):
        raise PhotoBroken
    picture: dict[bytes, bytes] = {}
    meta: dict[bytes, bytes] = {}
    for name, body in _chunks(data[_RIFF_HEADER:end], limits):
        if name in _PICTURE:
            picture.setdefault(name, body)
        elif name == b"ANMF" and not picture:
            picture = {
                inner: part for inner, part in _chunks(body[_FRAME_HEADER:], limits) if inner in _PICTURE
            }
        elif len(body) <= {b"EXIF": limits.exif_bytes, b"ICCP": limits.profile_bytes}.get(name, -1):
            meta.setdefault(name, body)
    width, height = _size(picture)
    exif = meta.get(b"EXIF")
    return Header(
        kind=PhotoKind.WEBP,
        width=width,
        height=height,
        picture=_rebuild(picture, width, height),
        exif=exif.removeprefix(b"Exif\x00\x00") if exif else None,
        icc=meta.get(b"ICCP"),
        buffered=True,
    )


def _chunks(data: bytes, limits: PhotoLimits) -> list[tuple[bytes, bytes]]:
    found: list[tuple[bytes, bytes]] = []
    at = 0
    while at + _CHUNK_HEADER <= len(data):
        if len(found) >= limits.webp_chunks:
            raise PhotoTooComplex
        name, length = struct.unpack_from("<4sI", data, at)
        body = data[at + _CHUNK_HEADER : at + _CHUNK_HEADER + length]
        if len(body) != length:
            raise PhotoBroken
        found.append((name, body))
        at += _CHUNK_HEADER + length + length % 2
    return found


def _size(picture: dict[bytes, bytes]) -> tuple[int, int]:
    """Return the size that the coded frame itself states, not the canvas around it."""
    lossy, lossless = picture.get(b"VP8 ", b""), picture.get(b"VP8L", b"")
    if lossy[3:6] == _LOSSY_START and len(lossy) >= 10:  # noqa: PLR2004 (RFC 6386, 9.1: the frame header)
        width, height = struct.unpack_from("<HH", lossy, 6)
        width, height = width & 0x3FFF, height & 0x3FFF
    elif lossless[:1] == bytes((_LOSSLESS_START,)) and len(lossless) >= 5:  # noqa: PLR2004 (RFC 9649, 3.4)
        bits = int.from_bytes(lossless[1:5], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    else:
        raise PhotoBroken
    if not width or not height:
        raise PhotoBroken
    return width, height


def _rebuild(picture: dict[bytes, bytes], width: int, height: int) -> bytes:
    """Write a WebP file with nothing but the one frame and, for lossy ones, its transparency."""
    body = b""
    if b"ALPH" in picture and b"VP8 " in picture:
        canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        body += _pack(b"VP8X", bytes((_ALPHA_FLAG, 0, 0, 0)) + canvas) + _pack(b"ALPH", picture[b"ALPH"])
    name = b"VP8 " if b"VP8 " in picture else b"VP8L"
    body += _pack(name, picture[name])
    return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body


def _pack(name: bytes, body: bytes) -> bytes:
    return name + len(body).to_bytes(4, "little") + body + b"\x00" * (len(body) % 2)
