"""Kinds of places said without a name: 地铁站A口, 新村12栋, 菜市场门口; which of the town's can be meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from huying.places.core.parts import parts_at

if TYPE_CHECKING:
    from huying.places.core.lexicon import Lexicon

# What people say, and the endings of the names it may stand for; the longest fits first.
_SAID: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(("地铁站", "地铁口", "地铁"), ("地铁站",)),
    **dict.fromkeys(("菜市场", "农贸市场", "市场", "街市"), ("市场", "街市")),
    **dict.fromkeys(("社康中心", "社康"), ("社康中心",)),
    **dict.fromkeys(("党群服务中心", "党群中心"), ("党群服务中心",)),
    **dict.fromkeys(("垃圾转运站", "转运站", "垃圾站"), ("转运站",)),
    **dict.fromkeys(("人民医院", "医院"), ("医院",)),
    **{
        said: (said,)
        for said in (
            "新村", "旧村", "老村", "老围", "花园", "家园", "公寓", "大厦", "广场", "工业区", "工业园",
            "产业园", "科技园", "创意园", "小学", "中学", "幼儿园", "公园", "图书馆", "水库", "码头",
            "水闸", "变电站",
            "消防站", "派出所", "体育中心", "步行街", "商业街", "公交总站", "污水处理站", "办事处",
        )
    },
}  # fmt: skip
# Further down a kind of place is mostly said in passing.
_EARLY_CHARACTERS = 60
# Behind another character they are the end of some name that is not in the gazetteer.
_BARE: Final = re.compile(
    "(?:(?<=[,的在到去从和与跟这那个家住是于里近我们])|^)(?P<said>"
    + "|".join(sorted(_SAID, key=lambda said: (-len(said), said)))
    + ")"
)


def possible_places(lexicon: Lexicon, folded: str, hint: int | None) -> list[int]:
    """Return the rows of every place a kind said without a name may mean, in order of id; within the hint.

    Empty where no kind is said. With a building number behind it, the buildings of that number are meant.
    """
    for found in _BARE.finditer(folded[:_EARLY_CHARACTERS]):
        endings = _SAID[found["said"]]
        rows = [
            row
            for row, entry in enumerate(lexicon.entries)
            if entry.kind in {"estate", "facility"}
            and lexicon.folded[row].endswith(endings)
            and (hint is None or lexicon.within(row, hint))
        ]
        parts = parts_at(folded, found.end())
        key = parts.parts.building_key if parts else ""
        if key:
            rows = [building for row in rows for building in lexicon.buildings(row, key)]
        if rows:
            return sorted(rows, key=lambda row: lexicon.entries[row].id)
    return []
