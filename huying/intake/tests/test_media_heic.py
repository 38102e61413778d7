"""HEIC files made to work for minutes or fill the memory, and the two fences that stop them."""

import io
import time
from dataclasses import replace

import pytest
from PIL import Image

from huying.intake.media import (
    DEFAULT_LIMITS,
    PhotoBroken,
    PhotoLimits,
    PhotoRefusal,
    PhotoTooComplex,
    PhotoTooManyPixels,
    inspect_and_clean,
)
from huying.intake.media.apart import paint_apart
from huying.intake.media.header import Header, PhotoKind
from huying.intake.tests import photos
from huying.intake.tests.heic_boxes import FIELD, Item, box, coded, found, full, grid, heic, ispe

pytestmark = pytest.mark.slow
CODE = found(FIELD, b"hvcC")
DATA = coded(FIELD)
WHOLE = [(0, len(DATA))]
PLAIN = Item(1, b"hvc1", WHOLE, (1, 2))
PROPERTIES = [ispe(4000, 4000), CODE]


def tiled(rows: int, columns: int, size: tuple[int, int], *, tiles: int = 0, kind: bytes = b"hvc1") -> bytes:
    """Return a grid of `rows` × `columns` fields, of `tiles` different items, that states a size."""
    tiles = tiles or rows * columns
    items = [Item(1, b"grid", [(len(DATA), 12)], (1,))]
    items += [Item(number + 2, kind, WHOLE, (2, 3)) for number in range(tiles)]
    order = [place % tiles + 2 for place in range(rows * columns)]
    data = DATA + grid(rows, columns, *size)
    return heic(items, [ispe(*size), *PROPERTIES], data, [(b"dimg", 1, order)])


def refusal(data: bytes) -> type[PhotoRefusal]:
    """Return the kind of refusal, given before anything is decoded."""
    start = time.perf_counter()
    with pytest.raises(PhotoRefusal) as refused:
        inspect_and_clean(data, name="field.heic")
    assert time.perf_counter() - start < 2
    return refused.type


def test_a_plain_and_a_tiled_photo_are_taken() -> None:
    for data, size in (
        (FIELD, (4000, 4000)),
        (heic([PLAIN], PROPERTIES, DATA), (4000, 4000)),
        (tiled(1, 2, (8000, 4000)), (8000, 4000)),
    ):
        photo = inspect_and_clean(data, name="field.heic")
        assert (photo.source_width, photo.source_height) == size
        assert photos.is_near(photos.colour(photo.image), (100, 120, 30))


def test_an_item_that_lies_on_the_same_bytes_many_times_is_refused() -> None:
    blob = b"\x00\x00\x00\x00MM" + bytes(9_000_000)
    exif = [Item(2, b"Exif", [(len(DATA), len(blob))] * 30)]
    assert refusal(heic([PLAIN, *exif], PROPERTIES, DATA + blob, [(b"cdsc", 2, [1])])) is PhotoTooComplex
    many = [Item(number + 2, b"Exif", [(len(DATA), len(blob))]) for number in range(900)]
    assert refusal(heic([PLAIN, *many], PROPERTIES, DATA + blob)) is PhotoTooComplex


def test_a_grid_that_decodes_more_than_it_shows_is_refused() -> None:
    assert refusal(tiled(20, 40, (64, 64))) is PhotoTooComplex
    assert refusal(tiled(20, 40, (12_000, 4_000))) is PhotoTooComplex


def test_a_grid_of_one_tile_over_and_over_is_refused() -> None:
    assert refusal(tiled(3, 3, (12_000, 4_000), tiles=1)) is PhotoTooComplex


def test_containers_within_containers_are_refused() -> None:
    assert refusal(tiled(1, 2, (8000, 4000), kind=b"grid")) is PhotoTooComplex
    itself = heic(
        [Item(1, b"grid", [(len(DATA), 12)], (1,))],
        PROPERTIES,
        DATA + grid(1, 2, 8000, 4000),
        [(b"dimg", 1, [1, 1])],
    )
    assert refusal(itself) is PhotoTooComplex


@pytest.mark.parametrize("kind", [b"iovl", b"iden", b"unci", b"av01", b"jpeg", b"j2k1", b"mski", b"vvc1"])
def test_kinds_of_items_no_phone_writes_are_refused(kind: bytes) -> None:
    data = heic([PLAIN, Item(2, kind, WHOLE, (1, 2))], PROPERTIES, DATA, [(b"dimg", 2, [1] * 60)])
    assert refusal(data) is PhotoTooComplex


@pytest.mark.parametrize("turn", [b"irot", b"imir"])
def test_a_picture_turned_over_and_over_is_refused(turn: bytes) -> None:
    once = replace(PLAIN, properties=(1, 2, 3))
    often = replace(PLAIN, properties=(1, 2, *[3] * 200))
    properties = [*PROPERTIES, box(turn, b"\x01")]
    assert inspect_and_clean(heic([once], properties, DATA), name="").width == 2000
    assert refusal(heic([often], properties, DATA)) is PhotoTooComplex


def test_a_second_table_that_could_hide_behind_the_first_is_refused() -> None:
    second = full(b"iinf", b"\x00\x01" + full(b"infe", b"\x00\x01\x00\x00iovl\x00", 2))
    assert refusal(heic([PLAIN], PROPERTIES, DATA, twice=second)) is PhotoTooComplex


def test_a_size_stated_smaller_than_coded_is_not_believed() -> None:
    assert refusal(heic([PLAIN], [ispe(40_000, 40_000), CODE], DATA)) is PhotoTooManyPixels
    with pytest.raises(PhotoBroken):
        inspect_and_clean(heic([PLAIN], [ispe(64, 64), CODE], DATA), name="")


def test_thousands_of_boxes_are_refused() -> None:
    assert refusal(FIELD + box(b"free", b"") * 1_200_000) is PhotoTooComplex
    many = [Item(number + 2, b"hvc1", WHOLE, (1, 2)) for number in range(5_000)]
    assert refusal(heic([PLAIN, *many], PROPERTIES, DATA)) is PhotoTooComplex


def unwalked(data: bytes) -> Header:
    """Return a header as if the walk over the boxes had let the file pass."""
    return Header(PhotoKind.HEIC, 4000, 4000, data)


def test_a_decoder_that_works_too_long_is_stopped_by_the_clock() -> None:
    slow = tiled(20, 40, (12_000, 4_000))  # 52 seconds of work in 40 kB, measured
    start = time.perf_counter()
    with pytest.raises(PhotoTooComplex):
        paint_apart(unwalked(slow), replace(DEFAULT_LIMITS, heic_seconds=1))
    assert time.perf_counter() - start < 8


def test_a_decoder_that_wants_too_much_memory_is_refused_it() -> None:
    tight = replace(DEFAULT_LIMITS, heic_memory_bytes=120 * 1024 * 1024)
    with pytest.raises((PhotoBroken, PhotoTooComplex)):
        paint_apart(unwalked(FIELD), tight)
    assert paint_apart(unwalked(FIELD), DEFAULT_LIMITS).image.size == (2000, 2000)


def test_the_child_sees_none_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, object] = {}

    def run(_command: list[str], **given: object) -> object:
        seen.update(given)
        raise OSError

    monkeypatch.setenv("HUYING_SECRET_KEY", "SECRET")
    monkeypatch.setattr("huying.intake.media.apart.subprocess.run", run)
    with pytest.raises(PhotoRefusal) as refused:
        paint_apart(unwalked(FIELD), DEFAULT_LIMITS)
    assert refused.value.reason.key == "photos_busy"
    assert refused.value.reason.retry
    assert set(seen["env"]) == {"PYTHONPATH"}  # type: ignore[call-overload] # a mapping, as we gave it


@pytest.mark.parametrize("share", range(1, 40))
def test_a_damaged_photo_is_refused_or_taken_but_never_breaks_the_door(share: int) -> None:
    damaged = bytearray(photos.HEIC)
    for at in range(share, 600, 40):
        damaged[at] ^= 0x55
    try:
        photo = inspect_and_clean(bytes(damaged), name="", limits=PhotoLimits(heic_seconds=2))
    except PhotoRefusal:
        return
    assert Image.open(io.BytesIO(photo.image)).size == (photo.width, photo.height)
