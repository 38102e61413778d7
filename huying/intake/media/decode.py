"""Decodes a checked photo in little memory: flattened on white, in sRGB, scaled down, turned upright."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

from PIL import Image, ImageCms
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from huying.intake.media.errors import PhotoBroken
from huying.intake.media.header import Header, PhotoKind
from huying.intake.media.hints import read_orientation
from huying.intake.media.limits import PhotoLimits

_STRIP_PIXELS = 1_000_000  # converted at a time; the copies made on the way stay this small
_OPENERS: dict[PhotoKind, Callable[[io.BytesIO], ImageFile]] = {
    PhotoKind.JPEG: JpegImageFile,
    PhotoKind.PNG: PngImageFile,
    PhotoKind.WEBP: WebPImageFile,
}
_UPRIGHT = {  # EXIF orientation (TIFF 6.0, tag 274) → the turn that undoes it
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_COLOUR_SPACES = {"L": b"GRAY", "RGB": b"RGB ", "CMYK": b"CMYK"}


@dataclass(frozen=True, slots=True)
class Painted:
    """A picture painted anew, RGB and upright, and the EXIF block its file carried."""

    image: Image.Image
    exif: bytes | None


def paint(header: Header, limits: PhotoLimits) -> Painted:
    """Decode a JPEG, PNG or WebP and paint it anew.

    A JPEG is decoded at a half, quarter or eighth where that is still enough for the photo to be kept.
    Raises PhotoBroken when the picture does not decode to the size its header states.
    """
    try:
        image = repaint(_decode(header, limits), header.icc, limits)
    except PhotoBroken:
        raise
    except Exception as error:  # decoders fail in a dozen ways on hostile bytes, all of which mean: broken
        raise PhotoBroken from error
    return Painted(upright(image, read_orientation(header.exif)), header.exif)


def _decode(header: Header, limits: PhotoLimits) -> Image.Image:
    image = _OPENERS[header.kind](io.BytesIO(header.picture))
    if image.size != (header.width, header.height):
        raise PhotoBroken
    if isinstance(image, JpegImageFile):
        image.draft(None, fit(image.size, limits.enough_side))
    image.load()
    return image


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """Undo the EXIF orientation (1 to 8)."""
    return image.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else image


def fit(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """Return the size scaled down, never up, so that its longer side is at most `longest`."""
    scale = min(1.0, longest / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def repaint(image: Image.Image, icc: bytes | None, limits: PhotoLimits) -> Image.Image:
    """Paint the picture strip by strip onto a fresh sRGB canvas of the size to be kept.

    Transparency is flattened on white, 16 bits become 8, every colour model becomes RGB (by the colour
    profile when it is sound, plainly otherwise). Nothing but pixels goes over.
    """
    factor = max(1, max(image.size) // limits.enough_side)
    width, height = image.size
    canvas = Image.new("RGB", (-(-width // factor), -(-height // factor)))
    rows = max(1, _STRIP_PIXELS // width // factor) * factor
    to_srgb = _to_srgb(_flatten(image.crop((0, 0, 1, 1))).mode, icc)
    for top in range(0, height, rows):
        strip = to_srgb(_flatten(image.crop((0, top, width, min(top + rows, height)))))
        canvas.paste(strip.reduce(factor) if factor > 1 else strip, (0, top // factor))
    if max(canvas.size) <= limits.kept_side:
        return canvas
    return canvas.resize(fit(image.size, limits.kept_side), Image.Resampling.LANCZOS)


def _flatten(image: Image.Image) -> Image.Image:
    """Return the strip as L, RGB or CMYK, eight bits, with what is transparent shown as white."""
    if image.mode.startswith("I"):
        return image.convert("I").point(_high_bytes(), "L")
    if image.mode == "RGBa":
        image = image.convert("RGBA")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        return white
    if image.mode == "1":
        return image.convert("L")
    return image if image.mode in _COLOUR_SPACES else image.convert("RGB")


@cache
def _high_bytes() -> list[int]:
    return [value >> 8 for value in range(1 << 16)]


def _to_srgb(mode: str, icc: bytes | None) -> Callable[[Image.Image], Image.Image]:
    """Return the conversion to sRGB; a profile that is unsound or of another colour model is ignored."""
    plain = partial(_convert, mode="RGB")
    if not icc or icc[16:20] != _COLOUR_SPACES[mode]:
        return plain
    try:
        transform = ImageCms.buildTransform(
            ImageCms.ImageCmsProfile(io.BytesIO(icc)), ImageCms.createProfile("sRGB"), mode, "RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return plain
    return partial(_transform, transform=transform)


def _convert(image: Image.Image, *, mode: str) -> Image.Image:
    return image.convert(mode)


def _transform(image: Image.Image, *, transform: ImageCms.ImageCmsTransform) -> Image.Image:
    return transform.apply(image)
