"""Reports of walks as documents: of one walk, and of some months; in Chinese, as papers of an office are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import override

from huying.bulletin.numbering import head_of
from huying.catalogue.core.calendar import local_day
from huying.kit.paper import Block, Heading, Labelled, Listed, Paper, Para, Table
from huying.kit.paper.model import date_in_figures
from huying.walks.models import Checked

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from huying.walks.models import MonthPlan, Walk
    from huying.walks.queries import Found, Row

NONE = "—"
FOUND_HEADS = ("发现问题", "现场解决", "已解决（有照片）", "未解决或无照片", "在办", "延缓办理", "其他去向")
# The same beside a name and the number of walks: nine columns, so each head is broken where it reads well.
CUT_HEADS = (
    "行走\n次数", "发现\n问题", "现场\n解决", "已解决\n有照片", "未解决或\n无照片", "在办", "延缓\n办理",
    "其他\n去向",
)  # fmt: skip
CUT_WIDTHS = (2.2, 1, 1, 1, 1.25, 1.55, 1, 1, 1)
FIGURES = tuple(range(1, len(FOUND_HEADS) + 2))
UNRANKED = "各表按名称排列，不排名次，不统计个人。“已解决”指工单以已解决办结，且有照片佐证。"


def walk_paper(told: dict[str, Any], *, at: datetime) -> Paper:
    """Return the report of one walk; `told` is what its page shows (`planning.told_of`)."""
    walk: Walk = told["walk"]
    with override("zh-hans"):
        blocks: list[Block] = [Heading("基本情况"), *_facts(walk, told["walkers"])]
        blocks += [Para(line) for line in walk.summary.split("\n") if line.strip()]
        blocks += [Heading("发现问题"), *_findings(told["findings"])]
        blocks += [Heading("走访点位"), *_stops(walk), Heading("检查清单"), *_lines(told["lines"])]
    return Paper(
        title=f"{walk.area.name}行走报告\n（{walk.theme.name}）", blocks=tuple(blocks),
        signed_by=head_of(walk.area).issuer, dated_on=local_day(at),
    )  # fmt: skip


def _facts(walk: Walk, walkers: Sequence[str]) -> list[Block]:
    who = "、".join(walkers) + (f"；{walk.guests}" if walk.guests else "")
    plan = f"{walk.plan.theme.name}＋{walk.plan.key_task}" if walk.plan else ""
    told = (
        ("编号", walk.number), ("日期", date_in_figures(walk.on)), ("集合", walk.meeting), ("参加", who),
        ("当月主题与重点任务", plan), ("状态", str(walk.get_state_display())),
        ("取消原因", walk.called_off_for),
    )  # fmt: skip
    return [Labelled(label, text) for label, text in told if text]


def _findings(found: Sequence[dict[str, Any]]) -> list[Block]:
    """Return the table of findings; of cases the reader may not see the line of the checklist is told."""
    if not found:
        return [Para("本次行走未发现问题。")]
    rows = []
    for row in found:
        finding, case, topic = row["finding"], row["case"], row["topic"]
        line = finding.line.text if finding.line else NONE
        unit = f"（{case.unit.name}）" if case.unit else ""
        listed = f"，第{topic.number}号议题" if topic else ""
        rows.append(
            (
                case.number, case.title if row["seen"] else line,
                (finding.stop.name if finding.stop else case.place_name) or NONE,
                str(finding.get_how_display()), f"{case.get_status_display()}{unit}{listed}",
            )
        )  # fmt: skip
    heads = ("工单", "发现了什么", "地点", "现场处置", "办理情况")
    return [Table(heads, tuple(rows), widths=(2.4, 2.6, 1.5, 1.3, 1.8))]


def _stops(walk: Walk) -> list[Block]:
    known = {True: "已看", False: "未到", None: NONE}
    rows = tuple((stop.name, known[stop.seen], stop.reason or NONE) for stop in walk.stops.all())
    return (
        [Table(("点位", "是否到达", "列入原因"), rows, widths=(2, 1, 3))] if rows else [Para("未指定点位。")]
    )


def _lines(lines: Iterable[dict[str, Any]]) -> list[Block]:
    rows = tuple((row["line"].text, _seen(row["check"])) for row in lines)
    return [Table(("检查内容", "结果"), rows, widths=(3, 1))] if rows else [Para("无检查内容。")]


def _seen(check: Any) -> str:  # noqa: ANN401 - a check or None
    return str(Checked(check.state).label) if check else "未记录"


def month_paper(
    told: dict[str, Any], walks: Iterable[Walk], plans: Iterable[MonthPlan], *, at: datetime
) -> Paper:
    """Return the report of some months; `told` is what the page of the tally shows."""
    tally = told["tally"]
    with override("zh-hans"):
        blocks: list[Block] = []
        tasks = tuple(
            f"{plan.month:%Y-%m} {plan.area.name}：{plan.theme.name}＋{plan.key_task}" for plan in plans
        )
        if tasks:
            blocks += [Heading("主题与重点任务"), Listed(tasks)]
        blocks += [
            Heading("总体情况"),
            Para(
                f"共开展行走{tally.walks}次（另有未结束{tally.planned}次、取消{tally.called_off}次），"
                f"其中{tally.without_findings}次未发现问题；走访点位{tally.places}个。"
            ),
            Table(FOUND_HEADS, (_found(tally.found),), figures=tuple(range(len(FOUND_HEADS)))),
        ]
        cuts = (("按主题", tally.by_theme), ("按片区", tally.by_area), ("按月份", tally.by_month))
        blocks += [block for name, rows in cuts if rows for block in _cut(name, rows)]
        held = tuple(_walk_row(walk) for walk in walks)
        if held:
            blocks += [
                Heading("行走一览"),
                Table(
                    ("日期", "编号", "主题", "片区", "参加单位", "发现"),
                    held,
                    figures=(5,),
                    widths=(2.1, 3, 1.8, 1.8, 3, 1),
                ),
            ]
        blocks.append(Para(UNRANKED))
    return Paper(
        title=f"{told['area_title']}行走工作报告\n（{_months(told['since'], told['until'])}）",
        blocks=tuple(blocks), signed_by=told["area_title"], dated_on=local_day(at),
    )  # fmt: skip


def _found(found: Found) -> tuple[str, ...]:
    return tuple(
        str(n) for n in (
            found.findings, found.handled, found.solved, found.bare, found.open, found.suspended,
            found.elsewhere,
        )
    )  # fmt: skip


def _cut(name: str, rows: Iterable[Row]) -> list[Block]:
    table = tuple((row.name, str(row.walks), *_found(row.found)) for row in rows)
    return [Heading(name), Table((name[1:], *CUT_HEADS), table, widths=CUT_WIDTHS, figures=FIGURES)]


def _walk_row(walk: Any) -> tuple[str, ...]:  # noqa: ANN401 - a walk with its count of findings
    units = "、".join(dict.fromkeys(one.unit.name for one in walk.walkers.all()))
    return f"{walk.on:%Y-%m-%d}", walk.number, walk.theme.name, walk.area.name, units, str(walk.found)


def _months(since: date, until: date) -> str:
    first, last = f"{since.year}年{since.month}月", f"{until.year}年{until.month}月"
    return first if since == until else f"{first}至{last}"
