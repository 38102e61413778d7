"""Finds names of estates, roads, schools, firms and the like in running text, without any gazetteer.

For towns that have none yet: a name is the words before an ending that says what it is (花园, 路, 公司),
as far back as they can belong to a name; an estate also is what stands before 3栋.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NameKind: TypeAlias = Literal["estate", "road", "school", "firm", "facility", "area"]

_ENDINGS: Final[dict[NameKind, str]] = {
    "estate": (
        "小区|花园|家园|花苑|嘉园|雅苑|新苑|名苑|苑|佳苑|豪苑|家苑|公寓|新村|旧村|老村|老围|山庄|山城|名邸|华府|华庭|雅居|名城|"
        "名都|半岛|豪庭|庄园|公馆|安置区|宿舍区|宿舍|家属院|大院|大厦|广场|工业区|工业园|产业园|科技园|创意园|别墅|小镇|中心城"
    ),
    "road": "大道|公路|高速|大桥|立交桥|立交|环路|路|大街|街(?!道)|巷|胡同|隧道",
    "school": "幼儿园|小学|中学|高中|初中|学校|大学|学院|党校",
    "firm": (
        "有限责任公司|有限公司|公司|集团|物业|酒店|宾馆|超市|饭店|酒楼|影楼|网吧|培训中心|工厂|造纸厂|水泥厂|"
        "化工厂|驾校"
    ),
    "facility": (
        "医院|卫生院|社康中心|公园|农贸市场|菜市场|市场|地铁站|火车站|汽车站|公交站|客运站|水库|码头|派出所|图书馆|体育馆|"
        "博物馆|变电站|垃圾站|转运站|加油站|党群服务中心|服务中心|养老院|敬老院|步行街|商业街|美食街|商城|商场|购物中心"
    ),
    "area": "社区|街道|镇|乡|村",
}
_KIND_OF: Final = {ending: kind for kind, endings in _ENDINGS.items() for ending in endings.split("|")}
_ENDING: Final = re.compile(
    "(?:" + "|".join(sorted(map(re.escape, _KIND_OF), key=lambda end: (-len(end), end))) + ")$"
)
_LONGEST_ENDING: Final = max(map(len, _KIND_OF))
# What right behind 路 or 村 makes another word of it: 路灯, 村民.
_ROAD_GOES_ON: Final = frozenset("灯面程况由线费标障人过径途")
_VILLAGE_GOES_ON: Final = frozenset("民长委干落庄级")
_NUMBER_BEHIND: Final = re.compile(
    r"(?:[一二三四五六七八九十\d]{1,3}期)?[A-Za-z]?[\d一二三四五六七八九十]{1,3}(?:栋|幢|号楼|座(?!位))"
)
_HAN: Final = re.compile(r"[\u3400-\u9fffA-Za-z0-9]+")
_ANY_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_LEAST_STEM, _MOST_STEM = 2, 8
_MOST_WORDS = 4
_LONGEST_NO_ROAD = 5
# Words that never belong to a name; what stands before them is no part of it.
_STOP: Final = frozenset(
    files("huying.places.core").joinpath("not_names.txt").read_text(encoding="utf-8").split()
)
# Words that end like a road and are none.
_NO_ROAD: Final = re.compile(
    "(?:线路|跑路|市政路|思路|网路|公路|铁路|道路|出路|套路|马路|电路|回路|销路|后路|上路|一路)$"
)
# Where a town is made nameless, its parts are letters: A市A3区.
_LETTERED_AREA: Final = re.compile(r"^(?:.*[A-Za-z]\d{0,3}[市区县]|[市县区镇](?=.{3}))")
# Whole names of this shape say a kind of place only.
_NO_NAME: Final = re.compile(
    "^(?:[一二三四五六七八九十几两多各全本该此贵某这那]*(?:个|条|所|家|间|座)?)?"
    "(?:小|中|大|高|新|老|旧|住宅|商业|生活|居民|公共|城市|农村|"
    "市民|人民|休闲|文化|体育|健身|普通|重点|实验|公办|民办|私立|物业|开发|建筑|房地产|房产|置业|保险|中介|装修|搬家|快递|旅游|供水|自来水|"
    "燃气|电力|公交|出租车|一般|下面|有关|相关|集资|国有|私人|个人|外资|合资|食品|医药|人力资源|劳务|科技|投资|管理|服务|网络|配套|普惠性|普惠|综合|专科|职工|市属|省属|教育|销售|集资|公益|民营|三甲|地下|大型|社会|职业|技术|基层)*$"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A name `[start, end)` found in a text, what it is by its ending, and that ("" before a number)."""

    start: int
    end: int
    text: str
    kind: NameKind
    ending: str


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str


def names_in(text: str) -> list[Named]:
    """Return the names in a text from left to right, without overlaps; always the same for a text."""
    words = list(_words(text))
    found: list[Named] = []
    for at in range(len(words)):
        since = found[-1].end if found else 0
        named = _by_ending(text, words, at, since) or _by_number(text, words, at, since)
        if named is None:
            continue
        found.append(named)
    return found


def _words(text: str) -> Iterator[_Word]:
    # Thirty megabytes of dictionary: the first text wakes it, no start of a program does.
    import rjieba

    start = 0
    for piece in rjieba.cut(text):
        yield _Word(start, start + len(piece), piece)
        start += len(piece)


def _by_ending(text: str, words: Sequence[_Word], at: int, since: int) -> Named | None:
    word = words[at]
    found = _ENDING.search(word.text[-_LONGEST_ENDING:])
    if found is None or _goes_on(text, words, at):
        return None
    ending = found[0]
    start = _past_letters(text, _reach_back(words, at, since, word.end - len(ending)), word.end)
    name = text[start : word.end]
    if _NO_ROAD.search(name) and len(name) <= _LONGEST_NO_ROAD:
        return None
    stem = name[: -len(ending)]
    if not _LEAST_STEM <= len(stem) <= _MOST_STEM or not _is_stem(stem):
        return None
    return Named(start, word.end, name, _KIND_OF[ending], ending)


def _by_number(text: str, words: Sequence[_Word], at: int, since: int) -> Named | None:
    """Return the estate whose name has no ending, before a building number: 米兰春天G2栋."""
    word = words[at]
    if not _NUMBER_BEHIND.match(text, word.end) or not _ANY_HAN.search(word.text) or word.text in _STOP:
        return None
    start = _past_letters(text, _reach_back(words, at, since, word.end), word.end)
    name = text[start : word.end]
    if not _LEAST_STEM < len(name) <= _MOST_STEM or not _is_stem(name):
        return None
    return Named(start, word.end, name, "estate", "")


def _reach_back(words: Sequence[_Word], at: int, since: int, least: int) -> int:
    """Return where the name that ends in word `at` begins: before no word that cannot belong to it."""
    start, taken = words[at].start, 1
    for word in reversed(words[:at]):
        if word.start < since or taken > _MOST_WORDS or least - word.start > _MOST_STEM:
            break
        if word.text in _STOP or not _HAN.fullmatch(word.text) or _ends_a_name(word.text):
            break
        start, taken = word.start, taken + 1
    return start


def _past_letters(text: str, start: int, end: int) -> int:
    found = _LETTERED_AREA.match(text[start:end])
    return start + found.end() if found else start


def _ends_a_name(word: str) -> bool:
    """Tell whether a word before is a place or number of its own: A3区, 联丰路, 12号."""
    return (
        bool(re.search("(?:省|市|区|县|镇|乡|街道|社区|路|大道|街|栋|号|楼|公司|局|委|政府)$", word))
        or word.isdigit()
    )


def _goes_on(text: str, words: Sequence[_Word], at: int) -> bool:
    """Tell whether what follows makes another word or a longer name of it: 路口, 小区门口 does not."""
    word = words[at]
    behind = text[word.end : word.end + 1]
    if behind and word.text.endswith("路") and behind[0] in _ROAD_GOES_ON:
        return True
    if behind and word.text.endswith(("村", "镇", "乡")) and behind[0] in _VILLAGE_GOES_ON:
        return True
    following = words[at + 1].text if at + 1 < len(words) else ""
    longer = _ENDING.fullmatch(following)
    return longer is not None and following not in {"小区", "物业", "社区"}


def _is_stem(stem: str) -> bool:
    return _NO_NAME.match(stem) is None and _ANY_HAN.search(stem) is not None and stem not in _STOP
