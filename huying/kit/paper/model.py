"""A document as it is meant, before it is a file: head, title, blocks, who signs it, who gets copies."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from huying.kit.text import clean, on_one_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date


class Form(StrEnum):
    """The head a document wears (GB/T 9704-2012, chapters 7 and 10)."""

    DOCUMENT = "document"  # 文件: the issuer in red, number, red rule
    LETTER = "letter"  # 信函: the issuer in red between double rules, first page unnumbered
    BULLETIN = "bulletin"  # 简报: the name of the bulletin, its issue, issuer and day, red rule
    MINUTES = "minutes"  # 纪要: the name of the minutes, number, day; nobody signs below


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 4; its number (一、 （一） 1. （1）) is counted when it is printed."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Para:
    """A paragraph; `lead` is its first words, set apart as headings are."""

    text: str
    lead: str = ""


@dataclass(frozen=True)
class Labelled:
    """A line that begins with what it tells, as minutes list who was there (出席：…)."""

    label: str
    text: str


@dataclass(frozen=True)
class Quote:
    """Somebody's own words, and (redacted) where they come from."""

    text: str
    source: str = ""


@dataclass(frozen=True)
class Listed:
    """Points, one a line: numbered 1. 2. 3. or, unnumbered, one after another."""

    entries: tuple[str, ...]
    numbered: bool = True


@dataclass(frozen=True)
class Table:
    """A table: `widths` are shares of the width, `figures` the columns set to the right as numbers are."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    note: str = ""
    widths: tuple[float, ...] = ()
    figures: tuple[int, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A picture (PNG or JPEG), its width in millimetres, and what it shows for those who cannot see it."""

    image: bytes
    alt: str
    caption: str = ""
    width_mm: float = 140.0


Block = Heading | Para | Labelled | Quote | Listed | Table | Figure


@dataclass(frozen=True)
class Paper:
    """A document.

    `issuer` heads it (发文机关标志), for a bulletin `masthead` does and the issuer stands below it.
    `number` is the 文号, or the issue of a bulletin. `mark` stands at the upper left (a draft says so
    there). `copies_to`, `printed_by` and `printed_on` fill the record at its foot (版记). Texts are
    cleaned, so that nothing a resident wrote can break a file.
    """

    title: str
    blocks: tuple[Block, ...]
    number: str = ""
    addressee: str = ""
    signed_by: str = ""
    dated_on: date | None = None
    copies_to: tuple[str, ...] = ()
    form: Form = Form.DOCUMENT
    issuer: str = ""
    masthead: str = ""
    mark: str = ""
    annexes: tuple[str, ...] = ()
    remark: str = ""
    printed_by: str = ""
    printed_on: date | None = None
    language: str = field(default="zh-CN")


def date_in_figures(day: date) -> str:
    """Return a day as documents date it, without leading noughts (GB/T 9704-2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


_CHINESE = "零一二三四五六七八九十"
_TENS = 10
_IN_CHINESE = 2  # the upper two levels are counted in Chinese


def chinese_number(number: int) -> str:
    """Return 1 to 99 in Chinese words: 一, 十, 十一, 二十, 二十一."""
    tens, ones = divmod(number, _TENS)
    if not tens:
        return _CHINESE[ones]
    return ("" if tens == 1 else _CHINESE[tens]) + "十" + (_CHINESE[ones] if ones else "")


def heading_number(level: int, number: int) -> str:
    """Return the number before a heading of a level (GB/T 9704-2012, 7.3.3)."""
    shown = chinese_number(number) if level <= _IN_CHINESE else str(number)
    return ("{}、", "（{}）", "{}.", "（{}）")[level - 1].format(shown)


DEEPEST = 4


def numbered(blocks: tuple[Block, ...]) -> Iterator[tuple[str, Block]]:
    """Yield each block with the number that stands before it, "" for everything but headings."""
    counts = [0] * DEEPEST
    for block in blocks:
        if isinstance(block, Heading):
            level = min(max(block.level, 1), DEEPEST)
            counts[level - 1] += 1
            counts[level:] = [0] * (DEEPEST - level)
            yield heading_number(level, counts[level - 1]), replace(block, level=level)
        else:
            yield "", block


def cleaned(paper: Paper) -> Paper:
    """Return the document without control characters, bidi tricks and breaks where a line is meant."""
    changes: dict[str, object] = {}
    for one in fields(paper):
        value = getattr(paper, one.name)
        if isinstance(value, str) and not isinstance(value, Form):
            changes[one.name] = clean(value) if one.name == "title" else on_one_line(value)
    changes["copies_to"] = tuple(filter(None, map(on_one_line, paper.copies_to)))
    changes["annexes"] = tuple(filter(None, map(on_one_line, paper.annexes)))
    changes["blocks"] = tuple(_clean_block(block) for block in paper.blocks)
    return replace(paper, **changes)  # type: ignore[arg-type]


def _clean_block(block: Block) -> Block:  # noqa: PLR0911 - one return a kind
    match block:
        case Heading():
            return replace(block, text=on_one_line(block.text))
        case Para():
            return Para(clean(block.text), on_one_line(block.lead))
        case Labelled():
            return Labelled(on_one_line(block.label), clean(block.text))
        case Quote():
            return Quote(clean(block.text), on_one_line(block.source))
        case Listed():
            return replace(block, entries=tuple(map(clean, block.entries)))
        case Table():
            width = len(block.head)
            rows = tuple(tuple(map(clean, (*row, *[""] * width)[:width])) for row in block.rows)
            return replace(
                block, head=tuple(map(clean, block.head)), rows=rows, caption=on_one_line(block.caption),
                note=clean(block.note),
            )  # fmt: skip
        case Figure():
            return replace(block, alt=on_one_line(block.alt), caption=on_one_line(block.caption))


def widths_of(table: Table) -> tuple[float, ...]:
    """Return the columns' shares of the width, which together are one."""
    given = table.widths if len(table.widths) == len(table.head) else (1.0,) * len(table.head)
    whole = sum(given) or 1.0
    return tuple(one / whole for one in given)


# Closing: the name stands centred over the day, the day four characters from the right (7.3.5).
_DAY_FROM_RIGHT, _NAME_FROM_RIGHT = 4.0, 2.0


def width_in_characters(text: str) -> float:
    """Return how many Chinese characters wide a text is; Latin letters and figures take half a one."""
    return sum(1.0 if ord(one) > 0x2E7F else 0.5 for one in text)  # noqa: PLR2004 - where CJK begins


def closing_indents(signed_by: str, dated: str) -> tuple[float, float]:
    """Return how many characters the name and the day stand from the right margin."""
    lead = (width_in_characters(dated) - width_in_characters(signed_by)) / 2
    name, day = _DAY_FROM_RIGHT + lead, _DAY_FROM_RIGHT
    if name < _NAME_FROM_RIGHT:
        name, day = _NAME_FROM_RIGHT, _NAME_FROM_RIGHT - lead
    return name, day
