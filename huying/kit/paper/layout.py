"""Measures and types of an official document (GB/T 9704-2012, chapter 5), shared by every printer."""

from __future__ import annotations

from typing import Final

# Page and type area in millimetres: A4, 37 above, 28 at the binding side, 156 × 225 to write on (5.2).
PAGE_WIDTH, PAGE_HEIGHT = 210, 297
TOP, LEFT = 37, 28
AREA_WIDTH, AREA_HEIGHT = 156, 225
BOTTOM = PAGE_HEIGHT - TOP - AREA_HEIGHT
RIGHT = PAGE_WIDTH - LEFT - AREA_WIDTH

# 22 lines of 28 characters (5.2.3), in points: what a line and a character get.
POINTS_PER_MM = 72 / 25.4
LINES, CHARACTERS = 22, 28
LINE_PITCH = AREA_HEIGHT * POINTS_PER_MM / LINES
CHARACTER_PITCH = AREA_WIDTH * POINTS_PER_MM / CHARACTERS

# Sizes of Chinese type in points: 2号, 3号, 4号, and the smaller 小四 and 五号 for tables.
SIZE_TITLE, SIZE_BODY, SIZE_FOOT, SIZE_TABLE, SIZE_NOTE = 22.0, 16.0, 14.0, 12.0, 10.5
# The issuer's name in red: no larger than 22 mm × 15 mm a character; as wide as the type area allows.
SIZE_HEAD_LARGEST = 48.0

# Types a document names (7.2, 7.3); they are the reader's own, none is shipped.
FACE_TITLE: Final = "方正小标宋简体"
FACE_BODY: Final = "仿宋_GB2312"
FACE_BLACK: Final = "黑体"
FACE_KAI: Final = "楷体_GB2312"
FACE_SONG: Final = "宋体"
# What an office program may take where a type is not there.
OTHER_FACES: Final = {
    FACE_TITLE: "FZXiaoBiaoSong-B05S",
    FACE_BODY: "FangSong",
    FACE_KAI: "KaiTi",
    FACE_BLACK: "SimHei",
    FACE_SONG: "SimSun",
}
# Headings by level: 黑体, 楷体, 仿宋 bold, 仿宋 (7.3.3).
FACES_BY_LEVEL: Final = ((FACE_BLACK, False), (FACE_KAI, False), (FACE_BODY, True), (FACE_BODY, False))

RED: Final = "E60012"
# A letter's double rules are 170 mm wide: 7 mm beyond the type area on either side (10.1).
LETTER_RULE_WIDTH = 170


def head_size(text: str, widest_mm: float = AREA_WIDTH) -> float:
    """Return the size in points at which a head fits on one line, spaced out a little."""
    room = widest_mm * POINTS_PER_MM / max(len(text), 1) / 1.08
    return min(SIZE_HEAD_LARGEST, round(room, 1))
