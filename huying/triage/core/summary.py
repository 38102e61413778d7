"""One line for the desk out of a long text: its own words, who wants what where, at most forty characters."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

LONGEST: Final = 40
GAP: Final = "…"
_READ_CHARS: Final = 600
_STOP: Final = re.compile(
    r"[。！？；!?;\n\r]+|[，,、：:](?![0-9])|\s{2,}|(?<=[\u4e00-\u9fa5])\s+(?=[\u4e00-\u9fa5])"
)
_TRIM: Final = " \t\u3000.,，。、：:;；!！?？“”\"'"
_POLITE: Final = re.compile(
    r"尊敬的|亲爱的|各位|敬爱的|领导|书记|市长|区长|镇长|局长|主任|你们?好|您们?好|大家好|早上好|下午好|晚上好|谢谢|感谢|感激"
    r"|打扰|辛苦|了|麻烦|拜托|请问|在吗|有人吗|哈喽|hello|hi|嗨|喂|嗯|啊|呢|哦|好的|投诉|举报|反映|反应|咨询|求助|建议|诉求"
    r"|问题|情况|一下|我要?|我想|想|要|有个?|个|事情?|帮忙|帮帮|帮|您|你|们|的|和|及|关于|相关|有关|部门|政府|工作人员|同志|们|在|是"
    r"|望|盼|期待|回复|答复|解决|处理|重视|尽快|早日|为盼|此致|敬礼|请|希望|能|给|予|恳|求|非常|十分|急|重要|标题|无题|主题",
    re.IGNORECASE,
)
_LEAST_MATTER: Final = 2
"""So many different characters are left of a clause that says anything, when courtesy is taken away."""
# What stands before the matter in a clause.
_LEAD_IN: Final = re.compile(
    r"^(?:主题|标题|留言|事由)?(?:我们?|本人|现在?|特此?|今天?|在此|这里)*(?:想|要|来)*(?:向(?:您|你|贵\w|领导|政府|有关部门))?"
    r"(?:实名)?(?:反映|反应|说)(?:的是|一下|一个)?(?:问题|情况)?(?:是|如下)?|^(?:但是|而且|所以|因此|并且|然后|就是|那么|还有|另外|同时)"
)
_TROUBLE: Final = re.compile(
    r"不亮|不通|不开|不让|不给|不退|不管|不见|不到|不足|不合理|没人|没有|没水|没电|无法|无人|坏|堵|漏|脏|臭|吵|噪|扰民|占|破|断|停[水电气]|欠|拖|骗|违"
    r"|假|乱|危险|塌|裂|塞|拥挤|污染|垃圾|退[款费钱]|拒|未|烂|陷|掉|倒|偷|打人|涨价|收费|太少|太差|太慢|太大|难|积水|油烟|异味|施工|涨|超标|跑路|延期"
)
_WANT: Final = re.compile(
    r"希望|请求|要求|建议|能否|可否|能不能|是否|何时|什么时候|^(?:怎么|如何|我?要?投诉|实?名?举报)|恳请|想问|想知道|请(?!问$)|咨询|吗$"
)
_PLACE: Final = re.compile(
    r"[路街道巷村镇乡](?!理|德|歉|民|长|人)|小区|花园|广场|大厦|公园|社区|学校|小学|中学|幼儿园|医院|地铁|站|市场|工地|楼|栋|门口|路口|桥|公司"
)
_BACKGROUND: Final = re.compile(
    r"《|根据|规定|为了|作为|随着|由于|众所周知|我们?是|居住在|工作在|家在|读完|大环境|众多|本人是|我叫|我家住|家住|年来|自从|国家|依法"
)
_VAGUE: Final = re.compile(
    r"^(?:这|那|他们?|她们?|它|其|该|此|对此|请问$|如果|虽然|因为|不知道|导致|造成|甚至|以上|直到|生怕|伙同|其中|二是|三是|后来|之后|只能|只是|期间|现在|所以|并|而|但|也|还|就|却|并)"
)
_NUMBERS: Final = re.compile(
    r"[0-9*＊０-９][0-9*＊０-９ \-－]{5,}[0-9*＊０-９]|[〇零一幺二两三四五六七八九]{7}|@"
)


@dataclass(frozen=True, slots=True)
class _Clause:
    """The words at [start, end) of the text, and how much they say."""

    start: int
    end: int
    weight: float


def summarise(text: str, *, limit: int = LONGEST) -> str:
    """Return the line for a text: pieces of it in their order, with "…" where something was left out.

    At most `limit` characters; "" when the text says nothing. Whoever publishes the line has masked the
    text before; what still looks like a number to reach somebody is left out all the same.
    """
    part = text[:_READ_CHARS]
    clauses = _clauses(part)
    if not clauses:
        return ""
    best = max(range(len(clauses)), key=lambda place: (clauses[place].weight, -place))
    first = last = best
    start, end = clauses[best].start, clauses[best].end
    if end - start > limit:
        return _cut(part[start:end], limit)
    while first and clauses[first - 1].weight > 0 and _adjoins(clauses[first - 1], clauses[first], part):
        if end - clauses[first - 1].start > limit:
            break
        first -= 1
        start = clauses[first].start
    while last + 1 < len(clauses) and _adjoins(clauses[last], clauses[last + 1], part):
        if clauses[last + 1].weight <= 0 or clauses[last + 1].end - start > limit:
            break
        last += 1
        end = clauses[last].end
    return _with_wish(part, clauses[last + 1 :], part[start:end], limit)


def is_poor(title: str, text: str) -> bool:
    """Return whether a title tells nothing: none, only courtesy, or how the text begins, cut off."""
    title, text = title.strip(), text.strip()
    if len(set(_POLITE.sub("", _plain(title)))) < _LEAST_MATTER:
        return True
    rest = text.removeprefix(title)
    return text.startswith(title) and bool(rest) and not _STOP.match(rest) and title[-1] not in _TRIM


def line_of(title: str, text: str) -> str:
    """Return what a list shows for an appeal: its title, or the line made of its text where that is poor."""
    if not is_poor(title, text):
        return title
    return summarise(text) or title or text.replace("\n", " ")[:LONGEST]


def _plain(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum())


def _clauses(part: str) -> list[_Clause]:
    """Return the clauses that say something, in order."""
    found: list[_Clause] = []
    counts = Counter(pairwise(part))
    at = 0
    for stop in [*_STOP.finditer(part), None]:
        start, end = at, stop.start() if stop else len(part)
        at = stop.end() if stop else end
        lead = _LEAD_IN.match(part[start:end])
        start += lead.end() if lead else 0
        while start < end and part[start] in _TRIM:
            start += 1
        while end > start and part[end - 1] in _TRIM:
            end -= 1
        words = part[start:end]
        if _says_something(words):
            found.append(_Clause(start, end, _weight(words, len(found), counts)))
    return found


def _says_something(words: str) -> bool:
    return not _NUMBERS.search(words) and len(set(_POLITE.sub("", _plain(words)))) >= _LEAST_MATTER


def _weight(words: str, place: int, counts: Counter[tuple[str, str]]) -> float:
    """Return how much a clause says: early, of what the text keeps coming back to, with trouble and place."""
    weight = 3.0 / (1 + place * 0.35) + _repeats(words, counts)
    weight += 2.5 if _TROUBLE.search(words) else 0.0
    weight += 1.0 if _WANT.search(words) else 0.0
    weight += 1.5 if _PLACE.search(words) else 0.0
    weight -= 2.0 if _BACKGROUND.search(words) else 0.0
    weight -= 2.0 if words.count("（") + words.count("(") != words.count("）") + words.count(")") else 0.0
    weight -= 3.0 if words.startswith(("谢谢", "感谢")) else 0.0
    weight -= 1.0 if _VAGUE.search(words) else 0.0
    return weight - (0.5 if len(words) > LONGEST else 0.0)


def _repeats(words: str, counts: Counter[tuple[str, str]]) -> float:
    """Return how often the pieces of a clause come again in the text, on average, at most 1.5 times."""
    pieces = set(pairwise(words))
    again = sum(min(counts[piece], 4) - 1 for piece in pieces)
    return min(1.5, 1.5 * again / max(len(pieces), 6))


def _adjoins(one: _Clause, other: _Clause, part: str) -> bool:
    """Return whether nothing but marks of the same sentence stands between two clauses."""
    return set(part[one.end : other.start]) <= set("，,、 ：:")


def _with_wish(part: str, later: list[_Clause], line: str, limit: int) -> str:
    """Return the line with the first wish that comes after it, where there is room for it."""
    if _WANT.search(line):
        return line
    for clause in later:
        words = part[clause.start : clause.end]
        if _WANT.search(words) and not _VAGUE.search(words) and len(line) + len(GAP) + len(words) <= limit:
            return f"{line}{GAP}{words}"
    return line


def _cut(words: str, limit: int) -> str:
    return words if len(words) <= limit else words[: limit - len(GAP)] + GAP
