"""Watermarks, who took this out and when: a picture behind a sheet, a line of text, a page's background."""

from __future__ import annotations

import html
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from datetime import datetime

SHANGHAI = ZoneInfo("Asia/Shanghai")
# A grey that a printed or photographed sheet still shows, and that leaves text readable (contrast above 7:1).
_GREY = (120, 120, 120, 60)
_SLANT_DEGREES = 24
_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "/Library/Fonts")
_FONT_WORDS = ("notosanscjk", "notosanssc", "sourcehan", "wqy", "pingfang", "heiti", "songti", "hiragino")


def watermark_text(name: str, *, at: datetime, purpose: str = "") -> str:
    """Return the line every copy carries: who, when (Shanghai time), and what for."""
    moment = at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    return " · ".join(part for part in (name, moment, purpose) if part)


@lru_cache(maxsize=1)
def _chinese_font() -> str | None:
    files = (path for folder in _FONT_FOLDERS for path in sorted(Path(folder).rglob("*.[ot]t[fc]")))
    return next((str(path) for path in files if any(word in path.name.lower() for word in _FONT_WORDS)), None)


def make_watermark_png(text: str, *, width: int = 1200, height: int = 800, size: int = 28) -> bytes:
    """Return a transparent PNG with `text` slanted over it again and again; sizes in pixels.

    Without a Chinese typeface on the machine Chinese characters show as boxes; the line of text that goes
    with every copy (`watermark_text`) still says who it was.
    """
    path = _chinese_font()
    font = ImageFont.truetype(path, size) if path else ImageFont.load_default(size)
    side = int((width**2 + height**2) ** 0.5) + 1
    sheet = Image.new("RGBA", (side, side), (255, 255, 255, 0))
    draw = ImageDraw.Draw(sheet)
    step_x, step_y = int(draw.textlength(text, font=font)) + size * 4, size * 6
    for row, top in enumerate(range(0, side, step_y)):
        for left in range(-(row % 2) * step_x // 2, side, step_x):
            draw.text((left, top), text, font=font, fill=_GREY)
    slanted = sheet.rotate(_SLANT_DEGREES, resample=Image.Resampling.BICUBIC)
    left, top = (side - width) // 2, (side - height) // 2
    out = BytesIO()
    slanted.crop((left, top, left + width, top + height)).save(out, "PNG", optimize=True)
    return out.getvalue()


def watermark_svg(text: str, *, dark: bool = False) -> str:
    """Return a tile for the background of a page as an SVG picture; the text is escaped.

    Served as a file of our own, so that the strict content policy allows it.
    """
    colour = "#fff" if dark else "#000"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="420" height="220">'
        f'<text x="10" y="150" transform="rotate(-{_SLANT_DEGREES} 10 150)" fill="{colour}" '
        f'fill-opacity=".09" font-family="sans-serif" font-size="16">{html.escape(text)}</text></svg>'
    )
