"""The daily report of an incident as a document, as it was made: numbers, groups, what the town said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from huying.kit.paper import Form, Heading, Listed, Paper, Para, Table
from huying.people.queries import unit_book

if TYPE_CHECKING:
    from huying.board.models import DailyReport, Incident
    from huying.kit.paper import Block

# What the report counts, as documents call it: (part of the report, key, words).
FIGURES = (
    ("numbers", "came_in", "新增诉求"), ("numbers", "dispatched", "已派发"), ("numbers", "closed", "已办结"),
    ("numbers", "overdue", "新增超期"), ("stands", "open", "在办"), ("stands", "danger", "在办险情"),
)  # fmt: skip
NOTHING = "无。"


def paper_of(incident: Incident, report: DailyReport) -> Paper:
    """Return the report of a day as a bulletin; that of an exercise says so at the upper left."""
    data: dict[str, Any] = report.data
    made_at = timezone.localtime(report.made_at)
    issue = incident.reports.filter(day__lte=report.day).count()
    head = tuple(words for _part, _key, words in FIGURES)
    row = tuple(str(data[part][key]) for part, key, _words in FIGURES)
    opening = f"现将{incident.area.name}“{incident.title}”截至{made_at:%H:%M}的处置情况报告如下。"
    blocks: list[Block] = [
        Para(opening), Heading("当日诉求"), Table(head, (row,), figures=tuple(range(len(head)))),
        Heading("各工作组进展"),
    ]  # fmt: skip
    for group in data["groups"]:
        blocks += _group(group)
    blocks += [] if data["groups"] else [Para(NOTHING)]
    said = tuple(f"第{one['number']}号：{one['text']}" for one in data["statements"])
    blocks += [Heading("对外发布"), Listed(said, numbered=False) if said else Para(NOTHING)]
    return Paper(
        title=f"{incident.title}处置情况", blocks=tuple(blocks), number=f"第{issue}期", form=Form.BULLETIN,
        masthead="突发事件处置日报", issuer=_issuer(incident), dated_on=report.day,
        mark="演练" if incident.is_drill else "",
    )  # fmt: skip


def _group(group: dict[str, Any]) -> list[Block]:
    """Return what a group did since the report before, and what it still has to do."""
    done = tuple(f"{task['words']}：{task['proof']}" for task in group["done"])
    still = tuple(f"{task['words']}{'（已超时）' if task['late'] else ''}" for task in group["open"])
    return [
        Heading(f"{group['name']}（牵头：{group['lead']}）", level=2),
        Para("" if done else NOTHING, lead="已完成："), *([Listed(done)] if done else []),
        Para("" if still else NOTHING, lead="待完成："), *([Listed(still)] if still else []),
    ]  # fmt: skip


def _issuer(incident: Incident) -> str:
    """Return who issues it: the highest unit of the area, else the unit that speaks for the town."""
    own = [card for card in unit_book().all() if card.area_path == incident.area_path]
    top = min(own, key=lambda unit: unit.path.count("/"), default=None)
    return top.name if top else incident.spokes_unit.name
