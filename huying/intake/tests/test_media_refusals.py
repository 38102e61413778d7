"""Photos that are refused, each with its reason, and hostile ones that are taken without their load."""

import io
import os
import struct
import zipfile
import zlib

import pytest
from PIL import Image

from huying.intake.media import DEFAULT_LIMITS, PhotoLimits, PhotoRefusal, inspect_and_clean
from huying.intake.tests import photos

JPEG = photos.written(photos.lamp(), "JPEG")
PNG = photos.written(photos.lamp(), "PNG")
WEBP = photos.written(photos.lamp(), "WEBP")
FILES = {"jpeg": JPEG, "png": PNG, "webp": WEBP, "heic": photos.HEIC}


def refusal(data: bytes, name: str = "lamp.jpg", limits: PhotoLimits = DEFAULT_LIMITS) -> str:
    """Return the reason key for which a photo is refused."""
    with pytest.raises(PhotoRefusal) as refused:
        inspect_and_clean(data, name=name, limits=limits)
    assert refused.value.field == "photos"
    assert refused.value.details["name"] == name
    assert "{" not in refused.value.sentence
    return refused.value.reason.key


def zipped(size: int = 1000) -> bytes:
    """Return a zip file with one member of zeros."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("PAYLOAD.txt", bytes(size))
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("bomb.jpg", zipped(30_000_000)),
        ("setup.png", b"MZ\x90\x00" + os.urandom(500)),
        ("tool.jpg", b"\x7fELF" + os.urandom(500)),
        ("lamp.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("lamp.jpg", b"<!DOCTYPE html><script>alert(1)</script>"),
        ("lamp.gif", photos.written(photos.lamp(), "GIF")),
        ("lamp.tiff", photos.written(photos.lamp(), "TIFF")),
        ("lamp.jpg", photos.written(photos.lamp(), "BMP")),
        ("lamp.heic", photos.written(photos.lamp(), "AVIF")),
        ("lamp.jpg", photos.written(photos.lamp(), "PPM")),
        ("lamp.jpg", b"%!PS-Adobe-3.0 EPSF-3.0\n"),
        ("lamp.pdf", b"%PDF-1.7\n" + JPEG),
        ("x", b"\xff"),
        ("film.heic", struct.pack(">I", 20) + b"ftypqt  \x00\x00\x00\x00qt  " + bytes(40)),
        ("lamp.jpg", b"\x00" + JPEG),
    ],
)
def test_what_is_no_photo_is_refused_whatever_it_is_called(name: str, data: bytes) -> None:
    assert refusal(data, name) == "photo_type_unknown"


@pytest.mark.parametrize("kind", FILES)
def test_a_photo_under_a_false_name_is_taken_for_what_it_is(kind: str) -> None:
    photo = inspect_and_clean(FILES[kind], name="lamp.exe")
    assert photo.kind == kind


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"") == "photo_empty"


def test_ten_megabytes_are_taken_and_one_byte_more_is_refused() -> None:
    most = DEFAULT_LIMITS.file_bytes
    full = JPEG + bytes(most - len(JPEG))
    assert inspect_and_clean(full, name="lamp.jpg").source_bytes == 10 * 1024 * 1024
    assert refusal(full + b"\x00") == "photo_too_large"


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.999])
def test_a_photo_cut_short_is_refused_wherever_it_is_cut(kind: str, share: float) -> None:
    data = FILES[kind][: int(len(FILES[kind]) * share)]
    assert refusal(data) in {"photo_broken", "photo_type_unknown"}


@pytest.mark.parametrize(
    "size",
    [(40_000, 40_000), (40_000, 10), (10, 40_000), (8_000, 8_000), (12_001, 1), (2**31 - 1, 2**31 - 1)],
)
def test_a_picture_of_too_many_pixels_is_refused_by_its_header(size: tuple[int, int]) -> None:
    head = struct.pack(">IIBBBBB", *size, 1, 0, 0, 0, 0)
    parts = [
        photos.chunk(b"IHDR", head),
        photos.chunk(b"IDAT", zlib.compress(bytes(9))),
        photos.chunk(b"IEND", b""),
    ]
    assert refusal(b"\x89PNG\r\n\x1a\n" + b"".join(parts)) == "photo_too_many_pixels"


def test_a_whole_picture_of_forty_thousand_pixels_a_side_is_refused() -> None:
    assert refusal(photos.blank_png(40_000, 40_000)) == "photo_too_many_pixels"


def test_too_many_pixels_are_refused_in_every_kind() -> None:
    at = JPEG.index(b"\xff\xc0") + 5
    assert refusal(JPEG[:at] + struct.pack(">HH", 40_000, 40_000) + JPEG[at + 4 :]) == "photo_too_many_pixels"
    at = WEBP.index(b"\x9d\x01\x2a") + 3
    assert refusal(WEBP[:at] + struct.pack("<HH", 16_383, 16_383) + WEBP[at + 4 :]) == "photo_too_many_pixels"
    at = photos.HEIC.index(b"ispe") + 8
    wide = photos.HEIC[:at] + struct.pack(">II", 40_000, 40_000) + photos.HEIC[at + 8 :]
    assert refusal(wide) == "photo_too_many_pixels"


LOADS = {
    "zip": zipped(),
    "html": b"<!DOCTYPE html><html><script>alert('PAYLOAD')</script></html>",
    "js": b"*/;alert('PAYLOAD');/*",
    "php": b"<?php system('PAYLOAD'); ?>",
    "jar": b"PK\x03\x04PAYLOAD-JAR",
    "pdf": b"%PDF-1.7 PAYLOAD",
}


@pytest.mark.parametrize("load", LOADS)
@pytest.mark.parametrize("kind", FILES)
def test_what_is_appended_to_a_photo_does_not_come_out(kind: str, load: str) -> None:
    photo = inspect_and_clean(
        FILES[kind] + (b"" if kind != "heic" else b"\x00\x00\x00\x00free") + LOADS[load], name="x"
    )
    for data in (photo.image, photo.thumbnail):
        assert LOADS[load] not in data
        assert b"PAYLOAD" not in data
        assert b"PK\x03\x04" not in data
        assert data.endswith(b"\xff\xd9")
        assert not zipfile.is_zipfile(io.BytesIO(data))


@pytest.mark.parametrize("load", LOADS)
def test_what_is_hidden_in_segments_and_chunks_does_not_come_out(load: str) -> None:
    body = LOADS[load]
    hidden = [
        photos.with_segments(
            JPEG,
            (0xFE, body),
            (0xED, b"Photoshop 3.0\x00" + body),
            (0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + body),
        ),
        photos.with_chunks(
            PNG,
            photos.chunk(b"tEXt", b"k\x00" + body),
            photos.chunk(b"iTXt", b"XML:com.adobe.xmp\x00\x00\x00\x00\x00" + body),
        ),
        photos.with_chunks(
            PNG, photos.chunk(b"pRVt", body), photos.chunk(b"zTXt", b"k\x00\x00" + zlib.compress(body))
        ),
    ]
    for data in hidden:
        photo = inspect_and_clean(data, name="x")
        assert body not in photo.image + photo.thumbnail
        assert b"PAYLOAD" not in photo.image + photo.thumbnail


def test_a_load_written_into_the_pixels_does_not_survive_the_painting_anew() -> None:
    load = b"<?=system($_GET[0]);?>??" * 64  # 32 rows of 16 pixels
    rows = b"".join(b"\x00" + load[at : at + 48] for at in range(0, len(load), 48))
    head = photos.chunk(b"IHDR", struct.pack(">IIBBBBB", 16, 32, 8, 2, 0, 0, 0))
    data = photos.chunk(b"IDAT", zlib.compress(rows, 0))
    stored = b"\x89PNG\r\n\x1a\n" + head + data + photos.chunk(b"IEND", b"")
    assert b"<?=system" in stored
    photo = inspect_and_clean(stored, name="x.php.png")
    assert b"<?=" not in photo.image + photo.thumbnail


def test_of_a_file_with_several_pictures_only_the_first_is_kept() -> None:
    second = Image.new("RGB", (640, 480), (0, 200, 0))
    data = photos.written(photos.lamp(), "MPO", save_all=True, append_images=[second])
    photo = inspect_and_clean(data, name="both.jpg")
    assert photos.is_near(photos.colour(photo.image), (220, 30, 30))
    assert photo.image.count(b"\xff\xd8\xff") == 1


def test_a_wrong_checksum_in_a_png_is_refused() -> None:
    at = PNG.index(b"IDAT") + 30
    assert refusal(PNG[:at] + bytes((PNG[at] ^ 1,)) + PNG[at + 1 :]) == "photo_broken"
