"""Walks the boxes of a HEIC photo (ISO/IEC 23008-12 over 14496-12) before the decoder sees it."""

from collections.abc import Iterator

from huying.intake.media.errors import PhotoBroken, PhotoTooComplex, PhotoTypeUnknown
from huying.intake.media.header import Header, PhotoKind
from huying.intake.media.limits import PhotoLimits

_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1"}
_HEVC, _GRID = b"hvc1", b"grid"
# Kinds of items that are read or passed over. Overlays, identity chains, other codecs and compressed raw
# pixels are refused: they can make one small item decode thousands of times, and phones do not write them.
_PASSED_OVER = {b"Exif", b"mime", b"uri ", b"tmap"}
_TURNS = {b"irot", b"imir", b"clap"}
_BRAND_BYTES = 4
_MOST_UNFOLDED = 4  # times the largest file that all items may take together; equal tiles may share bytes
_MOST_TILING = 2  # times the pixel limit that all tiles may decode to together; edge tiles stick out


class _Fields:
    """Reads big-endian numbers one after the other from a box; a number past the end breaks the photo."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, width: int) -> int:
        if self.at + width > len(self.data):
            raise PhotoBroken
        value = int.from_bytes(self.data[self.at : self.at + width])
        self.at += width
        return value


def is_heic(data: bytes) -> bool:
    """Say whether the bytes begin as a still HEIC photo does: by its brands, not by its name."""
    return bool(_brands(data) & _BRANDS) and b"avif" not in _brands(data)


def _brands(data: bytes) -> set[bytes]:
    if data[4:8] != b"ftyp":
        return set()
    listed = data[16 : min(int.from_bytes(data[:4]), 256)]
    return {data[8:12]} | {listed[at : at + 4] for at in range(0, len(listed), _BRAND_BYTES)}


def read_heic(data: bytes, limits: PhotoLimits) -> Header:
    """Read a HEIC's boxes; width and height are those of its main picture, before it is turned.

    The decoder (libheif) itself refuses coded data that is larger than stated here. Raises PhotoBroken,
    PhotoTooComplex for structures no phone writes, PhotoTypeUnknown for a film.
    """
    top = _once(data, limits, {b"meta"})
    if b"meta" not in top:
        raise PhotoTypeUnknown if b"moov" in top else PhotoBroken
    meta = _once(top[b"meta"][4:], limits, {b"iinf", b"iloc", b"iprp", b"iref", b"pitm"})
    kinds = _item_kinds(meta.get(b"iinf", b""), limits)
    _check_places(meta.get(b"iloc", b""), len(data), limits)
    sizes = _item_sizes(meta.get(b"iprp", b""), limits)
    _check_tiles(meta.get(b"iref", b""), kinds, sizes, limits)
    main = _Fields(meta.get(b"pitm", b""))
    number = main.take(4 if main.take(4) >> 24 else 2)
    if kinds.get(number) not in {_HEVC, _GRID} or number not in sizes:
        raise PhotoBroken
    width, height = sizes[number]
    return Header(kind=PhotoKind.HEIC, width=width, height=height, picture=data)


def _boxes(data: bytes, limits: PhotoLimits) -> Iterator[tuple[bytes, bytes]]:
    """Yield kind and content of each box in `data`."""
    at = 0
    for _ in range(limits.heic_items):
        if at == len(data):
            return
        fields = _Fields(data[at : at + 16])
        size, kind, head = fields.take(4), fields.take(4).to_bytes(4), 8
        if size == 1:
            size, head = fields.take(8), 16
        elif size == 0:
            size = len(data) - at
        if size < head or at + size > len(data):
            raise PhotoBroken
        yield kind, data[at + head : at + size]
        at += size
    if at != len(data):
        raise PhotoTooComplex


def _once(data: bytes, limits: PhotoLimits, kinds: set[bytes]) -> dict[bytes, bytes]:
    """Return the boxes by kind; refuse a second one of `kinds`, of which the decoder might read the other."""
    boxes = list(_boxes(data, limits))
    if any(sum(kind == one for one, _ in boxes) > 1 for kind in kinds):
        raise PhotoTooComplex
    return dict(boxes)


def _item_kinds(iinf: bytes, limits: PhotoLimits) -> dict[int, bytes]:
    """Return the kind of each item by its number; refuse kinds a phone does not write."""
    kinds: dict[int, bytes] = {}
    for kind, entry in _boxes(iinf[8 if iinf[:1] > b"\x00" else 6 :], limits):
        if kind != b"infe" or entry[:1] not in {b"\x02", b"\x03"}:
            raise PhotoBroken
        wide = 4 if entry[:1] == b"\x03" else 2
        fields = _Fields(entry[4:])
        number, _protection = fields.take(wide), fields.take(2)
        kinds[number] = fields.take(4).to_bytes(4)
        if kinds[number] not in {_HEVC, _GRID} | _PASSED_OVER:
            raise PhotoTooComplex
    return kinds


def _check_places(iloc: bytes, file_bytes: int, limits: PhotoLimits) -> None:
    """Refuse items that lie on the same bytes many times over: they would unfold in memory."""
    fields = _Fields(iloc)
    version = fields.take(4) >> 24
    packed = fields.take(2)
    offset, length, base, index = (packed >> shift & 15 for shift in (12, 8, 4, 0))
    total = 0
    for _ in range(fields.take(2 if version < 2 else 4)):  # noqa: PLR2004 (version 2 has wider numbers)
        fields.take(2 if version < 2 else 4)  # noqa: PLR2004 (likewise)
        fields.take((2 if version else 0) + 2 + base)
        for _extent in range(fields.take(2)):
            fields.take((index if version else 0) + offset)
            total += fields.take(length) if length else file_bytes
            if total > _MOST_UNFOLDED * limits.file_bytes:
                raise PhotoTooComplex


def _item_sizes(iprp: bytes, limits: PhotoLimits) -> dict[int, tuple[int, int]]:
    """Return the stated size of each item that has one; refuse an item that is turned over and over."""
    properties = list(_boxes(_once(iprp, limits, {b"ipco"}).get(b"ipco", b""), limits))
    sizes: dict[int, tuple[int, int]] = {}
    for kind, body in _boxes(iprp, limits):
        for number, places in _associations(body) if kind == b"ipma" else ():
            named = [properties[place - 1] for place in places if 0 < place <= len(properties)]
            turns = [kind for kind, _ in named if kind in _TURNS]
            stated = [_size(content) for kind, content in named if kind == b"ispe"]
            if len(turns) != len(set(turns)) or len(stated) > 1 or number in sizes:
                raise PhotoTooComplex
            if stated:
                sizes[number] = stated[0]
    return sizes


def _associations(ipma: bytes) -> Iterator[tuple[int, list[int]]]:
    """Yield each item with the places, counted from one, of its properties."""
    fields = _Fields(ipma)
    version_and_flags = fields.take(4)
    wide, mask = (2, 0x7FFF) if version_and_flags & 1 else (1, 0x7F)
    for _ in range(fields.take(4)):
        number = fields.take(4 if version_and_flags >> 24 else 2)
        yield number, [fields.take(wide) & mask for _ in range(fields.take(1))]


def _size(ispe: bytes) -> tuple[int, int]:
    width, height = int.from_bytes(ispe[4:8]), int.from_bytes(ispe[8:12])
    if not width or not height:
        raise PhotoBroken
    return width, height


def _check_tiles(
    iref: bytes, kinds: dict[int, bytes], sizes: dict[int, tuple[int, int]], limits: PhotoLimits
) -> None:
    """Refuse grids whose tiles repeat, are no plain pictures, or decode to far more than can be shown."""
    wide = 4 if iref[:1] == b"\x01" else 2
    tiles: list[int] = []
    for kind, body in _boxes(iref[4:], limits):
        fields = _Fields(body)
        if kind == b"dimg" and kinds.get(fields.take(wide)) == _GRID:
            tiles += [fields.take(wide) for _ in range(fields.take(2))]
    if len(set(tiles)) != len(tiles) or any(kinds.get(tile) != _HEVC for tile in tiles):
        raise PhotoTooComplex
    if any(tile not in sizes for tile in tiles):
        raise PhotoBroken
    if sum(sizes[tile][0] * sizes[tile][1] for tile in tiles) > _MOST_TILING * limits.pixels:
        raise PhotoTooComplex
