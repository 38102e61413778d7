"""The catalogue as a table people edit: reading Excel and CSV line by line, and writing it out again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from huying.catalogue import reasons
from huying.catalogue.core.clock import Limit, Unit
from huying.catalogue.limit_words import (
    CLOCK_WORDS,
    limits_text,
    read_limits,
    read_stages,
    stages_text,
    unit_of,
)
from huying.catalogue.models import Grade, Item, ItemLimit, ItemStage
from huying.catalogue.policies import POLICIES
from huying.kit.errors import Reason, Refusal
from huying.kit.tabular import header_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from huying.kit.tabular import Table

COLUMNS = (
    "code", "parent", "level", "name", "name_en", "keywords", "examples", "kind", "grade", "handle_amount",
    "handle_unit", "urgent", "public", "opening", "closing", "basis", "lead", "assists", "fallback", "stages",
    "limits",
)  # fmt: skip
# What towns call these columns.
CHINESE = {
    "编码": "code", "事项编码": "code", "上级编码": "parent", "层级": "level",
    "名称": "name", "事项名称": "name", "英文名称": "name_en", "关键词": "keywords", "示例": "examples",
    "类型": "kind", "分级": "grade", "等级": "grade", "处置时限": "handle_amount", "时限单位": "handle_unit",
    "紧急": "urgent", "可公开": "public", "立案条件": "opening", "结案条件": "closing",
    "依据": "basis", "法律依据": "basis", "主办": "lead", "协办": "assists", "兜底": "fallback",
    "阶段时限": "stages", "分级时限": "limits",
}  # fmt: skip
LEVELS = (("一级分类", "二级分类", "三级分类"), ("一级", "二级", "三级"), ("level1", "level2", "level3"))
LISTS = {"keywords", "examples", "assists"}
YES = {"yes", "y", "true", "1", "是", "√"}
DEEPEST = 3
LONGEST_CODE = 12
INQUIRY = "咨询"


@dataclass(frozen=True)
class LineProblem:
    """A line that could not be taken: its number in the file, the reason and the sentence."""

    line: int
    reason: str
    sentence: str


@dataclass
class ReadCatalogue:
    """What was read: items ready to be written, and the lines that were not."""

    items: list[Item] = field(default_factory=list)
    stages: list[ItemStage] = field(default_factory=list)
    limits: list[ItemLimit] = field(default_factory=list)
    problems: list[LineProblem] = field(default_factory=list)


def read_catalogue(table: Table, clocks: Mapping[str, Limit] = POLICIES) -> ReadCatalogue:
    """Read a catalogue table of either shape: one line an item with its code, or one column a level of names.

    Every line is judged by itself; a line with a problem is told and left out. `clocks` are the town's: an
    item that names no limit has the ordinary one (an inquiry its own). Raises Refusal when the columns are of
    neither shape or nothing is left.
    """
    names = {header_key(name): name for name in table.header}
    for shape in LEVELS:
        if all(header_key(column) in names for column in shape[:2]):
            read = _by_level_names(
                table,
                [names[header_key(column)] for column in shape if header_key(column) in names],
                clocks["ordinary"],
            )
            break
    else:
        read = _by_code(table, names, clocks)
    if not read.items:
        raise Refusal(reasons.EMPTY)
    parents = {item.parent_code for item in read.items}
    for item in read.items:
        item.is_leaf = item.code not in parents
    return read


def _problem(line: int, reason: Reason, **details: object) -> LineProblem:
    return LineProblem(line, reason.key, Refusal.telling(reason, details).sentence)


def _by_level_names(table: Table, columns: list[str], usual: Limit) -> ReadCatalogue:
    """Read a table whose columns are the names of the levels; codes are given in order of first meeting."""
    read = ReadCatalogue()
    children: dict[tuple[str, ...], dict[tuple[str, ...], int]] = {(): {}}
    for row in table:
        if row.errors:
            read.problems.append(LineProblem(row.line, row.errors[0].key, row.errors[0].sentence))
            continue
        path: tuple[str, ...] = ()
        for column in columns:
            name = row.values.get(column, "").strip()
            if not name:
                break
            siblings, path = children[path], (*path, name)
            siblings.setdefault(path, len(siblings) + 1)
            children.setdefault(path, {})
        if not path:
            read.problems.append(_problem(row.line, reasons.NAME_MISSING))
    # All codes of a level are of one length, or the beginning of one would be another.
    most = max(len(siblings) for siblings in children.values())
    read.items = list(_named_items(children, (), "", max(2, len(str(most)))))
    for item in read.items:
        item.handle_amount, item.handle_unit = usual.amount, str(usual.unit)
    return read


def _named_items(
    children: Mapping[tuple[str, ...], Mapping[tuple[str, ...], int]],
    path: tuple[str, ...],
    code: str,
    digits: int,
) -> Iterator[Item]:
    for below, number in children[path].items():
        below_code = f"{code}{number:0{digits}d}"
        yield Item(code=below_code, parent_code=code, level=len(below), name=below[-1][:80])
        yield from _named_items(children, below, below_code, digits)


def _by_code(table: Table, names: Mapping[str, str], clocks: Mapping[str, Limit]) -> ReadCatalogue:
    columns = {CHINESE.get(name, name if name in COLUMNS else ""): name for name in table.header}
    columns |= {column: names[column] for column in COLUMNS if column in names}
    if "code" not in columns or "name" not in columns:
        raise Refusal(reasons.COLUMNS_UNKNOWN)
    read = ReadCatalogue()
    levels: dict[str, int] = {}
    for row in table:
        if row.errors:
            read.problems.append(LineProblem(row.line, row.errors[0].key, row.errors[0].sentence))
            continue
        values = {column: row.values.get(name, "").strip() for column, name in columns.items() if column}
        try:
            item = _item(values, levels, clocks)
            stages, limits = read_stages(values.get("stages", "")), read_limits(values.get("limits", ""))
        except Refusal as refusal:
            read.problems.append(LineProblem(row.line, refusal.reason.key, refusal.sentence))
            continue
        levels[item.code] = item.level
        read.items.append(item)
        for stage in stages:
            stage.item = item
        for limit in limits:
            limit.item = item
        read.stages += stages
        read.limits += limits
    return read


def _item(values: Mapping[str, str], levels: Mapping[str, int], clocks: Mapping[str, Limit]) -> Item:
    code, parent = values["code"], values.get("parent", "")
    if not code:
        raise Refusal(reasons.CODE_MISSING)
    if len(code) > LONGEST_CODE:
        raise Refusal(reasons.CODE_TOO_LONG, code=code[:40], most=LONGEST_CODE)
    if code in levels:
        raise Refusal(reasons.CODE_TWICE, code=code)
    if not values["name"]:
        raise Refusal(reasons.NAME_MISSING)
    if parent and parent not in levels:
        raise Refusal(reasons.PARENT_UNKNOWN, code=parent)
    level = levels[parent] + 1 if parent else 1
    if level > DEEPEST:
        raise Refusal(reasons.TOO_DEEP)
    handle = _handling(values, clocks)
    return Item(
        code=code, parent_code=parent, level=level, name=values["name"][:80],
        name_en=values.get("name_en", "")[:120],
        keywords=_list(values, "keywords", 40), examples=_list(values, "examples", 300),
        kind=values.get("kind", "")[:10], grade=_choice(values, "grade", Grade.values, Grade.C),
        handle_amount=handle.amount, handle_unit=str(handle.unit),
        urgent=values.get("urgent", "").lower() in YES, public=values.get("public", "").lower() in YES,
        opening=values.get("opening", ""), closing=values.get("closing", ""), basis=values.get("basis", ""),
        lead=values.get("lead", "")[:40], assists=_list(values, "assists", 40),
        fallback=values.get("fallback", "")[:40],
    )  # fmt: skip


def _list(values: Mapping[str, str], column: str, longest: int) -> list[str]:
    return [part.strip()[:longest] for part in values.get(column, "").split("|") if part.strip()]


def _choice(values: Mapping[str, str], column: str, choices: Iterable[str], usual: str) -> str:
    value = values.get(column, "") or usual
    if value not in choices:
        raise Refusal(reasons.VALUE_UNKNOWN, value=value, column=column)
    return value


def _handling(values: Mapping[str, str], clocks: Mapping[str, Limit]) -> Limit:
    """Return how long an item may take: amount and unit, a clock of the town by its word, else the usual."""
    amount, unit = values.get("handle_amount", ""), values.get("handle_unit", "")
    if word := CLOCK_WORDS.get(amount.casefold()):
        return clocks[word]
    known = unit_of(unit, "handle_unit") if unit else str(Unit.WORKING_DAYS)
    if not amount:
        return clocks["inquiry" if values.get("kind") == INQUIRY else "ordinary"]
    if not amount.isdecimal() or not 0 < int(amount) <= 4000:  # noqa: PLR2004 - the longest limit the clock takes
        raise Refusal(reasons.NOT_A_NUMBER, value=amount, column="handle_amount")
    return Limit(int(amount), Unit(known))


def lines_of(items: Iterable[Item]) -> Iterator[list[str | int]]:
    """Return the items as lines under `COLUMNS`, such that reading them gives the same items.

    Fetch `stages` and `limits` together with the items, or each costs two queries.
    """
    for item in items:
        yield [
            item.code, item.parent_code, item.level, item.name, item.name_en, "|".join(item.keywords),
            "|".join(item.examples), item.kind, item.grade, item.handle_amount, item.handle_unit,
            "yes" if item.urgent else "no", "yes" if item.public else "no",
            item.opening, item.closing, item.basis, item.lead, "|".join(item.assists), item.fallback,
            stages_text(item.stages.all()), limits_text(item.limits.all()),
        ]  # fmt: skip
