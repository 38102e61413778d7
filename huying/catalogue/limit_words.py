"""Limits as a table's cell says them: one length, several stages one after another, clocks by grade.

* a length: amount and unit in two cells, or a word for one of the town's clocks ("complex", 复杂);
* stages: ``停工:4:working_hours:Stop work|处罚:7:working_days:Penalty`` – name, amount, unit, English name;
* clocks by grade: ``sign@A:15:natural_minutes|handle@B:1:working_days|contact:2:natural_hours``; without a
  grade a clock holds for all.

Units may be called in Chinese (工作时, 自然日 …). Reading what was written gives the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from huying.catalogue import reasons
from huying.catalogue.core.clock import Limit, Unit
from huying.catalogue.models import Grade, ItemClock, ItemLimit, ItemStage, LimitUnit
from huying.kit.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

UNITS: Final = {
    "分钟": "natural_minutes", "小时": "natural_hours", "自然小时": "natural_hours",
    "自然时": "natural_hours", "工作分钟": "working_minutes", "工作时": "working_hours",
    "工作小时": "working_hours", "紧急工作时": "urgent_hours", "紧急时": "urgent_hours",
    "工作日": "working_days", "自然日": "natural_days", "天": "natural_days", "日": "natural_days",
}  # fmt: skip
CLOCK_WORDS: Final = {
    "ordinary": "ordinary", "一般": "ordinary", "普通": "ordinary", "complex": "complex", "复杂": "complex",
    "inquiry": "inquiry", "咨询": "inquiry", "utilities": "utilities", "水电气热": "utilities",
    "danger": "danger", "危险": "danger",
}  # fmt: skip
ITEM_CLOCKS: Final = {
    "签收": "sign",
    "首次联系": "contact",
    "联系": "contact",
    "办理": "handle",
    "处置": "handle",
}
MOST_STAGES: Final = 9
MOST_AMOUNT: Final = 4000
LONGEST_NAME, LONGEST_NAME_EN = 40, 80
STAGES, LIMITS = "stages", "limits"


def unit_of(text: str, column: str) -> str:
    """Return the unit a cell names; Refusal `value_unknown`."""
    unit = UNITS.get(text, text)
    if unit not in LimitUnit.values:
        raise Refusal(reasons.VALUE_UNKNOWN, value=text[:40], column=column)
    return unit


def read_stages(text: str) -> list[ItemStage]:
    """Return the stages a cell names, in their order; Refusal `stage_unreadable`, `not_a_number` …."""
    parts = [part.strip() for part in text.split("|") if part.strip()]
    if len(parts) > MOST_STAGES:
        raise Refusal(reasons.TOO_MANY_STAGES, most=MOST_STAGES)
    return [_stage(order, part) for order, part in enumerate(parts, 1)]


def _stage(order: int, part: str) -> ItemStage:
    words = [word.strip() for word in part.replace("：", ":").split(":", 3)]
    if len(words) < 3 or not words[0]:  # noqa: PLR2004 - name, amount and unit
        raise Refusal(reasons.STAGE_UNREADABLE, text=part[:60])
    name, amount, unit, *english = words
    limit = _limit(amount, unit, STAGES)
    return ItemStage(
        order=order,
        name=name[:LONGEST_NAME],
        name_en=english[0][:LONGEST_NAME_EN] if english else "",
        amount=limit.amount,
        unit=str(limit.unit),
    )


def read_limits(text: str) -> list[ItemLimit]:
    """Return the clocks by grade a cell names; Refusal `limit_unreadable`, `limit_twice` …."""
    found: dict[tuple[str, str], ItemLimit] = {}
    for part in (part.strip() for part in text.split("|") if part.strip()):
        words = [word.strip() for word in part.replace("：", ":").split(":")]
        if len(words) != 3:  # noqa: PLR2004 - clock, amount and unit
            raise Refusal(reasons.LIMIT_UNREADABLE, text=part[:60])
        clock, _at, grade = (word.strip() for word in words[0].partition("@"))
        clock = ITEM_CLOCKS.get(clock, clock)
        if clock not in ItemClock.values or (grade and grade not in Grade.values):
            raise Refusal(reasons.LIMIT_UNREADABLE, text=part[:60])
        if (clock, grade) in found:
            raise Refusal(reasons.LIMIT_TWICE, text=words[0])
        limit = _limit(words[1], words[2], LIMITS)
        found[clock, grade] = ItemLimit(clock=clock, grade=grade, amount=limit.amount, unit=str(limit.unit))
    return list(found.values())


def _limit(amount: str, unit: str, column: str) -> Limit:
    if not (amount.isdecimal() and amount.isascii()) or not 0 < int(amount) <= MOST_AMOUNT:
        raise Refusal(reasons.NOT_A_NUMBER, value=amount[:40], column=column)
    return Limit(int(amount), Unit(unit_of(unit, column)))


def stages_text(stages: Iterable[ItemStage]) -> str:
    """Return stages as a cell says them."""
    return "|".join(
        ":".join((stage.name, str(stage.amount), stage.unit, *((stage.name_en,) if stage.name_en else ())))
        for stage in sorted(stages, key=lambda stage: stage.order)
    )


def limits_text(limits: Iterable[ItemLimit]) -> str:
    """Return clocks by grade as a cell says them."""
    ordered = sorted(limits, key=lambda limit: (limit.clock, limit.grade))
    return "|".join(
        f"{limit.clock}{f'@{limit.grade}' if limit.grade else ''}:{limit.amount}:{limit.unit}"
        for limit in ordered
    )
