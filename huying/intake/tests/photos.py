"""Real photo files of every kind, friendly and hostile, drawn and built by the tests themselves."""

import io
import struct
import zlib
from pathlib import Path

from PIL import Image, ImageDraw

HEIC = (Path(__file__).parent / "lamp.heic").read_bytes()
"""320 × 240, to be turned to 240 × 320; drawn by us, written by libheif with x265; with EXIF and XMP."""

TAKEN, OFFSET = "2025:03:04 09:10:11", "+08:00"
LAT, LON = 22.5416667, 114.06


def lamp(size: tuple[int, int] = (640, 480), mode: str = "RGB") -> Image.Image:
    """Draw a street lamp: red in the upper left quarter, blue elsewhere."""
    image = Image.new("RGB", size, (40, 90, 200))
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2, size[1] // 2), fill=(220, 30, 30))
    return image.convert(mode)


def written(image: Image.Image, form: str, **options: object) -> bytes:
    """Return the image as a file of the given form."""
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def exif(
    *,
    orientation: int = 1,
    lat: object = (22.0, 32.0, 30.0),
    lon: object = (114.0, 3.0, 36.0),
    sides: tuple[str, str] = ("N", "E"),
    taken: str = TAKEN,
    offset: str = OFFSET,
) -> bytes:
    """Return an EXIF block as a phone writes it, with a maker's name that must not get out."""
    block = Image.Exif()
    block[0x0112] = orientation
    block[0x010F] = "SECRET-MAKER"
    camera, gps = block.get_ifd(0x8769), block.get_ifd(0x8825)
    camera[0x9003] = taken
    if offset:
        camera[0x9011] = offset
    gps.update({1: sides[0], 2: lat, 3: sides[1], 4: lon})
    return block.tobytes()


def chunk(name: bytes, body: bytes) -> bytes:
    """Return one PNG chunk."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def blank_png(
    width: int, height: int, *more: bytes, depth: int = 1, colour: int = 0, samples: int = 1
) -> bytes:
    """Return a PNG of zeros, small however large it says it is, with more chunks before its data."""
    row = bytes(1 + (width * depth * samples + 7) // 8)
    packer = zlib.compressobj(1)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + b"".join(more)
        + chunk(b"IDAT", data)
        + chunk(b"IEND", b"")
    )


def with_segments(jpeg: bytes, *segments: tuple[int, bytes]) -> bytes:
    """Return the JPEG with more segments after its start marker."""
    more = b"".join(bytes((0xFF, code)) + struct.pack(">H", len(body) + 2) + body for code, body in segments)
    return jpeg[:2] + more + jpeg[2:]


def with_chunks(png: bytes, *chunks: bytes) -> bytes:
    """Return the PNG with more chunks after its header chunk."""
    return png[:33] + b"".join(chunks) + png[33:]


def reopened(data: bytes) -> Image.Image:
    """Open a cleaned photo again and load it."""
    image = Image.open(io.BytesIO(data), formats=("JPEG",))
    image.load()
    return image


def colour(data: bytes, at: tuple[float, float] = (0.25, 0.25)) -> tuple[int, ...]:
    """Return the colour at a place of a cleaned photo, given as shares of width and height."""
    image = reopened(data)
    pixel = image.getpixel((int(at[0] * image.width), int(at[1] * image.height)))
    assert isinstance(pixel, tuple)
    return pixel


def is_near(found: tuple[int, ...], wanted: tuple[int, int, int], within: int = 12) -> bool:
    """Say whether two colours look the same after JPEG."""
    return all(abs(one - other) <= within for one, other in zip(found, wanted, strict=True))
