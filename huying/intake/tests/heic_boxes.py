"""Builds HEIC files box by box (ISO/IEC 23008-12), well-formed ones and ones no phone would write."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

FIELD = (Path(__file__).parent / "field.heic").read_bytes()
"""One colour, 4,000 × 4,000 pixels in 4 kB; drawn by us, written by libheif with x265."""


@dataclass(frozen=True)
class Item:
    """An item: its kind, its extents (place in the data and length), the places of its properties."""

    number: int
    kind: bytes
    extents: Sequence[tuple[int, int]]
    properties: Sequence[int] = field(default=())


def box(kind: bytes, body: bytes) -> bytes:
    """Return a box."""
    return struct.pack(">I4s", 8 + len(body), kind) + body


def full(kind: bytes, body: bytes, version: int = 0) -> bytes:
    """Return a box with version and flags."""
    return box(kind, bytes((version, 0, 0, 0)) + body)


def ispe(width: int, height: int) -> bytes:
    """Return the property that states a size."""
    return full(b"ispe", struct.pack(">II", width, height))


def grid(rows: int, columns: int, width: int, height: int) -> bytes:
    """Return the content of a grid item."""
    return struct.pack(">BBBBII", 0, 1, rows - 1, columns - 1, width, height)


def found(data: bytes, kind: bytes) -> bytes:
    """Return the first box of the kind, wherever it lies."""
    at = data.index(kind) - 4
    return data[at : at + int.from_bytes(data[at : at + 4])]


def coded(data: bytes) -> bytes:
    """Return the coded picture of a file that holds nothing else."""
    return found(data, b"mdat")[8:]


def heic(
    items: Sequence[Item],
    properties: Sequence[bytes],
    data: bytes,
    references: Sequence[tuple[bytes, int, Sequence[int]]] = (),
    twice: bytes = b"",
) -> bytes:
    """Return a HEIC file whose main picture is item 1; `twice` is a further box inside its `meta`."""
    front = box(b"ftyp", b"heic\x00\x00\x00\x00mif1heic")
    start = len(front) + len(_meta(items, properties, references, twice, 0)) + 8
    return front + _meta(items, properties, references, twice, start) + box(b"mdat", data)


def _meta(
    items: Sequence[Item],
    properties: Sequence[bytes],
    references: Sequence[tuple[bytes, int, Sequence[int]]],
    twice: bytes,
    start: int,
) -> bytes:
    entries = [full(b"infe", struct.pack(">HH4sx", item.number, 0, item.kind), 2) for item in items]
    places = [
        struct.pack(">HHH", item.number, 0, len(item.extents))
        + b"".join(struct.pack(">II", start + at, length) for at, length in item.extents)
        for item in items
    ]
    uses = [struct.pack(">HB", item.number, len(item.properties)) + bytes(item.properties) for item in items]
    links = [
        box(kind, struct.pack(f">HH{len(to)}H", source, len(to), *to)) for kind, source, to in references
    ]
    parts = [
        full(b"hdlr", bytes(4) + b"pict" + bytes(13)),
        full(b"pitm", struct.pack(">H", 1)),
        full(b"iinf", struct.pack(">H", len(items)) + b"".join(entries)),
        full(b"iloc", b"\x44\x00" + struct.pack(">H", len(items)) + b"".join(places)),
        box(
            b"iprp",
            box(b"ipco", b"".join(properties))
            + full(b"ipma", struct.pack(">I", len(items)) + b"".join(uses)),
        ),
        full(b"iref", b"".join(links)) if links else b"",
        twice,
    ]
    return full(b"meta", b"".join(parts))
