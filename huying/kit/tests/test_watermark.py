"""A watermark says who took a copy and when, and cannot be used to slip anything into a page."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from xml.etree import ElementTree as ET

from PIL import Image

from huying.kit.watermark import make_watermark_png, watermark_svg, watermark_text

AT = datetime(2026, 11, 27, 2, 5, tzinfo=UTC)


def test_the_line_names_who_and_when_in_town_time() -> None:
    assert watermark_text("林清", at=AT, purpose="导出") == "林清 · 2026-11-27 10:05 · 导出"


def test_the_picture_has_its_size_and_marks_all_over() -> None:
    picture = Image.open(BytesIO(make_watermark_png("Lin 2026-11-27", width=600, height=400)))
    assert (picture.size, picture.mode) == ((600, 400), "RGBA")
    for box in ((0, 0, 300, 200), (300, 0, 600, 200), (0, 200, 300, 400), (300, 200, 600, 400)):
        assert picture.crop(box).getchannel("A").getbbox()


def test_a_hostile_name_stays_text_in_the_tile() -> None:
    tile = watermark_svg("<script>alert(1)</script>&\"'")
    assert "<script>" not in tile
    root = ET.fromstring(tile)  # noqa: S314 - our own
    assert "".join(root.itertext()) == "<script>alert(1)</script>&\"'"
