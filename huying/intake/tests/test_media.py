"""Photos that are taken: what comes out is upright, in sRGB, scaled down and holds nothing but pixels."""

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from PIL import Image, ImageCms
from PIL.TiffImagePlugin import IFDRational

from huying.intake.media import (
    PhotoHints,
    PhotoKind,
    PhotosBusy,
    PhotoTooMany,
    check_count,
    harmless_name,
    inspect_and_clean,
)
from huying.intake.media import photo as door
from huying.intake.media.photo import read_header
from huying.intake.tests import photos

RED, BLUE, WHITE = (220, 30, 30), (40, 90, 200), (255, 255, 255)
KINDS = {
    PhotoKind.JPEG: photos.written(photos.lamp(), "JPEG", exif=photos.exif()),
    PhotoKind.PNG: photos.written(photos.lamp(), "PNG", exif=photos.exif()),
    PhotoKind.WEBP: photos.written(photos.lamp(), "WEBP", exif=photos.exif()),
    PhotoKind.HEIC: photos.HEIC,
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_photo_comes_out_as_a_plain_jpeg_with_a_thumbnail(kind: PhotoKind) -> None:
    data = KINDS[kind]
    photo = inspect_and_clean(data, name="lamp")
    image, thumbnail = photos.reopened(photo.image), photos.reopened(photo.thumbnail)
    assert photo.kind is kind
    assert (image.mode, image.size) == ("RGB", (photo.width, photo.height))
    assert thumbnail.size == (photo.thumbnail_width, photo.thumbnail_height)
    assert max(thumbnail.size) <= 480
    assert photo.sha256 == hashlib.sha256(photo.image).hexdigest()
    assert photo.source_sha256 == hashlib.sha256(data).hexdigest()
    assert photo.source_bytes == len(data)


@pytest.mark.parametrize("kind", KINDS)
def test_place_and_time_are_offered_before_they_are_dropped(kind: PhotoKind) -> None:
    hints = inspect_and_clean(KINDS[kind], name="lamp").hints
    taken_at = datetime(2025, 3, 4, 9, 10, 11, tzinfo=timezone(timedelta(hours=8)))
    assert hints == PhotoHints(photos.LAT, photos.LON, taken_at)


@pytest.mark.parametrize("kind", KINDS)
def test_no_metadata_is_left_in_what_is_kept(kind: PhotoKind) -> None:
    photo = inspect_and_clean(KINDS[kind], name="lamp")
    for data in (photo.image, photo.thumbnail):
        image = photos.reopened(data)
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert b"SECRET" not in data
        assert photos.TAKEN.encode() not in data


def test_a_large_photo_is_scaled_down_and_a_small_one_left_its_size() -> None:
    large = inspect_and_clean(photos.written(photos.lamp((5000, 2500)), "JPEG"), name="large")
    small = inspect_and_clean(photos.written(photos.lamp((30, 20)), "PNG"), name="small")
    assert (large.width, large.height, large.source_width, large.source_height) == (2048, 1024, 5000, 2500)
    assert (small.width, small.height, small.thumbnail_width) == (30, 20, 30)
    assert photos.is_near(photos.colour(large.image), RED)
    assert photos.is_near(photos.colour(large.image, (0.75, 0.75)), BLUE)


@pytest.mark.parametrize("size", [(4097, 3), (3, 4097), (4032, 3024), (6145, 4099), (1, 1), (2049, 2047)])
def test_odd_sizes_keep_their_shape(size: tuple[int, int]) -> None:
    photo = inspect_and_clean(photos.written(photos.lamp(size), "PNG"), name="odd")
    scale = max(photo.width, photo.height) / max(size)
    assert 1920 <= max(photo.width, photo.height) <= 2048 or scale == 1
    assert abs(photo.width - size[0] * scale) <= 1
    assert abs(photo.height - size[1] * scale) <= 1


@pytest.mark.parametrize(
    ("orientation", "red_corner"),
    [(1, (0, 0)), (2, (1, 0)), (3, (1, 1)), (4, (0, 1)), (5, (0, 0)), (6, (1, 0)), (7, (1, 1)), (8, (0, 1))],
)
def test_the_picture_is_turned_as_the_phone_was_held(orientation: int, red_corner: tuple[int, int]) -> None:
    data = photos.written(photos.lamp(), "JPEG", exif=photos.exif(orientation=orientation))
    photo = inspect_and_clean(data, name="lamp.jpg")
    place = (0.25 + red_corner[0] / 2, 0.25 + red_corner[1] / 2)
    assert (photo.width, photo.height) == ((640, 480) if orientation < 5 else (480, 640))
    assert photos.is_near(photos.colour(photo.image, place), RED)


def test_a_heic_photo_is_turned_once_and_not_again_by_its_exif() -> None:
    photo = inspect_and_clean(photos.HEIC, name="lamp.heic")
    assert (photo.width, photo.height) == (240, 320)
    assert photos.is_near(photos.colour(photo.image, (0.1, 0.5)), (90, 90, 90), within=25)  # the ground, left


@pytest.mark.parametrize(
    ("form", "mode"),
    [
        *(("PNG", mode) for mode in ("L", "LA", "P", "1", "RGB", "RGBA", "I;16")),
        *(("JPEG", mode) for mode in ("L", "RGB", "CMYK")),
        *(("WEBP", mode) for mode in ("L", "LA", "RGB", "RGBA")),
    ],
)
def test_every_colour_model_becomes_plain_rgb(form: str, mode: str) -> None:
    grey = Image.new("I;16", (64, 64), 0x8000)
    image = grey if mode == "I;16" else photos.lamp((64, 64)).convert(mode)
    photo = inspect_and_clean(photos.written(image, form), name="lamp")
    wanted = {"RGB": RED, "RGBA": RED, "CMYK": RED, "P": RED, "I;16": (128, 128, 128)}.get(mode, (87, 87, 87))
    assert photos.reopened(photo.image).mode == "RGB"
    if mode != "1":  # dithered to black and white points
        assert photos.is_near(photos.colour(photo.image), wanted, within=24)


def test_sixteen_bits_of_colour_become_eight() -> None:
    data = photos.blank_png(64, 64, depth=16, colour=2, samples=3)
    assert photos.is_near(photos.colour(inspect_and_clean(data, name="deep").image), (0, 0, 0))


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_what_is_transparent_is_shown_on_white(form: str) -> None:
    image = photos.lamp((64, 64), "RGBA")
    image.putalpha(Image.new("L", (64, 64), 0))
    assert photos.is_near(photos.colour(inspect_and_clean(photos.written(image, form), name="").image), WHITE)
    palette = Image.new("P", (64, 64), 3)
    palette.putpalette([0, 0, 0] * 256)
    data = photos.written(palette, "PNG", transparency=3)
    assert photos.is_near(photos.colour(inspect_and_clean(data, name="").image), WHITE)


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_of_an_animation_the_first_frame_is_kept(form: str) -> None:
    frames = [Image.new("RGB", (64, 64), shade) for shade in (RED, BLUE, (0, 0, 0))]
    data = photos.written(
        frames[0], form, save_all=True, append_images=frames[1:], duration=100, lossless=True
    )
    photo = inspect_and_clean(data, name="film")
    assert photos.is_near(photos.colour(photo.image), RED)


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_colour_profile_is_applied_and_then_gone(form: str) -> None:
    swapped = SRGB.replace(b"rXYZ", b"....").replace(b"bXYZ", b"rXYZ").replace(b"....", b"bXYZ")
    for profile, seen in ((SRGB, RED), (swapped, (30, 30, 220))):
        data = photos.written(Image.new("RGB", (64, 64), RED), form, icc_profile=profile)
        photo = inspect_and_clean(data, name="")
        assert photos.is_near(photos.colour(photo.image), seen)
        assert b"ICC_PROFILE" not in photo.image
        assert b"acsp" not in photo.image


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_colour_profile_that_is_broken_or_of_another_model_is_ignored(form: str) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for profile in (lab, b"nonsense" * 30, SRGB[:200], SRGB[:16] + b"CMYK" + SRGB[20:]):
        data = photos.written(Image.new("RGB", (64, 64), RED), form, icc_profile=profile)
        assert photos.is_near(photos.colour(inspect_and_clean(data, name="").image), RED)


def test_the_same_upload_gives_the_same_bytes_again() -> None:
    data = KINDS[PhotoKind.JPEG]
    assert inspect_and_clean(data, name="one.jpg").sha256 == inspect_and_clean(data, name="two.png").sha256


def test_a_progressive_photo_is_taken() -> None:
    data = photos.written(photos.lamp(), "JPEG", progressive=True)
    assert photos.is_near(photos.colour(inspect_and_clean(data, name="").image), RED)


@pytest.mark.parametrize(
    "nonsense",
    [
        {"lat": (95.0, 0.0, 0.0)},
        {"lon": (181.0, 0.0, 0.0)},
        {"lat": (22.0, 75.0, 0.0)},
        {"lat": (0.0, 0.0, 0.0), "lon": (0.0, 0.0, 0.0)},
        {"lat": (22.0, 32.0)},
        {"sides": ("X", "E")},
        {"lat": (IFDRational(0, 0), IFDRational(0, 1), IFDRational(0, 1))},
    ],
)
def test_an_impossible_place_is_no_hint_and_the_photo_is_still_taken(nonsense: dict[str, object]) -> None:
    block = photos.exif(**nonsense)  # type: ignore[arg-type] # nonsense on purpose
    hints = inspect_and_clean(photos.written(photos.lamp(), "JPEG", exif=block), name="").hints
    assert (hints.lat, hints.lon) == (None, None)
    assert hints.taken_at is not None


def test_the_southern_and_western_halves_are_negative() -> None:
    block = photos.exif(sides=("S", "W"))
    hints = inspect_and_clean(photos.written(photos.lamp(), "JPEG", exif=block), name="").hints
    assert (hints.lat, hints.lon) == (-photos.LAT, -photos.LON)


def test_a_time_without_offset_is_the_town_s_and_nonsense_is_none() -> None:
    now = datetime(2025, 6, 1, tzinfo=UTC)

    def taken(said: str, offset: str = "") -> datetime | None:
        block = photos.exif(taken=said, offset=offset)
        return inspect_and_clean(
            photos.written(photos.lamp((8, 8)), "JPEG", exif=block), name="", at=now
        ).hints.taken_at

    assert taken(photos.TAKEN) == datetime(2025, 3, 4, 1, 10, 11, tzinfo=UTC)
    assert taken(photos.TAKEN, "+00:00") == datetime(2025, 3, 4, 9, 10, 11, tzinfo=UTC)
    assert taken(photos.TAKEN, "rubbish") == datetime(2025, 3, 4, 1, 10, 11, tzinfo=UTC)
    for nonsense in (
        "0000:00:00 00:00:00",
        "    :  :     :  :  ",
        "1970:01:01 00:00:00",
        "2031:01:01 00:00:00",
        "x",
    ):
        assert taken(nonsense) is None


@pytest.mark.parametrize(
    "block", [b"Exif\x00\x00", b"Exif\x00\x00II*\x00\xff\xff\xff\xff", b"Exif\x00\x00MM" + b"\xff" * 99]
)
def test_a_broken_exif_block_costs_the_hints_only(block: bytes) -> None:
    data = photos.with_segments(photos.written(photos.lamp(), "JPEG"), (0xE1, block))
    photo = inspect_and_clean(data, name="")
    assert photo.hints == PhotoHints()
    assert photo.width == 640


def test_up_to_nine_photos_may_come_and_no_more() -> None:
    check_count(4, 5)
    with pytest.raises(PhotoTooMany) as refused:
        check_count(4, 6)
    assert refused.value.reason.key == "photo_too_many"
    assert refused.value.details["most"] == 9


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("C:\\fakepath\\路灯.jpg", "路灯.jpg"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\n\u202egpj.exe", "abgpj.exe"),
        ("x" * 500 + ".jpg", "x" * 76 + ".jpg"),
        ("..", ""),
    ],
)
def test_a_file_name_is_made_harmless(given: str, shown: str) -> None:
    assert harmless_name(given) == shown
    assert inspect_and_clean(photos.written(photos.lamp((8, 8)), "PNG"), name=given).name == shown


def test_the_decoder_s_bytes_hold_no_metadata_either() -> None:
    for kind in (PhotoKind.JPEG, PhotoKind.PNG, PhotoKind.WEBP):
        header = read_header(KINDS[kind])
        assert b"SECRET" not in header.picture
        assert b"SECRET" in (header.exif or b"")
        Image.open(io.BytesIO(header.picture)).load()


def test_photos_sent_at_once_come_out_as_if_sent_one_by_one() -> None:
    with ThreadPoolExecutor(8) as pool:
        cleaned = list(pool.map(lambda kind: inspect_and_clean(KINDS[kind], name=""), list(KINDS) * 6))
    alone = [inspect_and_clean(KINDS[kind], name="").sha256 for kind in KINDS]
    assert [photo.sha256 for photo in cleaned] == alone * 6


def test_who_has_waited_too_long_for_the_decoder_is_asked_to_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(door, "_WAIT_SECONDS", 0.01)
    with door._DECODER, pytest.raises(PhotosBusy) as refused:
        inspect_and_clean(KINDS[PhotoKind.JPEG], name="lamp.jpg")
    assert refused.value.reason.retry
    assert inspect_and_clean(KINDS[PhotoKind.JPEG], name="lamp.jpg").width == 640
