"""What somebody at the upload door would try next: small files that want much time or memory."""

import random
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest
from PIL import Image

from huying.intake.media import DEFAULT_LIMITS, PhotoRefusal, inspect_and_clean
from huying.intake.media.photo import read_header
from huying.intake.tests import photos

pytestmark = pytest.mark.slow
JPEG = photos.written(photos.lamp(), "JPEG")
PNG = photos.written(photos.lamp(), "PNG")
WEBP = photos.written(photos.lamp(), "WEBP")
SCAN = JPEG.index(b"\xff\xda")
BOMB = zlib.compress(bytes(50_000_000), 9)
ROW = zlib.compressobj(9)
ENDLESS = b"".join(ROW.compress(bytes(1_000_000)) for _ in range(200)) + ROW.flush()


def outcome(data: bytes, within_seconds: float) -> str:
    """Return `taken` or the reason key, found within the time (five times what was measured)."""
    assert len(data) <= DEFAULT_LIMITS.file_bytes
    start = time.perf_counter()
    try:
        inspect_and_clean(data, name="x")
    except PhotoRefusal as refusal:
        result = refusal.reason.key
    else:
        result = "taken"
    assert time.perf_counter() - start < within_seconds
    return result


def scanned_often(times: int) -> bytes:
    """Return a progressive JPEG of 16 megapixels whose heaviest scan is sent again and again."""
    flat = Image.new("RGB", (4000, 4000), (120, 90, 200))
    data = photos.written(flat, "JPEG", progressive=True, subsampling=0, quality=50)
    start = data.index(b"\xff\xda")
    scans = [b"\xff\xda" + part for part in data[start:-2].split(b"\xff\xda")[1:]]
    return data[:-2] + scans[0] * times + b"\xff\xd9"


@pytest.mark.parametrize(
    "chunk",
    [
        photos.chunk(b"zTXt", b"k\x00\x00" + BOMB),
        photos.chunk(b"iTXt", b"k\x00\x01\x00\x00\x00" + BOMB),
        photos.chunk(b"iCCP", b"k\x00\x00" + BOMB),
        photos.chunk(b"tEXt", b"k\x00" + bytes(4_000_000)),
    ],
)
def test_a_text_or_profile_that_unfolds_to_megabytes_is_passed_over(chunk: bytes) -> None:
    assert outcome(photos.with_chunks(PNG, *[chunk] * 2), 1) == "taken"


def test_thousands_of_profiles_are_not_unfolded_one_by_one() -> None:
    profile = photos.chunk(b"iCCP", b"k\x00\x00" + zlib.compress(bytes(1_000_000), 9))
    assert outcome(photos.with_chunks(PNG, *[profile] * 9_000), 1) == "taken"  # 18 s before this was fixed


def test_more_chunks_than_a_picture_needs_are_refused() -> None:
    assert outcome(photos.with_chunks(PNG, *[photos.chunk(b"abCd", b"")] * 800_000), 1) == "photo_too_complex"


def test_picture_data_that_goes_on_after_the_last_row_is_not_unfolded() -> None:
    head = struct.pack(">IIBBBBB", 64, 64, 8, 0, 0, 0, 0)
    parts = photos.chunk(b"IHDR", head), photos.chunk(b"IDAT", ENDLESS), photos.chunk(b"IEND", b"")
    assert outcome(b"\x89PNG\r\n\x1a\n" + b"".join(parts), 1) == "taken"


def test_more_segments_than_a_camera_writes_are_refused() -> None:
    assert outcome(photos.with_segments(JPEG, *[(0xE5, b"")] * 2_000_000), 1) == "photo_too_complex"
    assert outcome(photos.with_segments(JPEG, *[(0xE5, bytes(9_000))] * 900), 1) == "taken"


def test_a_picture_sent_in_thousands_of_passes_is_refused() -> None:
    assert outcome(scanned_often(100), 1) == "photo_too_complex"
    assert outcome(scanned_often(50), 8) == "taken"


@pytest.mark.parametrize("filler", [b"\xff\xd0", b"\xff\x00", b"\xff\xff", b"\x00\x00"])
def test_endless_filler_in_the_coded_data_costs_little(filler: bytes) -> None:
    assert outcome(JPEG[: SCAN + 14] + filler * 4_900_000 + b"\xff\xd9", 3) == "taken"


def test_endless_fill_bytes_before_a_marker_cost_little() -> None:
    assert outcome(JPEG[:2] + b"\xff" * 9_900_000 + JPEG[3:], 1) == "taken"


@pytest.mark.parametrize("marker", [0xC3, 0xC5, 0xC9, 0xCA, 0xCC, 0xDC, 0xDE])
def test_coding_that_cameras_do_not_write_is_refused(marker: int) -> None:
    at = JPEG.index(b"\xff\xc0")
    assert outcome(JPEG[:at] + bytes((0xFF, marker)) + JPEG[at + 2 :], 1) == "photo_broken"


def test_a_second_picture_size_behind_the_first_is_refused() -> None:
    at = JPEG.index(b"\xff\xc0")
    frame = JPEG[at : at + 19]
    assert (
        outcome(
            JPEG[:at] + frame + frame[:5] + struct.pack(">HH", 60_000, 60_000) + frame[9:] + JPEG[at + 19 :],
            1,
        )
        == "photo_broken"
    )


def test_an_animation_of_thousands_of_frames_decodes_its_first_only() -> None:
    frames = [Image.new("RGB", (4, 4), (number % 256, number // 256, 0)) for number in range(2_000)]
    options = {"save_all": True, "append_images": frames[1:], "lossless": True}
    assert outcome(photos.written(frames[0], "WEBP", **options), 1) == "taken"


def test_more_chunks_than_an_animation_needs_are_refused() -> None:
    junk = b"junk\x00\x00\x00\x00" * 1_200_000
    size = struct.pack("<I", len(WEBP) - 8 + len(junk))
    assert outcome(WEBP[:4] + size + WEBP[8:] + junk, 1) == "photo_too_complex"


def test_the_size_of_a_webp_is_that_of_its_frame_not_of_the_canvas_it_claims() -> None:
    canvas = b"VP8X" + struct.pack("<I", 10) + bytes(4) + (16_000_000).to_bytes(3, "little") * 2
    body = b"WEBP" + canvas + WEBP[12:]
    header = read_header(b"RIFF" + struct.pack("<I", len(body)) + body)
    assert (header.width, header.height) == (640, 480)
    assert b"VP8X" not in header.picture


def entry(tag: int, kind: int, count: int, value: int) -> bytes:
    """Return one entry of a TIFF directory."""
    return struct.pack("<HHII", tag, kind, count, value)


@pytest.mark.parametrize(
    "block",
    [
        struct.pack("<H", 2) + entry(0x8825, 4, 1, 8) + entry(0x8769, 4, 1, 8),
        struct.pack("<H", 2) + entry(0x8825, 4, 2**32 - 1, 8) + entry(0x8769, 2, 2**32 - 16, 8),
        struct.pack("<H", 65_535) + entry(0x8769, 4, 1, 8) * 5_400,
        struct.pack("<H", 5_000) + b"".join(entry(tag, 5, 7_000, 10) for tag in range(5_000)),
        struct.pack("<H", 65_535) + b"".join(entry(tag, 5, 30_000, 10) for tag in range(65_535)),
    ],
    ids=["pointing at itself", "endless", "too short", "unfolding", "unfolding, large"],
)
def test_an_exif_block_that_circles_or_unfolds_costs_the_hints_only(block: bytes) -> None:
    data = photos.with_chunks(PNG, photos.chunk(b"eXIf", b"II*\x00\x08\x00\x00\x00" + block))
    assert outcome(data, 2) == "taken"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_damaged_photos_are_refused_or_taken_but_never_break_the_door(kind: str) -> None:
    whole = photos.written(photos.lamp((80, 60)), kind, exif=photos.exif())
    chance = random.Random(7)  # noqa: S311 (the same damage every time)
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        assert outcome(bytes(damaged), 2) in {
            "taken",
            "photo_broken",
            "photo_type_unknown",
            "photo_too_complex",
            "photo_too_many_pixels",
        }


MEASURE = """
import resource, sys
from huying.intake.media import inspect_and_clean
data = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
inspect_and_clean(data, name="x")
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def megabytes(data: bytes) -> int:
    """Return by how much the memory of a fresh process rises to take the photo."""
    path = ":".join(str(Path(entry).absolute()) for entry in sys.path)
    done = subprocess.run(  # noqa: S603 (our own text)
        [sys.executable, "-c", MEASURE], input=data, capture_output=True, env={"PYTHONPATH": path}, check=True
    )
    return int(done.stdout)


def test_the_heaviest_photos_allowed_stay_within_the_memory_they_may_have() -> None:
    deep = photos.blank_png(7_070, 7_070, depth=16, colour=6, samples=4)
    assert megabytes(deep) < 350  # 250 measured
    lamp = photos.lamp((5_000, 5_000))
    assert megabytes(photos.written(lamp, "WEBP", method=0, quality=5)) < 480  # 385 measured
    assert (
        megabytes(photos.written(lamp.convert("CMYK"), "JPEG", progressive=True, quality=30)) < 320
    )  # 220 measured
