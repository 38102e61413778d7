"""Gives a matter the words of people: a title one of them wrote, its place, and what it is about."""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from .hotspots_names import HAN, LETTERED, bare

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .hotspots_told import Telling

# What makes a noun of "complain" and "report": 投诉电话, 举报箱.
_NO_MORE: Final = "(?!无门|电话|热线|渠道|信箱|窗口|平台|箱|机|件|单|率|书|人(?![行员民家群]))"
_OPENING: Final = re.compile(
    "^(?:强烈|坚决|再次|第[一二三四五六七八九十]次|实名|我要|请问|请求|恳请|希望|关于|对于|有关|投诉|举报|反映|反应|咨询|询问|建议|请|对|给)+"
    f"{_NO_MORE}(?=.{{6}})"
)
# Who calls, perhaps with what they asked for, and that they call: 来电人（要求保密）反映, 陈女士致电称.
_CALLER: Final = re.compile(
    "^(?:(?:我是|本人)?(?:一位|一名|某|有|多位|多名|匿名|热心)?"
    "(?:来电人|诉求人|投诉人|反映人|举报人|来访人|当事人|市民|居民|群众|网友|业主|住户|村民|商户|家长|"
    "[\u4e00-\u9fff]?(?:先生|女士|小姐))(?:[\u4e00-\u9fff](?:先生|女士|小姐))?"
    "(?:[（(【\\[][^（）()【】\\[\\]]{1,16}[）)】\\]])?(?:通过[^，,：:]{2,10})?"
    "(?:(?:多次|再次|第[一二三四五六七八九十]次)?(?:来电|致电|来信|来访|来函|拨打热线|电话)){0,1}"
    "(?:多次|再次|持续)?(?:反映|反应|投诉|举报|反馈|表示|诉称|称|说|咨询|询问|求助|建议)"
    "|(?:来电|来信|来访)(?:反映|投诉|举报|咨询|求助))"
    f"{_NO_MORE}[：:，,、\\s]*(?=.{{4}})"
)
_CLOSING: Final = re.compile("(?:的?(?:投诉|咨询|疑问|举报|建议|反映|问题|情况)|[？?！!。.，,、\\s])+$")
_MASKED_CITY: Final = re.compile("[A-Z]市(?=[A-Z]\\d+[区县])")
# Words that tell where, when or how much, and never what.
_NO_CAUSE: Final = re.compile(
    "附近|周边|旁边|对面|门口|门前|一带|沿线|路段|[以之]?[东南西北][部侧边面]|以[东南西北]|号线|[一二三四五六七八九十]+[期区栋楼]|"
    "十?几年|多年|长期|近期|目前|至今|存在|属于|范畴|加快|尽快|力度|严重|影响|导致|相关|有关|如期"
)
_SHORT, _LONG = 8, 26
_NAMED_SHARE: Final = 0.3
_WORD: Final = 0.9  # a word beside a name
_WIDENED_SHARE: Final = 0.6
_WORDS: Final = 3
_ROOT: Final = 4  # letters in which bike and bikes, dump and dumped agree
_SAID_BY: Final = 0.3  # a word of the title that fewer members use does not speak for all


class Place(NamedTuple):
    """Where a matter is: the name to show, and the share of its members that speak of it."""

    name: str
    share: float


def place_of(members: Sequence[Telling], weights: Mapping[str, float]) -> Place:
    """Return the place or object most members speak of, by the weights of the matter's keys.

    A code or street stands before a name; a word no dictionary knows is widened to the run of characters
    people wrote around it (车贷 in 58车贷).
    """
    count = len(members)
    codes = [key for key in weights if key.startswith("c:")]
    if codes:
        loudest = max(codes, key=lambda key: (weights[key], key))[2:]
        return Place(loudest, sum(loudest in one.place_codes for one in members) / count)
    texts = [one.title + " " + one.text for one in members]
    found = [
        (weight * share * (1.0 if key.startswith("n:") else _WORD), share, key)
        for key, weight in weights.items()
        if key[:2] in {"n:", "w:"}
        and (share := sum(key[2:] in text for text in texts) / count) >= _NAMED_SHARE
    ]
    if not found:
        return Place("", 0.0)
    _, share, key = max(found)
    return Place(key[2:] if key.startswith("n:") else bare(_widened(key[2:], texts)), share)


def _widened(word: str, texts: Sequence[str]) -> str:
    """Return a word with the characters that most people write before and behind it."""
    while len(word) <= _SHORT:
        found = [(text, text.find(word)) for text in texts if word in text]
        before = Counter(text[at - 1 : at] for text, at in found)
        behind = Counter(text[at + len(word) : at + len(word) + 1] for text, at in found)
        enough = _WIDENED_SHARE * len(found)
        (left, lefts), (right, rights) = before.most_common(1)[0], behind.most_common(1)[0]
        if left.isalnum() and lefts > enough:
            word = left + word
        elif right.isalnum() and rights > enough:
            word += right
        else:
            break
    return word


def title_of(members: Sequence[Telling], place: str) -> str:
    """Return a title one of the members wrote, trimmed, that says what most say, with the place in it.

    Where no title has a word of the category (many only name the house), the category stands for it.
    """
    titles = [trimmed(one.title or one.text[:_LONG]) for one in members]
    usual = set(_pieces(place))
    said = [set(_pieces(title)) - usual for title in titles]
    shared = Counter(piece for pieces in said for piece in pieces)
    category = Counter(one.category for one in members).most_common(1)[0][0]
    about = set(_pieces(category))
    ranked = [
        (_speaks_for(title, pieces, shared), place in title, title)
        for title, pieces in zip(titles, said, strict=True)
        if not category or about & pieces or HAN.search(title)
    ]
    best = max(ranked)[2] if ranked else category.split(" - ")[0]
    if not place or place.lower() in best.lower():
        return best
    return f"{place}：{best}" if HAN.search(best) else f"{place}: {best}"


def trimmed(title: str) -> str:
    """Return a title without the words of petition around its matter."""
    said = _CALLER.sub("", _MASKED_CITY.sub("", title.strip()))
    return _CLOSING.sub("", _OPENING.sub("", said)) or title.strip()


def _pieces(title: str) -> list[str]:
    if HAN.search(title):
        return ["".join(pair) for pair in pairwise(LETTERED.sub("", title))]
    return [word[:_ROOT] for word in re.findall("[a-z]{3,}", title.lower())]


def _speaks_for(title: str, pieces: set[str], shared: Counter[str]) -> float:
    """Return how well a title speaks for all: what of it others say too, neither too short nor too long."""
    common = sum(shared[piece] - 1 for piece in pieces)
    size = max(1.0, len(title) if HAN.search(title) else len(title) / 3)
    fit = min(1.0, size / _SHORT) * min(1.0, _LONG / size)
    return round(fit * common / math.pow(len(pieces) + 4, 0.6), 6)


def category_of(members: Sequence[Telling], words: Mapping[str, float], place: str) -> str:
    """Return the category most members were given, else the words that tell the cause, loudest first."""
    given = Counter(one.category for one in members if one.category)
    if given:
        return max(given.items(), key=lambda item: (item[1], item[0]))[0]
    told: list[str] = []
    for word, _ in sorted(words.items(), key=lambda item: (-item[1], -len(item[0]), item[0])):
        if len(word) < 2 or word in place or _NO_CAUSE.fullmatch(word):  # noqa: PLR2004 - a character
            continue
        if not any(word in one or one in word for one in told):
            told.append(word)
        if len(told) == _WORDS:
            break
    return "、".join(told) if any(HAN.search(word) for word in told) else ", ".join(told)
