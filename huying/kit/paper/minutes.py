"""Minutes of a meeting in their proper form: who was there, what was asked, what was decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from huying.kit.paper.model import Block, Form, Heading, Labelled, Paper, Para, Table, date_in_figures

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True)
class Matter:
    """One point of the agenda: what it is, what was said, and what was decided about it."""

    title: str
    told: str = ""
    decided: tuple[str, ...] = ()


@dataclass(frozen=True)
class Minutes:
    """What minutes hold. `orders` are rows of (what is to be done, lead, assists, until when)."""

    body: str
    issuer: str
    held_on: date
    place: str
    chair: str
    present: tuple[str, ...]
    matters: tuple[Matter, ...]
    number: str = ""
    title: str = ""
    excused: tuple[str, ...] = ()
    attending: tuple[str, ...] = ()
    recorder: str = ""
    opening: str = ""
    orders: tuple[tuple[str, str, str, str], ...] = field(default=())
    copies_to: tuple[str, ...] = ()
    printed_on: date | None = None
    mark: str = ""


def minutes_paper(minutes: Minutes) -> Paper:
    """Return minutes as a document (会议纪要, GB/T 9704-2012, 10.3): names at the end, nobody signs below."""
    day = date_in_figures(minutes.held_on)
    where = f"在{minutes.place}" if minutes.place else ""
    opening = (
        minutes.opening
        or f"{day}，{minutes.chair}{where}主持召开{minutes.body}会议。现将会议议定事项纪要如下："
    )
    blocks: list[Block] = [Para(opening)]
    for matter in minutes.matters:
        blocks.append(Heading(matter.title))
        blocks += [Para(text) for text in matter.told.split("\n") if text.strip()]
        blocks += [
            Para(text, lead="会议决定：" if place == 0 else "") for place, text in enumerate(matter.decided)
        ]
    if minutes.orders:
        blocks += [Heading("任务清单"), _orders(minutes)]
    people = (
        ("出席", minutes.present), ("请假", minutes.excused), ("列席", minutes.attending),
        ("记录", (minutes.recorder,)),
    )  # fmt: skip
    blocks += [Labelled(label, "、".join(filter(None, names))) for label, names in people if any(names)]
    return Paper(
        title=minutes.title, blocks=tuple(blocks), number=minutes.number, form=Form.MINUTES,
        masthead=f"{minutes.body}会议纪要", issuer=minutes.issuer, dated_on=minutes.held_on,
        copies_to=minutes.copies_to, printed_by=minutes.issuer if minutes.printed_on else "",
        printed_on=minutes.printed_on, mark=minutes.mark,
    )  # fmt: skip


def _orders(minutes: Minutes) -> Table:
    head = ("序号", "任务", "牵头单位", "配合单位", "完成时限")
    rows = tuple((str(place), *row) for place, row in enumerate(minutes.orders, 1))
    return Table(head, rows, widths=(1, 4.6, 2.2, 2.2, 2.7))
