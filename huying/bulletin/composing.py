"""A bulletin's first draft: every section it may have, filled from what the town knows at that moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from huying.bulletin import sources
from huying.bulletin.models import Bulletin, BulletinState, Span
from huying.bulletin.numbers import (
    COUNTS,
    NONE,
    SHARES,
    SMALL,
    WORDS,
    Days,
    change_of,
    counted_of,
    days_before,
    in_words,
    left_out,
    numbers_of,
    parts_of,
    told_of,
)
from huying.bulletin.pledges import in_words as outcome_in_words
from huying.bulletin.pledges import outcomes
from huying.catalogue.queries import published
from huying.insight.hotspots import hot_matters
from huying.insight.tally import By
from huying.kit.paper.model import date_in_figures
from huying.kit.redact import redact
from huying.people.queries import unit_book
from huying.places.queries import town_map

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from uuid import UUID

    from huying.insight.hotspots import HotMatter

Section = dict[str, Any]
MOST_ROWS, MOST_VOICES, MOST_PRAISE, MOST_PARTS = 12, 6, 5, 8
# Words by span: what the time is called, and the one before and after it.
CALLED = {
    Span.DAY: ("本日", "前一日", "次日"),
    Span.WEEK: ("本周", "上周", "下周"),
    Span.MONTH: ("本月", "上月", "下月"),
}  # fmt: skip
# Sections in the order of a draft: key → title ({now}, {before}, {after} are filled in).
TITLES = {
    "numbers": "{now}总体情况",
    "parts": "诉求分布",
    "hot": "热点事项",
    "early": "苗头性问题",
    "overdue": "超期未办结事项",
    "returned": "退回情况",
    "praised": "群众点赞",
    "voices": "群众原声",
    "promised": "上期承诺落实情况",
    "next": "{after}重点工作",
    "notes": "统计说明",
}
# Tables: the heads of the columns and their shares of the width. Sections without are told in words.
TABLES: dict[str, tuple[tuple[str, ...], tuple[float, ...]]] = {
    "numbers": (("指标", "{now}", "{before}", "变化", "基数（n）"), (2.6, 1.9, 1.9, 1.9, 2.8)),
    "parts": (("类别或区域", "登记工单"), (3, 1)),
    "hot": (("事项", "地点", "件数", "人数", "态势"), (3.6, 2.4, 1, 1, 1.2)),
    "early": (("事项", "地点", "件数", "人数"), (3.8, 2.8, 1, 1)),
    "overdue": (("承办单位", "件数", "最早应办结", "涉及工单"), (2.4, 0.9, 2.3, 3.4)),
    "returned": (("退回单位", "件数", "涉及工单"), (2.6, 1, 4.4)),
    "promised": (("承诺事项", "责任单位", "时限", "落实情况"), (2.9, 1.9, 2.5, 2.7)),
    "next": (("工作事项", "责任单位", "时限"), (4.2, 2.4, 2.3)),
}
FIGURES = {
    "numbers": (1, 2, 3),
    "parts": (1,),
    "hot": (2, 3),
    "early": (2, 3),
    "overdue": (1,),
    "returned": (1,),
}
QUOTED = ("praised", "voices")
STAGES = {
    "early": "苗头", "rising": "上升", "hot": "高发",
    "cooling": "回落", "resolved": "已化解", "returned": "反复",
}  # fmt: skip


def compose(bulletin: Bulletin, *, at: datetime) -> None:
    """Fill a draft's numbers and sections from what is known at this moment; the caller saves it."""
    days = Days(bulletin.starts_on, bulletin.ends_on)
    late = sources.late(bulletin.area_path, at=at)
    bulletin.numbers = numbers_of(bulletin.area_path, days, overdue_now=len(late))
    bulletin.counted_at = at
    earlier = before(bulletin)
    was = earlier.numbers if earlier else _counted_before(bulletin, days)
    makers: dict[str, Callable[[], Section]] = {
        "numbers": lambda: _numbers(bulletin, was),
        "parts": lambda: _parts(bulletin, days),
        "hot": lambda: _hot(bulletin, ("hot", "rising", "returned"), at=at),
        "early": lambda: _hot(bulletin, ("early",), at=at),
        "overdue": lambda: _overdue(late),
        "returned": lambda: _returned(bulletin, days),
        "praised": lambda: _praised(bulletin, days),
        "voices": lambda: _voices(bulletin, days),
        "promised": lambda: promised(earlier, at=at),
        "next": lambda: {"text": "", "rows": []},
        "notes": lambda: {"text": notes(bulletin), "rows": []},
    }
    bulletin.sections = [
        {"key": key, "title": titled(key, bulletin.span), "on": True, **make()}
        for key, make in makers.items()
    ]


def titled(key: str, span: str) -> str:
    """Return the title a section has until somebody changes it."""
    return _filled(TITLES[key], span)


def _filled(text: str, span: str) -> str:
    now, before_, after = CALLED[Span(span)]
    return text.format(now=now, before=before_, after=after)


def head_of_table(key: str, span: str) -> tuple[str, ...]:
    """Return the heads of a section's columns."""
    return tuple(_filled(name, span) for name in TABLES[key][0])


def before(bulletin: Bulletin) -> Bulletin | None:
    """Return the last released edition about the time before a bulletin's, of the same area and span."""
    days = days_before(bulletin.span, Days(bulletin.starts_on, bulletin.ends_on))
    found = Bulletin.objects.filter(
        area_id=bulletin.area_id, span=bulletin.span, starts_on=days.first, state=BulletinState.RELEASED
    )
    return found.order_by("-edition").first()


def _counted_before(bulletin: Bulletin, days: Days) -> dict[str, Any]:
    """Return the numbers of the time before where no bulletin told them, without how much was late."""
    found = numbers_of(bulletin.area_path, days_before(bulletin.span, days), overdue_now=0)
    del found["overdue_now"]
    return found


def _row(key: str, cells: Iterable[str], *, number: str = "") -> dict[str, Any]:
    return {"key": key, "cells": list(cells), "number": number, "removed": ""}


def _numbers(bulletin: Bulletin, was: dict[str, Any]) -> Section:
    rows = []
    for key in (*COUNTS, *SHARES):
        now, then = counted_of(bulletin.numbers.get(key)), counted_of(was.get(key))
        name, of = WORDS[key]
        base = "" if key in COUNTS else f"{of} {in_words(now.whole)}"
        known = key in was
        change = change_of(key, now, then) if known else NONE
        rows.append(_row(key, (name, told_of(key, now), told_of(key, then) if known else NONE, change, base)))
    return {"text": _summary(bulletin, was), "rows": rows}


def _summary(bulletin: Bulletin, was: dict[str, Any]) -> str:
    """Return the first paragraph: what came in, what was done, what residents say."""
    counted = {key: counted_of(bulletin.numbers.get(key)) for key in (*COUNTS, *SHARES)}
    told = {key: told_of(key, one) for key, one in counted.items()}
    _now, before_, _after = CALLED[Span(bulletin.span)]
    first, last = bulletin.starts_on, bulletin.ends_on
    days = f"{first.month}月{first.day}日" + (f"至{last.month}月{last.day}日" if last != first else "")
    change = (
        change_of("came_in", counted["came_in"], counted_of(was.get("came_in"))) if "came_in" in was else NONE
    )
    moved = ""
    if change not in {NONE, "持平"}:
        moved = f"，比{before_}{'增加' if change.startswith('+') else '减少'}{change[1:]}件"
    text = (
        f"{days}，{_area_name(bulletin)}共收到群众诉求{told['came_in']}件{moved}；登记工单{told['opened']}件，"
        f"办结{told['closed']}件；截至统计时，超期在办{told['overdue_now']}件。"
    )
    shares = [
        f"{WORDS[key][0]}{told[key]}（{WORDS[key][1]}{in_words(counted[key].whole)}）"
        for key in ("handled", "solved", "satisfied")
        if told[key] not in {NONE, SMALL}
    ]
    return text + (f"其中，{'，'.join(shares)}。" if shares else "")


def _area_name(bulletin: Bulletin) -> str:
    card = town_map().by_code(bulletin.area_path.rpartition("/")[2])
    return card.name if card else ""


def _parts(bulletin: Bulletin, days: Days) -> Section:
    names = published().by_code
    rows = []
    for key, told in parts_of(bulletin.area_path, days, by=By.ITEM, fold=lambda code: code[:2])[:MOST_PARTS]:
        rows.append(_row(f"item-{key}", (names[key].name if key in names else "未定类别", told)))
    depth = bulletin.area_path.count("/") + 2
    for path, told in parts_of(
        bulletin.area_path, days, by=By.AREA, fold=lambda path: "/".join(path.split("/")[:depth])
    )[:MOST_PARTS]:
        card = town_map().by_code(path.rpartition("/")[2])
        if path != bulletin.area_path and card is not None:
            rows.append(_row(f"area-{card.code}", (card.name, told)))
    return {"text": "", "rows": rows}


def _hot(bulletin: Bulletin, stages: tuple[str, ...], *, at: datetime) -> Section:
    found = hot_matters(at=at, areas=[bulletin.area_path], stages=stages, limit=MOST_ROWS)
    rows = [_row(str(one.key), _hot_cells(one, with_stage=stages != ("early",))) for one in found]
    text = "" if rows else ("本期未发现新的苗头性问题。" if stages == ("early",) else "本期无热点事项。")
    return {"text": text, "rows": rows}


def _hot_cells(one: HotMatter, *, with_stage: bool) -> list[str]:
    cells = [redact(one.title).text, redact(one.place).text, in_words(one.count), in_words(one.appellants)]
    return [*cells, STAGES.get(one.stage, one.stage)] if with_stage else cells


def _by_unit(lines: list[sources.CaseLine]) -> list[tuple[str, list[sources.CaseLine]]]:
    sets: dict[UUID | None, list[sources.CaseLine]] = {}
    for line in lines:
        sets.setdefault(line.unit_id, []).append(line)
    book = unit_book().by_id
    named = [(book[unit].name if unit in book else "待分拨", cases) for unit, cases in sets.items()]
    return sorted(named, key=lambda one: (-len(one[1]), one[0]))


def _overdue(lines: list[sources.CaseLine]) -> Section:
    rows = []
    for name, cases in _by_unit(lines)[:MOST_ROWS]:
        due = min((one.due_at for one in cases if one.due_at), default=None)
        when = date_in_figures(due.date()) if due else NONE
        rows.append(_row(f"late-{cases[0].number}", (name, str(len(cases)), when, _some(cases))))
    return {"text": "" if rows else "截至统计时，各单位无超期在办工单。", "rows": rows}


def _some(cases: list[sources.CaseLine]) -> str:
    shown = "、".join(one.number for one in cases[:4])
    return shown + (f"等{len(cases)}件" if len(cases) > 4 else "")  # noqa: PLR2004 - as many as fit two lines


def _returned(bulletin: Bulletin, days: Days) -> Section:
    lines = sources.returned(bulletin.area_path, since=days.since, until=days.until)
    rows = [
        _row(f"back-{cases[0].number}", (name, str(len(cases)), _some(cases)))
        for name, cases in _by_unit(lines)[:MOST_ROWS]
    ]
    text = "按工单现承办单位归集，退回理由及裁决见工单。" if rows else "本期登记的工单无退回。"
    return {"text": text, "rows": rows}


def _praised(bulletin: Bulletin, days: Days) -> Section:
    found = sources.praise(bulletin.area_path, since=days.since, until=days.until)
    book = unit_book().by_id
    rows = [
        _row(
            f"praise-{place}",
            (one.text, book[one.unit_id].name if one.unit_id in book else ""),
            number=one.number,
        )
        for place, one in enumerate(sources.fair_sample(found, MOST_PRAISE))
    ]
    return {"text": "" if rows else "本期未收到附有文字的满分评价。", "rows": rows}


def _voices(bulletin: Bulletin, days: Days) -> Section:
    found = sources.said(bulletin.area_path, since=days.since, until=days.until)
    rows = [
        _row(f"voice-{place}", (one.text, _kind_of(one)), number=one.number)
        for place, one in enumerate(sources.fair_sample(found, MOST_VOICES))
    ]
    return {
        "text": "以下为随机抽取的群众原话，已隐去个人信息。" if rows else "本期无可摘录的群众原声。",
        "rows": rows,
    }


def _kind_of(voice: sources.Voice) -> str:
    """Return the kind of matter a voice is about; its place could point at a person."""
    names = published().by_code
    top = names.get(voice.item_code[:2])
    return top.name if top else ""


def promised(earlier: Bulletin | None, *, at: datetime) -> Section:
    """Return what the bulletin before promised, and what came of it, as people said or orders stand."""
    if earlier is None:
        return {"text": "上期未发布，无承诺事项。", "rows": []}
    rows, promises = [], list(earlier.promises.all())
    came = outcomes(promises, at=at)
    for one in promises:
        due = date_in_figures(one.due_on) if one.due_on else NONE
        told = (one.text, one.owner or NONE, due, outcome_in_words(came[one.place]))
        rows.append(_row(f"promise-{one.pk}", told))
    return {"text": "" if rows else "上期未列承诺事项。", "rows": rows}


def notes(bulletin: Bulletin) -> str:
    """Return how the numbers were counted: when, of what, what was left out and why, what is not told."""
    counted = bulletin.counted_at.astimezone(Days(bulletin.starts_on, bulletin.ends_on).since.tzinfo)
    lines = [
        f"数据截至{date_in_figures(counted.date())}{counted:%H:%M}。各项数据按事项发生的日期统计，比率的分母列于表中。"
    ]
    for key in SHARES:
        left = left_out(key, counted_of(bulletin.numbers.get(key)))
        if left:
            lines.append(f"{WORDS[key][0]}未计入：{left}。")
    lines.append("不足5件的数不列出；基数不足30件的比率只列区间（95%置信）。未回答的不计为满意。")
    return "\n".join(lines)
