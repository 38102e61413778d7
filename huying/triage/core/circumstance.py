"""Reads the words around a danger phrase: whether the text denies, remembers, imagines or rehearses it."""

import re
from typing import Final, Literal, TypeAlias

Circumstance: TypeAlias = Literal["negated", "past", "imagined", "rehearsed"]

ALL: Final[frozenset[Circumstance]] = frozenset({"negated", "past", "imagined", "rehearsed"})
EXCUSES: Final[dict[str, frozenset[Circumstance]]] = {
    # Whoever speaks of harming herself or others is never explained away.
    "self_harm": frozenset(),
    "violence": frozenset({"negated", "past"}),
    # What was broken last year may still be broken.
    "falling": frozenset({"negated", "imagined", "rehearsed"}),
    "exposed_wires": frozenset({"negated", "imagined", "rehearsed"}),
    "missing_cover": frozenset({"negated", "imagined", "rehearsed"}),
    "collapse": frozenset({"negated", "imagined", "rehearsed"}),
}
"""Which circumstances excuse a phrase of which kind; other kinds: all four."""

_SENTENCE_END: Final = re.compile(r"[。!?;\n…]+")
_CLAUSE_END: Final = re.compile(r"[。!?;\n…，,、:]+")

_URGENT: Final = re.compile(
    r"救命|快来|快救|赶紧来|赶快来|立刻来|马上来|紧急|十万火急|报警了|打119|打110|打120|正在着|还在烧"
)
_NOW: Final = re.compile(
    r"现在|正在|正(?=着|冒|烧|漏)|此刻|眼下|目前|刚刚|刚才|今天|今晚|今早|今夜|昨天|昨晚|昨夜|前天|这两天|这几天|最近|近日|又|再次|"
    r"一直|至今|到现在|到今天|仍|还在|还是|还没|以来|开始|经常|总是|时常|常常|每天|天天|反复|马上|就要|快要|即将|随时|已经|持续|不断|越来越"
)
_PAST: Final = re.compile(
    r"去年|前年|大前年|上个月|上月|年前|月前|那年|当年|那时|曾经|曾(?!祖)|以前|之前|从前|过去|上次|上一次|上回|小时候|"
    r"(?:19|20)\d\d年|历史上|早年"
)
_QUESTIONED: Final = re.compile(
    r"有没有?$|是不是$|会不会$|是否(?:有|没有)?$|要不是$|难道不是$|莫不是$|怕不是$|可不是$|岂不是$|不是不$"
)
_NEGATED: Final = re.compile(
    r"(?:没有|没|未|并未|未曾|从未|从来没有?|不存在|不是|并不是|并非|绝非|无|排除|否认)"
    r"(?:再|再次|被)?(?:闻到|闻见|发现|发生|出现|看到|看见|听到|听说|产生|造成|导致|引起)?(?:过|到)?"
    r"(?:任何|有|有人|人员|人|明显的?|明显|是|所谓的?)?$"
)
_RHETORICAL: Final = re.compile(r"^[^。!?;\n，,]{0,6}(?:吗|么|嘛|是什么)")
_SUPPOSED: Final = re.compile(
    r"如果|假如|假设|倘若|倘使|要是|若是|若(?!干)|万一|一旦|假使|的话|比如|例如|好比|设想"
)
_PRESSING: Final = re.compile(r"再不|还不|再拖|不赶|不快|不马上|不及时来")
_FEARED: Final = re.compile(
    r"(?:(?<!恐)怕|担心|害怕|生怕|唯恐|就怕|担忧)(?!是)(?:会|再|又|哪天|有天|有一天|以后|将来|孩子|小孩|老人|有人|被|再次|发生)*$"
)
_PREVENTED: Final = re.compile(
    r"(?:以防|防止|预防|避免|以免|免得|谨防|严防|防范|杜绝|减少|消除|为了防|小心|当心|谨慎)"
    r"(?:再|再次|孩子|小孩|老人|居民|行人|有人|发生|出现|因|被|类似)*$"
)
_CONSEQUENCE: Final = re.compile(
    r"(?:容易|极易|很易|易|会|将|能|从而|以致|以至于)(?:再次|再)?(?:引发|引起|导致|造成|酿成|诱发)(?:严重|重大|人员|有人|行人|居民|人)?$"
)
_EASILY: Final = re.compile(r"(?:容易|极易|很易)(?:发生|出现|被)?$")
_REHEARSED: Final = re.compile(
    r"^(?:的|等|应急|事故|事件|逃生|疏散|安全|消防|自救|急救|处置|紧急|防范|预防|知识|模拟|综合|专项|联合|现场|与|和|及|、){0,5}"
    r"(?:演练|演习|训练|培训|讲座|宣传|科普|知识|预案|教育片|宣传片|宣传栏|课程|保险|理赔|报警器|探测器|险的)"
)
_DENIED_REHEARSAL: Final = re.compile(r"不是(?:在|什么)?$|并非$")
_NOTICED: Final = re.compile(r"发现|看到|看见|听到|听说")
_SHORT_SUBJECT: Final = 4
_SHORT_CLAUSE: Final = 12


def circumstance_of(folded: str, start: int, end: int, kind: str) -> Circumstance | None:
    """Return what takes the urgency out of the phrase at [start, end) of a folded text, or None.

    When in doubt None: a false alarm costs a look, a missed one may cost a life. Words of urgency
    anywhere in the sentence, or of the present in the clause, undo memory and imagination.
    """
    excused = EXCUSES.get(kind, ALL)
    before, after = _around(folded, start, end, _CLAUSE_END)
    sentence_before, sentence_after = _around(folded, start, end, _SENTENCE_END)
    if "negated" in excused and _is_negated(before, after):
        return "negated"
    if _URGENT.search(sentence_before) or _URGENT.search(sentence_after):
        return None
    if "rehearsed" in excused and _REHEARSED.search(after):
        return "rehearsed"
    if "imagined" in excused and _is_imagined(before, sentence_before):
        return "imagined"
    if "past" in excused and _is_past(before, sentence_before, sentence_after):
        return "past"
    return None


def _around(folded: str, start: int, end: int, boundary: re.Pattern[str]) -> tuple[str, str]:
    """Return what stands before and behind [start, end) up to the nearest boundaries (80 at most)."""
    before = boundary.split(folded[max(0, start - 80) : start])[-1]
    after = boundary.split(folded[end : end + 80])[0]
    return before.replace(" ", ""), after.replace(" ", "")


def _is_negated(before: str, after: str) -> bool:
    found = _NEGATED.search(before)
    if found is None or _RHETORICAL.search(after):
        return False
    if found.start() > _SHORT_SUBJECT and _NOTICED.search(found.group()):
        return False  # "the guards have not noticed that somebody is trapped" denies nothing
    return not any(_QUESTIONED.search(before[:stop]) for stop in (found.start() + 1, found.start() + 2))


def _is_imagined(before: str, sentence_before: str) -> bool:
    if _PREVENTED.search(before):
        return True
    if _NOW.search(before):
        return False
    if _FEARED.search(before) or _CONSEQUENCE.search(before) or _EASILY.search(before):
        return True
    supposed = _SUPPOSED.search(before)
    return supposed is not None and not _PRESSING.search(sentence_before)


def _is_past(before: str, sentence_before: str, sentence_after: str) -> bool:
    if _NOW.search(sentence_after) or _NOW.search(before):
        return False
    if _PAST.search(before):
        return True
    earlier = _CLAUSE_END.split(sentence_before)
    # "In March of last year, ...": a short clause that only tells the time belongs to the next one.
    return len(earlier) > 1 and len(earlier[-2]) <= _SHORT_CLAUSE and bool(_PAST.search(earlier[-2]))
