"""The endings of Chinese place names: which belong to the name, which only say what kind of place it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from huying.places.core.entries import Kind

# Endings people leave out or add freely: 马峦街道 is 马峦, 富润乐庭小区 is 富润乐庭. The longest fits first.
_AREA_ENDINGS: Final = (
    "街道办事处", "街道办", "街道", "办事处", "社区居民委员会", "社区工作站", "社区居委会",
    "社区村委会", "社区", "居委会", "村委会", "街区", "网格", "特别行政区", "自治区", "自治州",
    "自治县", "新区", "开发区", "高新区", "省", "市", "区", "县", "镇", "乡",
)  # fmt: skip
_ESTATE_ENDINGS: Final = ("小区", "住宅区", "生活区", "宿舍区", "小区内")
# Endings that are part of the name, though people drop them when no other place has the same stem.
_STEM_ENDINGS: Final = (
    "花园", "家园", "花苑", "嘉园", "雅苑", "新苑", "名苑", "山庄", "公寓", "大厦", "广场", "新村",
    "旧村", "老村", "老围", "新居", "家苑", "苑", "村", "居",
    "工业区", "工业园", "科技园", "产业园", "创意园",
)  # fmt: skip
_ROAD_ENDINGS: Final = ("大道", "大街", "公路", "路", "街", "巷", "道", "桥", "立交")
_FACILITY_ENDINGS: Final = (
    "小学", "中学", "学校", "高中", "初中", "实验学校", "外国语学校", "幼儿园", "大学", "学院", "医院",
    "社康中心", "社康", "卫生院", "公园", "体育公园", "市场", "菜市场", "农贸市场", "地铁站", "公交站",
    "公交总站", "站", "派出所", "党群服务中心", "党群中心", "文化广场", "文化中心", "服务中心",
    "图书馆", "体育馆", "球场", "篮球场", "停车场", "水库", "河", "垃圾转运站", "转运站", "变电站",
    "消防站", "商场", "超市", "酒店", "银行", "加油站", "养老院", "敬老院", "码头", "隧道", "天桥",
)  # fmt: skip


def _longest_first(*groups: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({ending for group in groups for ending in group}, key=lambda end: (-len(end), end)))


# Endings of one administrative level in its several wordings.
_SAME_LEVEL: Final[tuple[frozenset[str], ...]] = (
    frozenset({"街道办事处", "街道办", "街道", "办事处"}),
    frozenset({"社区居民委员会", "社区工作站", "社区居委会", "社区村委会", "社区", "居委会", "村委会"}),
    frozenset({"区", "新区", "自治区"}),
)
_AREA_LONGEST: Final = _longest_first(_AREA_ENDINGS)
ALL: Final = _longest_first(_AREA_ENDINGS, _ESTATE_ENDINGS, _STEM_ENDINGS, _ROAD_ENDINGS, _FACILITY_ENDINGS)
# 路灯 and 路段 are no roads.
_NOT_A_ROAD: Final = {"路": "路(?![段口面灯边])", "街": "街(?![口边上里])"}
_ALL_PATTERN: Final = re.compile("|".join(_NOT_A_ROAD.get(ending, ending) for ending in ALL))
# One-character endings too common in running text to say anything about the word before them.
_LOOSE: Final = frozenset("站道区市河桥县乡省镇巷")

# Administrative levels by the last characters of a name, to notice an area the gazetteer does not know.
LEVEL_ENDINGS: Final = _longest_first(("省", "市", "区", "县", "镇", "乡", "街道", "社区"))
_UNKNOWN_AREA: Final = re.compile(r"[\u3400-\u9fff]{2,5}?(?P<level>街道|社区|省|市|区|县|镇|乡)$")
_NOT_A_NAME: Final = re.compile(
    "(?:我们|我|咱们|咱|本|该|此|这个|那个|这|那|所在|所属|整个|辖|的|各|全|贵|小|园|片|地|山|校|厂|城|老|新|旧|住宅|生活|工业|开发|服务)"
    "(?:街道|社区|省|市|区|县|镇|乡)$"
)

# Words that mean "beside", right behind a name.
NEAR: Final = re.compile(
    "的?(?:正|斜)?(?:对面|旁边|对过|附近|隔壁|周边|周围|邻近|一带|后面|前面|背后|旁(?!听|观)|东侧|西侧|南侧|北侧|"
    "路段|以东|以西|以南|以北|往东|往西|往南|往北|方向|左侧|右侧)"
)
# And before a name; 最近 is a time.
NEAR_BEFORE: Final = re.compile("(?:靠近|临近|邻近|毗邻|紧邻|紧挨|(?<![最附将靠临邻])近)$")
# Right before and right behind a place somebody lives or works at, or comes from.
BACKGROUND: Final = re.compile(
    "(?:我是?|本人|我们?|家)?(?:家?住在?|家在|租住在?|路过|经过|从|离开|走到|搬到)$"
)
BACKGROUND_BEHIND: Final = re.compile("(?:上班|工作|读书|上学|打工|出发|出来去)")
# Words of two characters that name many places and are everyday words too: never read without their ending.
COMMON_WORDS: Final = frozenset((
    "和平", "幸福", "团结", "建设", "人民", "文化", "体育", "平安", "友谊", "光明", "东方", "南方",
    "北方", "西方", "科技", "工业", "商业", "中心", "新村", "花园", "广场", "解放", "胜利", "民主",
    "劳动", "青年", "健康", "安全", "发展", "创新", "文明", "和谐", "美丽", "希望", "长安", "永安",
    "万象", "星光", "阳光", "春风", "太阳", "学校", "医院", "公园", "市场", "城市", "社区", "街道",
    "物业", "业主", "小区", "居民", "道路", "交通", "环境", "绿化", "停车", "公交", "地铁",
))  # fmt: skip


def short_form(name: str, kind: Kind) -> str | None:
    """Return a folded name without its generic ending (马峦街道 gives 马峦), or `None` when it has none."""
    endings = {"area": _AREA_ENDINGS, "estate": _ESTATE_ENDINGS, "building": _ESTATE_ENDINGS}.get(kind, ())
    return _without(name, endings)


def stem_form(name: str, kind: Kind) -> str | None:
    """Return a folded estate's name without an ending that belongs to it (映溪花园 gives 映溪), or `None`."""
    return _without(name, _STEM_ENDINGS) if kind in {"estate", "building"} else None


def stem_length(name: str) -> int:
    """Return how many characters stand before the generic ending of a folded name."""
    for ending in ALL:
        if name.endswith(ending) and len(name) > len(ending):
            return len(name) - len(ending)
    return len(name)


def completes(name: str, kind: Kind, ending: str, *, cut: bool) -> bool:
    """Tell whether `ending`, found right behind a name in a text, only completes it.

    `name` is the entry's folded name; `cut` says that the text held it without its own ending. 沙坣 + 居委会
    is the community 沙坣社区, 富润乐庭 + 小区 the estate of that name; 沙坣 + 小学 is something else.
    """
    if kind == "area":
        own = next((known for known in _AREA_LONGEST if name.endswith(known)), "")
        return ending == own or any(own in level and ending in level for level in _SAME_LEVEL)
    if kind not in {"estate", "building"}:
        return False
    bare = not cut and stem_length(name) == len(name)
    return ending in _ESTATE_ENDINGS or (bare and ending in _STEM_ENDINGS)


def any_ending_at(text: str, position: int) -> str:
    """Return the place ending that stands at `position` of folded text, or an empty string."""
    found = _ALL_PATTERN.match(text, position)
    return found[0] if found and found[0] not in _LOOSE else ""


def unknown_area_before(text: str, position: int, since: int = 0) -> str | None:
    """Return the level ending of an area's name between `since` and `position` of folded text, or `None`."""
    before = text[max(since, position - 8) : position]
    if _NOT_A_NAME.search(before):
        return None
    found = _UNKNOWN_AREA.search(before)
    return found["level"] if found else None


def level_ending(name: str) -> str | None:
    """Return the administrative level a folded name ends in, such as 街道, or `None`."""
    return next((ending for ending in LEVEL_ENDINGS if name.endswith(ending)), None)


def _without(name: str, endings: tuple[str, ...]) -> str | None:
    for ending in sorted(endings, key=len, reverse=True):
        if name.endswith(ending):
            rest = name[: -len(ending)]
            return rest if len(rest) >= 2 else None  # noqa: PLR2004 - one character names nothing
    return None
