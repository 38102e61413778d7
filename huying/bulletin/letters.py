"""A reminder letter (提醒函) as a document: what it says by default, and how it is laid out."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from django.utils import timezone

from huying.bulletin.models import ReminderReason
from huying.catalogue.core.calendar import local_day
from huying.kit.paper import Form, Paper, Para, Table, to_plain
from huying.kit.paper.model import date_in_figures

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from huying.bulletin.models import Letterhead, Reminder, ReminderCase
    from huying.bulletin.sources import CaseLine

# A letter is an act of office and written in Chinese, whatever language the desk of its writer has (ADR 31).
TITLES = {
    ReminderReason.OVERDUE: "关于限期办理超期群众诉求的提醒函",
    ReminderReason.DUE_SOON: "关于抓紧办理临期群众诉求的提醒函",
    ReminderReason.POOR_REPLY: "关于提高群众诉求办理质量的提醒函",
    ReminderReason.OTHER: "关于群众诉求办理有关事项的提醒函",
}
_SAYS = {
    ReminderReason.OVERDUE: "你单位有{n}件群众诉求已超过办理时限，尚未办结（见下表）。",
    ReminderReason.DUE_SOON: "你单位有{n}件群众诉求临近办理时限（见下表）。",
    ReminderReason.POOR_REPLY: "你单位有{n}件群众诉求因答复审核未通过或群众不满意被退回重办（见下表）。",
    ReminderReason.OTHER: "你单位有{n}件群众诉求需抓紧办理（见下表）。",
}
_ASKS = {
    ReminderReason.OVERDUE: "请逐件查明超期原因，明确责任人和办结时间，及时向诉求人说明进展。",
    ReminderReason.DUE_SOON: "请统筹安排力量，在时限内办结；确需延期的，请在到期前按程序申请。",
    ReminderReason.POOR_REPLY: "请主动联系诉求人，针对未解决的问题重新办理，答复应当具体、真实。",
    ReminderReason.OTHER: "请研究提出办理意见。",
}


def default_text(reason: str, cases: Sequence[CaseLine], *, at: datetime) -> str:
    """Return what a letter says until somebody words it better."""
    key = ReminderReason(reason)
    day = date_in_figures(local_day(at))
    return f"截至{day}，{_SAYS[key].format(n=len(cases))}\n{_ASKS[key]}"


def letter_paper(letter: Reminder, cases: Sequence[ReminderCase], head: Letterhead, *, at: datetime) -> Paper:
    """Return a letter as a document: a draft where it has no number yet."""
    asked = (
        f"请于{_minute(letter.answer_by)}前书面回复办理情况。"
        if letter.answer_by
        else (f"请于收到本函之日起{letter.answer_days}个工作日内书面回复办理情况。")
    )
    rows = tuple(
        (str(place), one.number, one.title, one.place, _minute(one.due_at))
        for place, one in enumerate(cases, 1)
    )
    table = Table(("序号", "工单号", "诉求", "地点", "应办结时间"), rows, widths=(0.9, 3.2, 3.3, 2, 1.9))
    return Paper(
        title=letter.title, form=Form.LETTER, issuer=head.issuer, number=letter.symbol,
        addressee=letter.unit.name, blocks=(*_paras(letter.text), Para(asked), table),
        signed_by=head.issuer, dated_on=local_day(letter.issued_at or at),
        copies_to=tuple(filter(None, head.copies_to.replace("，", ",").split(","))),
        printed_by=head.printed_by or head.issuer, printed_on=local_day(letter.issued_at or at),
        mark="" if letter.symbol else "草稿，未签发",
    )  # fmt: skip


def _paras(text: str) -> tuple[Para, ...]:
    return tuple(Para(line) for line in text.split("\n") if line.strip())


def _minute(moment: datetime | None) -> str:
    if moment is None:
        return "—"
    local = timezone.localtime(moment)
    return f"{local.month}月{local.day}日{local.hour:02d}:{local.minute:02d}"


def digest(paper: Paper) -> str:
    """Return the SHA-256 of a document as it is kept: every word of it, in one order."""
    told = json.dumps(to_plain(paper), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()
