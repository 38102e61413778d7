"""Walks the boxes of a HEIC photo (ISO/IEC 23008-12 over 14496-12) before the decoder sees it."""

import struct
from collections.abc import Iterator

from huying.intake.media.errors import PhotoBroken, PhotoTooComplex, PhotoTooManyPixels, PhotoTypeUnknown
from huying.intake.media.header import Header, PhotoKind
from huying.intake.media.limits import PhotoLimits

_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1"}
_HEVC, _GRID = b"hvc1", b"grid"
# Kinds of items that are read or passed over. Overlays, identity chains, other codecs and compressed raw
# pixels are refused: they can make one small item decode thousands of times, and phones do not write them.
_PASSED_OVER = {b"Exif", b"mime", b"uri ", b"tmap"}
_BRAND_BYTES = 4


def is_heic(data: bytes) -> bool:
    """Say whether the bytes begin as a still HEIC photo does: by its brands, not by its name."""
    return bool(_brands(data) & _BRANDS) and b"avif" not in _brands(data)


def _brands(data: bytes) -> set[bytes]:
    if data[4:8] != b"ftyp":
        return set()
    listed = data[16 : min(int.from_bytes(data[:4]), 256)]
    return {data[8:12]} | {listed[at : at + 4] for at in range(0, len(listed), _BRAND_BYTES)}


def read_heic(data: bytes, limits: PhotoLimits) -> Header:
    """Read a HEIC's boxes: every stated size within the limits, every item of a kind phones write.

    The decoder itself (libheif) refuses coded data larger than stated here. Width and height are the
    largest stated. Raises PhotoBroken, PhotoTooComplex, PhotoTooManyPixels or PhotoTypeUnknown.
    """
    top = dict(_boxes(data))
    if b"meta" not in top:
        raise PhotoTypeUnknown if b"moov" in top else PhotoBroken  # a film, not a photo
    meta = dict(_boxes(top[b"meta"][4:]))
    kinds = _item_kinds(meta.get(b"iinf", b""), limits)
    _check_references(meta.get(b"iref", b""), kinds, limits)
    width, height = _largest(meta.get(b"iprp", b""), limits)
    return Header(kind=PhotoKind.HEIC, width=width, height=height, picture=data)


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield kind and content of each box in `data`."""
    at = 0
    while at < len(data):
        if len(data) - at < 8:  # noqa: PLR2004 (size and kind)
            raise PhotoBroken
        size, kind = struct.unpack_from(">I4s", data, at)
        head = 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16]), 16
        elif size == 0:
            size = len(data) - at
        if size < head or at + size > len(data):
            raise PhotoBroken
        yield kind, data[at + head : at + size]
        at += size


def _item_kinds(iinf: bytes, limits: PhotoLimits) -> dict[int, bytes]:
    """Return the kind of each item by its number; refuse kinds a phone does not write."""
    kinds: dict[int, bytes] = {}
    entries = iinf[8 if iinf[:1] > b"\x00" else 6 :]
    for kind, entry in _boxes(entries):
        wide = entry[:1] == b"\x03"
        if kind != b"infe" or entry[:1] not in {b"\x02", b"\x03"}:
            raise PhotoBroken
        number = int.from_bytes(entry[4:8] if wide else entry[4:6])
        kinds[number] = entry[10:14] if wide else entry[8:12]
        if len(kinds) > limits.heic_items or kinds[number] not in {_HEVC, _GRID} | _PASSED_OVER:
            raise PhotoTooComplex
    if not kinds:
        raise PhotoBroken
    return kinds


def _check_references(iref: bytes, kinds: dict[int, bytes], limits: PhotoLimits) -> None:
    """Refuse a grid whose tiles repeat or are not plain pictures, so that each item decodes at most once."""
    wide = 4 if iref[:1] == b"\x01" else 2
    tiles: list[int] = []
    for count, (kind, body) in enumerate(_boxes(iref[4:])):
        if count >= limits.heic_items:
            raise PhotoTooComplex
        source = int.from_bytes(body[:wide])
        if kind == b"dimg" and kinds.get(source) == _GRID:
            tiles += [int.from_bytes(body[at : at + wide]) for at in range(wide + 2, len(body), wide)]
    if len(set(tiles)) != len(tiles) or any(kinds.get(tile) != _HEVC for tile in tiles):
        raise PhotoTooComplex


def _largest(iprp: bytes, limits: PhotoLimits) -> tuple[int, int]:
    """Return the largest stated size; refuse any that is over the limits, thumbnails and tiles included."""
    properties = dict(_boxes(iprp)).get(b"ipco", b"")
    sizes = [
        (int.from_bytes(body[4:8]), int.from_bytes(body[8:12]))
        for kind, body in _boxes(properties)
        if kind == b"ispe"
    ]
    if not sizes or not all(width and height for width, height in sizes):
        raise PhotoBroken
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    if max(map(max, sizes)) > limits.side:
        raise PhotoTooManyPixels(
            width=width, height=height, most_side=limits.side, most_megapixels=limits.pixels // 1_000_000
        )
    return width, height
