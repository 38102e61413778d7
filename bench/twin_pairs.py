"""Pairs of appeals known to be of one matter, or of two: from real messages, the demo town and written pairs.

How real pairs are judged is told in `docs/how-to/twins.md`: title and named place say whether
two messages are twins, the comparison is given their bodies. Nothing of the data is kept.
"""

from __future__ import annotations

import csv
import itertools
import random
import re
import zlib
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from huying.triage.core.concepts import concepts_of
from huying.triage.core.signature import Signature, similarity
from huying.triage.core.twins import DEFAULT_POLICY, TwinInput
from huying.triage.tests.starter import starter_model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

MESSAGES: Final = Path(__file__).parents[2] / "shared" / "data" / "appeals-zh" / "messages_4326.csv"
WRITTEN: Final = Path(__file__).parents[1] / "huying/triage/tests/twin_pairs.txt"
TOWN: Final = ZoneInfo("Asia/Shanghai")
NOON: Final = datetime(2026, 3, 2, 12, tzinfo=TOWN)
LAT, LON = 22.6, 114.3
_ENDINGS = (
    "小区|花园|新城|公寓|广场|家园|花苑|雅苑|华府|豪庭|名邸|公馆|国际|学校|小学|中学|滨河苑"
    "|之城|蓝湾|壹城|世纪城|公园|城|苑|府|湾|园|村|路|大道|医院|公司|社区|物流园"
)
_NAMED = re.compile(rf"[\u4e00-\u9fa5]{{2,10}}?(?:{_ENDINGS})")
_BEFORE_A_NAME = re.compile(r".*(?:[区市县镇道路路的在对反映投诉咨询请问关于建议举报位于]|经开区)")
# Named by many messages, a word like "the estate" or "the school" is no name.
_NO_NAMES = frozenset(
    {"小区", "居民小区", "住宅小区", "学校", "小学", "中学", "广场", "公园", "幼儿园", "国际",
     "有限公司", "物业公司", "燃气公司", "性幼儿园", "实验学校", "培训学校", "商业广场"}
)  # fmt: skip
SAME_TITLE = 0.45
MOST_A_PLACE = 40  # pairs: two places were the talk of a whole summer
# What a title complains of; noise and pollution alone are effects that many causes have.
_CAUSES: Final = tuple(
    re.compile(words)
    for words in (
        "搅拌",
        "捆绑|绑定|强买|搭售|车位",
        "油烟|烟道|烟管|夜宵|烧烤|餐饮|饭店",
        "施工|工地|打桩|渣土",
        "停车|违停",
        "停水|断水|供水|水压|水质|二次供水",
        "停电|供电|电改|跳闸",
        "学区|入学|学位|招生|划片",
        "学费|收费|费用|涨价",
        "地铁|轻轨|城轨",
        "公交|公交车",
        "医院|门诊|医疗",
        "物业|业委会",
        "电梯",
        "房产证|不动产权|办证",
        "拆迁|征收|补偿|安置",
        "交房|烂尾|延期|逾期",
        "虚假|欺诈|欺骗|诈骗",
        "坑洼|破损|路面|修路|道路",
        "红绿灯|信号灯|拥堵|堵车|人行道|天桥",
        "垃圾|环境卫生|脏",
        "违建|违章|加建|搭建",
        "规划|公园",
        "消防|火灾|隐患",
        "广场舞|音响|唱歌|酒吧",
        "公积金|社保|工资",
        "补课|培训|食堂|幼儿园",
        "燃气|天然气|暖气",
        "围栏|围墙|门禁|道闸",
        "渗水|漏水|质量|开裂",
        "流浪|养狗|犬",
        "麻将|赌",
    )
)


@dataclass(frozen=True)
class Pair:
    """Two appeals and the truth. `learning` says that the weights may be fitted on it."""

    source: str
    kind: str
    learning: bool
    later: TwinInput
    earlier: TwinInput
    same: bool


def appeals(told: Sequence[tuple[str, str, datetime, tuple[str, ...]]]) -> list[TwinInput]:
    """Return appeals as the pipe would mark them, from (key, text, moment, path of the area)."""
    model, groups = starter_model()
    found = []
    for (key, text, at, path), guess in zip(
        told, model.predict_many([text for _, text, _, _ in told], limit=1), strict=True
    ):
        code = guess[0].code if guess else None
        found.append(
            TwinInput(
                key, code, groups[code] if code else None, None, None, path, at,
                Signature.of(text), concepts_of(text),
            )
        )  # fmt: skip
    return found


def _half(key: str) -> bool:
    return zlib.crc32(key.encode()) % 2 == 0


def written_pairs() -> Iterator[Pair]:
    """Yield the written pairs: told of spots thirty metres apart, a day apart; odd lines teach."""
    lines = [line for line in WRITTEN.read_text(encoding="utf-8").splitlines() if line[:1] in "=!"]
    told = []
    for number, line in enumerate(lines):
        one, other = line[2:].split(" | ")
        told += [(f"{number}b", other, NOON, ()), (f"{number}a", one, NOON - timedelta(days=1), ())]
    placed = [
        replace(one, lat=LAT + (0.00027 if n % 2 else 0), lon=LON) for n, one in enumerate(appeals(told))
    ]
    for number, line in enumerate(lines):
        later, earlier = placed[2 * number : 2 * number + 2]
        yield Pair("written", line[0], number % 2 == 0, later, earlier, line[0] == "=")


def town_pairs() -> Iterator[Pair]:
    """Yield pairs of the demo town's voices: one matter in several words, and what else is near then."""
    from huying.demo.town.build import build_town

    rows = [row for row in build_town(until=date(2026, 3, 2)).appeals if row.lat is not None]
    rows.sort(key=lambda row: row.received_at)
    marked = appeals([(row.key, row.text, row.received_at, (row.area,)) for row in rows])
    placed = [replace(one, lat=row.lat, lon=row.lon) for one, row in zip(marked, rows, strict=True)]
    seen: set[str] = set()
    for (earlier, before), (later, after) in itertools.combinations(zip(placed, rows, strict=True), 2):
        if after.received_at - before.received_at > DEFAULT_POLICY.window or not _near(earlier, later):
            continue
        said = "".join(sorted((before.text, after.text)))
        same = bool(before.matter) and _story(before.matter) == _story(after.matter)
        # The same item by chance at the same spot: whether it is one incident, nobody wrote down.
        if said in seen or (not same and before.item == after.item):
            continue
        seen.add(said)
        kind = "one matter" if same else "same place, other matter"
        yield Pair("town", kind, _half(before.matter or before.area), later, earlier, same)


def _story(matter: str) -> str:
    """Return the incident: a rising matter is cut into cases of nine voices, all of one cause."""
    return matter if matter.startswith("twin-") else matter.rpartition("-")[0]


def _near(a: TwinInput, b: TwinInput) -> bool:
    return abs((a.lat or 0) - (b.lat or 0)) < 0.00135 and abs((a.lon or 0) - (b.lon or 0)) < 0.00145


def real_pairs(messages: Path = MESSAGES) -> Iterator[Pair]:
    """Yield pairs of real messages; those whose titles are neither alike nor unlike are left out."""
    with messages.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    names = _names([row["留言主题"] for row in rows])
    told, heads, titles, places = [], [], [], []
    for row in rows:
        title, body = row["留言主题"].strip(), " ".join(row["留言详情"].split())
        place = names(title)
        if place and len(body) >= 12:
            told.append((row["留言编号"], body, _moment(row["留言时间"]), ("D", "S", "C", "B", place)))
            titles.append(Signature.of(re.sub(rf"[A-Z]\d*[市区县]|{place}|{_ENDINGS}", "", title)))
            heads.append(title.replace(place, ""))
            places.append(place)
    marked = appeals(told)
    by_place: dict[str, list[int]] = defaultdict(list)
    for number, place in enumerate(places):
        by_place[place].append(number)
    dice = random.Random(4326)
    for place, numbers in by_place.items():
        judged: dict[bool, list[Pair]] = {True: [], False: []}
        for a, b in itertools.combinations(sorted(numbers, key=lambda n: marked[n].at), 2):
            if marked[b].at - marked[a].at > DEFAULT_POLICY.window:
                continue
            likeness = similarity(titles[a], titles[b])
            same = _one_cause(heads[a], heads[b], likeness, marked[a], marked[b])
            if same is not None:
                kind = "repeated matter" if same else "same place, other cause"
                judged[same].append(Pair("real", kind, _half(place), marked[b], marked[a], same))
        for pairs in judged.values():
            yield from dice.sample(pairs, min(len(pairs), MOST_A_PLACE))
    yield from _elsewhere(marked, titles, places)


def _one_cause(a: str, b: str, titles: float, one: TwinInput, other: TwinInput) -> bool | None:
    """Return whether two messages of one place are of one cause by their titles; None where it is unclear."""
    if similarity(one.signature, other.signature) >= 0.85 or titles >= SAME_TITLE:
        return True  # a near-duplicate, whatever it is headed, or a repeated title
    of_a, of_b = ({n for n, cause in enumerate(_CAUSES) if cause.search(title)} for title in (a, b))
    if not of_a or not of_b:
        return None
    if of_a == of_b:
        return True
    return None if of_a & of_b else False


def _elsewhere(
    marked: Sequence[TwinInput], titles: Sequence[Signature], places: Sequence[str]
) -> Iterator[Pair]:
    """Yield the same cause at another place, and the same group of items elsewhere in the same week."""
    dice = random.Random(33)
    for _ in range(200_000):
        a, b = sorted(dice.sample(range(len(marked)), 2), key=lambda n: marked[n].at)
        one, other = marked[a], marked[b]
        if places[a] == places[b] or other.at - one.at > DEFAULT_POLICY.window:
            continue
        cause = similarity(titles[a], titles[b]) >= SAME_TITLE
        if (cause or one.level2 == other.level2) and similarity(one.signature, other.signature) < 0.6:
            kind = "same cause, other place" if cause else "same group and week, other place"
            yield Pair("real", kind, _half(places[a]), other, one, same=False)


def _names(titles: Iterable[str]) -> Callable[[str], str]:
    """Return what finds the named place of a title: with an ending of places, named twice or more."""
    counts: Counter[str] = Counter()

    def candidates(title: str) -> list[str]:
        found = []
        for match in _NAMED.finditer(title):
            name = _BEFORE_A_NAME.sub("", match.group())
            tails = [name[n:] for n in range(len(name)) if len(name) - n > 3 or (n == 0 and len(name) > 2)]
            found += [tail for tail in tails if tail not in _NO_NAMES]
        return found

    for title in titles:
        counts.update(set(candidates(title)))

    def name_of(title: str) -> str:
        known = [name for name in candidates(title) if counts[name] > 1]
        return max(known, key=lambda name: (counts[name], len(name)), default="")

    return name_of


def _moment(text: str) -> datetime:
    for form in ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M"):
        try:
            return datetime.strptime(text.strip(), form).replace(tzinfo=TOWN)
        except ValueError:
            continue
    raise ValueError(text)
