"""What a photo's container says about itself, read before any decoder touches it."""

from dataclasses import dataclass
from enum import StrEnum

from huying.intake.media.errors import PhotoTooManyPixels
from huying.intake.media.limits import PhotoLimits


class PhotoKind(StrEnum):
    """The four kinds of photo that are taken, as their bytes show them."""

    JPEG = "jpeg"
    PNG = "png"
    HEIC = "heic"
    WEBP = "webp"


@dataclass(frozen=True, slots=True)
class Header:
    r"""One photo's container, walked and found whole.

    `width` and `height` are in stored pixels, before any orientation is applied. `picture` is the file
    without what a decoder does not need: no metadata, no further frames, nothing after the picture's end.
    `exif` is a bare TIFF block (no `Exif\0\0` in front), `icc` a colour profile; both None when absent or
    larger than the limit. `buffered` says that the decoder must hold several copies of the whole picture.
    """

    kind: PhotoKind
    width: int
    height: int
    picture: bytes
    exif: bytes | None = None
    icc: bytes | None = None
    buffered: bool = False


def check_size(header: Header, limits: PhotoLimits) -> None:
    """Refuse a picture whose stated size would cost too much to decode.

    Raises PhotoTooManyPixels.
    """
    most = limits.buffered_pixels if header.buffered else limits.pixels
    if max(header.width, header.height) > limits.side or header.width * header.height > most:
        raise PhotoTooManyPixels(
            width=header.width, height=header.height, most_side=limits.side, most_megapixels=most // 1_000_000
        )
