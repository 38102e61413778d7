"""The picture behind a list that leaves the house: who took it out and when, slanted, again and again."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.ImageFont import FreeTypeFont

# Where systems keep type with Chinese characters; the first there is, is taken.
_TYPE = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "/System/Library/Fonts/PingFang.ttc",
    "/System/Library/Fonts/STHeiti Light.ttc",
    "C:/Windows/Fonts/msyh.ttc",
    "C:/Windows/Fonts/simsun.ttc",
)
_SIZE, _GAP, _SLANT = 26, 90, 24
_WIDTH, _HEIGHT = 900, 640
_INK = (90, 44)


@lru_cache(maxsize=1)
def chinese_type() -> str:
    """Return the file of a typeface with Chinese characters on this machine; "" when there is none."""
    return next((path for path in _TYPE if Path(path).is_file()), "")


def _font() -> FreeTypeFont:
    found = chinese_type()
    if found:
        return ImageFont.truetype(found, _SIZE)
    font = ImageFont.load_default(_SIZE)
    assert isinstance(font, ImageFont.FreeTypeFont)  # noqa: S101 - Pillow ships one with every wheel
    return font


def draw_watermark(lines: Sequence[str]) -> bytes:
    """Return a PNG with the lines slanted all over, faint enough to read through.

    Without Chinese type on the machine, only what Latin letters can write is drawn (sign-in name, day,
    number): give lines of both kinds. The words themselves stand in the margins and on the cover as well.
    """
    font, latin = _font(), not chinese_type()
    told = [line.encode("ascii", "ignore").decode().strip() if latin else line for line in lines]
    words = "   ".join(line for line in told if line)
    wide = int(font.getlength(words)) + _GAP
    sheet = Image.new("LA", (_WIDTH * 2, _HEIGHT * 2), (255, 0))
    pen = ImageDraw.Draw(sheet)
    for row, top in enumerate(range(0, _HEIGHT * 2, _SIZE + _GAP)):
        for left in range(-(row % 2) * wide // 2, _WIDTH * 2, wide):
            pen.text((left, top), words, font=font, fill=_INK)
    turned = sheet.rotate(_SLANT, resample=Image.Resampling.BICUBIC)
    left, top = _WIDTH // 2, _HEIGHT // 2
    cut = turned.crop((left, top, left + _WIDTH, top + _HEIGHT))
    out = io.BytesIO()
    cut.save(out, "PNG", dpi=(96, 96), optimize=True)
    return out.getvalue()
