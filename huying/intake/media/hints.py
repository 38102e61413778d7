"""Reads where and when a photo was taken from its EXIF block, to offer as hints before it is dropped."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from PIL import ExifTags, Image

_TOWN_TIME = ZoneInfo("Asia/Shanghai")
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # a camera whose clock was never set says 1970 or 1980
_CLOCK_SLACK = timedelta(days=1)
_PARTS = 3  # degrees, minutes, seconds
_SIXTY = 60
_MOST_LATITUDE, _MOST_LONGITUDE = 90, 180


@dataclass(frozen=True, slots=True)
class PhotoHints:
    """Where and when a photo says it was taken; a hint to offer, never a fact.

    `lat` and `lon` are WGS-84 degrees (EXIF 2.32, GPS attributes), both or neither. `taken_at` is aware.
    """

    lat: float | None = None
    lon: float | None = None
    taken_at: datetime | None = None


NO_HINTS = PhotoHints()


def read_hints(exif: bytes | None, *, at: datetime | None = None) -> PhotoHints:
    """Read the hints from a bare TIFF block; what is absent, malformed or impossible is None.

    `at` is the moment of upload: a photo from later than a day after it has a wrong clock.
    """
    place, taken_at = None, None
    block = _parse(exif)
    if block is not None:
        place = _place(_directory(block, ExifTags.IFD.GPSInfo))
        taken_at = _moment(_directory(block, ExifTags.IFD.Exif), at)
    lat, lon = place or (None, None)
    return PhotoHints(lat=lat, lon=lon, taken_at=taken_at)


def read_orientation(exif: bytes | None) -> int:
    """Return the EXIF orientation, 1 (upright) to 8; 1 when absent or senseless."""
    block = _parse(exif)
    turn = block.get(ExifTags.Base.Orientation) if block is not None else None
    return turn if isinstance(turn, int) and 1 <= turn <= 8 else 1  # noqa: PLR2004 (TIFF 6.0 knows eight)


def _parse(exif: bytes | None) -> Image.Exif | None:
    if not exif or exif[:2] not in {b"II", b"MM"}:
        return None
    block = Image.Exif()
    try:
        block.load(b"Exif\x00\x00" + exif)
        block.get(ExifTags.Base.Orientation)
    except Exception:  # noqa: BLE001 (a hostile block fails in many ways, and a hint may always be absent)
        return None
    return block


def _directory(block: Image.Exif, which: ExifTags.IFD) -> dict[int, object]:
    try:
        return dict(block.get_ifd(which))
    except Exception:  # noqa: BLE001 (as above)
        return {}


def _place(gps: dict[int, object]) -> tuple[float, float] | None:
    """Return latitude and longitude; None for a void fix, an impossible one, and for 0, 0 (no fix yet)."""
    if gps.get(ExifTags.GPS.GPSStatus) == "V":
        return None
    lat = _degrees(
        gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), "NS", _MOST_LATITUDE
    )
    lon = _degrees(
        gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), "EW", _MOST_LONGITUDE
    )
    if lat is None or lon is None or (lat == 0 and lon == 0):
        return None
    return lat, lon


def _degrees(parts: object, side: object, sides: str, most: float) -> float | None:
    """Return signed degrees from degrees, minutes and seconds and the side (N or S, E or W)."""
    if not isinstance(parts, tuple) or len(parts) != _PARTS or not isinstance(side, str):
        return None
    side = side.strip("\x00 ").upper()
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    total = degrees + minutes / 60 + seconds / 3600
    sound = min(degrees, minutes, seconds) >= 0 and minutes < _SIXTY and seconds <= _SIXTY
    if side not in tuple(sides) or not math.isfinite(total) or not sound or total > most:
        return None
    return round(-total if side == sides[1] else total, 7)


def _moment(camera: dict[int, object], at: datetime | None) -> datetime | None:
    """Return DateTimeOriginal with its offset, or read in the town's time when none is given."""
    said, offset = camera.get(ExifTags.Base.DateTimeOriginal), camera.get(ExifTags.Base.OffsetTimeOriginal)
    if not isinstance(said, str):
        return None
    said = said.strip("\x00 ")
    offset = offset.strip("\x00 ") if isinstance(offset, str) else ""
    for text, form in ((said + offset, "%Y:%m:%d %H:%M:%S%z"), (said, "%Y:%m:%d %H:%M:%S")):
        try:
            moment = datetime.strptime(text, form)  # noqa: DTZ007 (made aware below)
        except ValueError:
            continue
        moment = moment if moment.tzinfo else moment.replace(tzinfo=_TOWN_TIME)
        late = at is not None and moment > at + _CLOCK_SLACK
        return None if moment < _EARLIEST or late else moment
    return None
