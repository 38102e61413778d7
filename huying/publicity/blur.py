"""Paints regions of a photo over for good: faces, plates, door numbers that nobody may see."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from huying.intake.media.limits import DEFAULT_LIMITS
from huying.kit.errors import Refusal
from huying.publicity.reasons import REGION_UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

# Left, top, width and height, each a share of the photo's side from 0 to 1.
Region = tuple[float, float, float, float]
# Plain paint, no mosaic: a mosaic of a plate can be read by trying all plates.
PAINT = (64, 64, 64)
MOST_REGIONS = 40
_LINE = re.compile(
    r"\s*(\d+(?:\.\d+)?)[\s,，]+(\d+(?:\.\d+)?)[\s,，]+(\d+(?:\.\d+)?)[\s,，]+(\d+(?:\.\d+)?)\s*%?\s*"
)


def read_regions(text: str) -> tuple[Region, ...]:
    """Return the regions written in a text: a line each, left, top, width, height in per cent of the photo.

    A region that reaches beyond the edge ends there. Raises Refusal `region_unreadable`.
    """
    lines = [line for line in re.split(r"[\n;；]", text) if line.strip()]
    if len(lines) > MOST_REGIONS:
        raise Refusal(REGION_UNREADABLE, field="regions")
    return tuple(_read(line) for line in lines)


def _read(line: str) -> Region:
    found = _LINE.fullmatch(line)
    if found is None:
        raise Refusal(REGION_UNREADABLE, field="regions")
    left, top, width, height = (float(number) / 100 for number in found.groups())
    if left >= 1 or top >= 1 or width <= 0 or height <= 0:
        raise Refusal(REGION_UNREADABLE, field="regions")
    return left, top, min(width, 1 - left), min(height, 1 - top)


def as_lines(regions: Sequence[Sequence[float]]) -> str:
    """Return regions as they are written in a form."""
    return "\n".join(", ".join(f"{share * 100:.1f}" for share in region) for region in regions)


def paint_over(data: bytes, regions: Sequence[Region]) -> tuple[bytes, bytes]:
    """Return the photo with these regions painted over and its thumbnail, both JPEG without metadata.

    `data` is a photo as intake keeps it: cleaned, upright, of bounded size.
    """
    with Image.open(io.BytesIO(data)) as opened:
        image = opened.convert("RGB")
    draw = ImageDraw.Draw(image)
    for left, top, width, height in regions:
        # Outwards to whole pixels: what was marked is covered to its edge.
        box = (
            int(left * image.width),
            int(top * image.height),
            min(image.width, int((left + width) * image.width) + 1),
            min(image.height, int((top + height) * image.height) + 1),
        )
        draw.rectangle(box, fill=PAINT)
    thumbnail = image.copy()
    side = DEFAULT_LIMITS.thumbnail_side
    thumbnail.thumbnail((side, side), Image.Resampling.LANCZOS)
    return _jpeg(image, DEFAULT_LIMITS.kept_quality), _jpeg(thumbnail, DEFAULT_LIMITS.thumbnail_quality)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
