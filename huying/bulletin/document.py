"""A bulletin as a document, and as a workbook: what was left in it, in the order its writers gave it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import xlsxwriter

from huying.bulletin.composing import FIGURES, QUOTED, TABLES, head_of_table
from huying.bulletin.models import BulletinState, Span
from huying.bulletin.numbers import (
    COUNTS,
    NONE,
    SHARES,
    SMALL,
    WORDS,
    counted_of,
    in_words,
    left_out,
    told_of,
)
from huying.catalogue.core.calendar import local_day
from huying.kit.paper import Block, Form, Heading, Paper, Para, Quote, Table
from huying.kit.paper.model import date_in_figures

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from huying.bulletin.models import Bulletin, Letterhead, Promise

MASTHEADS = {Span.DAY: "民生诉求日报", Span.WEEK: "民生诉求周报", Span.MONTH: "民生诉求月报"}


def masthead_of(bulletin: Bulletin, head: Letterhead) -> str:
    """Return what a bulletin is called."""
    own = head.masthead if bulletin.span == Span.WEEK else ""
    return own or MASTHEADS[Span(bulletin.span)]


def issue_of(bulletin: Bulletin) -> str:
    """Return the issue as it is printed; a later edition says that it puts right."""
    if bulletin.number is None:
        return ""
    again = f"（更正第{bulletin.edition - 1}次）" if bulletin.edition > 1 else ""
    return f"〔{bulletin.year}〕第{bulletin.number}期{again}"


def days_in_words(bulletin: Bulletin) -> str:
    """Return the days a bulletin tells of, as they are printed."""
    first, last = date_in_figures(bulletin.starts_on), date_in_figures(bulletin.ends_on)
    return (
        first if first == last else f"{first}至{last.partition('年')[2] if first[:5] == last[:5] else last}"
    )


def kept_rows(section: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of a section nobody took out."""
    return [row for row in section["rows"] if not row["removed"]]


def bulletin_paper(bulletin: Bulletin, promises: list[Promise], head: Letterhead, *, at: datetime) -> Paper:
    """Return a bulletin as a document, marked as a draft until it is released."""
    blocks: list[Block] = []
    if bulletin.correction:
        blocks.append(Para(bulletin.correction, lead="更正说明："))
    for section in bulletin.sections:
        if section["on"]:
            blocks += _blocks(section, bulletin, promises)
    return Paper(
        title=f"{bulletin.area.name}民生诉求办理情况\n（{days_in_words(bulletin)}）",
        form=Form.BULLETIN, masthead=masthead_of(bulletin, head), number=issue_of(bulletin),
        issuer=head.issuer, dated_on=local_day(bulletin.released_at or at), blocks=tuple(blocks),
        copies_to=tuple(filter(None, head.copies_to.replace("，", ",").split(","))),
        printed_by=head.printed_by or head.issuer, printed_on=local_day(bulletin.released_at or at),
        mark="" if bulletin.state == BulletinState.RELEASED else "草稿，未发布",
    )  # fmt: skip


def _blocks(section: dict[str, Any], bulletin: Bulletin, promises: list[Promise]) -> Iterator[Block]:
    rows = [tuple(row["cells"]) for row in kept_rows(section)]
    if section["key"] == "next":
        rows = [
            (one.text, one.owner or NONE, date_in_figures(one.due_on) if one.due_on else NONE)
            for one in promises
        ]
        if not rows and not section["text"]:
            return
    yield Heading(section["title"])
    yield from (Para(text) for text in section["text"].split("\n") if text.strip())
    if section["key"] in QUOTED:
        yield from (Quote(*row) for row in rows)
    elif rows:
        key = section["key"]
        heads = head_of_table(key, bulletin.span)
        yield Table(heads, tuple(rows), widths=TABLES[key][1], figures=FIGURES.get(key, ()))


def bulletin_workbook(bulletin: Bulletin, promises: list[Promise]) -> bytes:
    """Return a bulletin's tables as a workbook, a sheet a section; numbers that are told stand as numbers."""
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(
        kept,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    bold = book.add_format({"bold": True, "bg_color": "#F4F1EC", "border": 1})
    sheet = book.add_worksheet("数据")
    heads = ("指标", "数值", "分子", "分母（n）", "未计入")
    for column, name in enumerate(heads):
        sheet.write_string(0, column, name, bold)
    for row, key in enumerate((*COUNTS, *SHARES), 1):
        counted = counted_of(bulletin.numbers.get(key))
        sheet.write_string(row, 0, WORDS[key][0])
        _cell(sheet, row, 1, told_of(key, counted))
        if key in SHARES and told_of(key, counted) != SMALL:
            _cell(sheet, row, 2, in_words(counted.hits))
            _cell(sheet, row, 3, in_words(counted.whole))
        sheet.write_string(row, 4, left_out(key, counted))
    sheet.set_column(0, 0, 24)
    sheet.set_column(4, 4, 50)
    for section in bulletin.sections:
        if section["on"] and section["key"] != "numbers":
            _sheet(book, bold, section, bulletin, promises)
    book.close()
    return kept.getvalue()


def _sheet(
    book: xlsxwriter.Workbook,
    bold: Any,  # noqa: ANN401 - xlsxwriter has no types
    section: dict[str, Any],
    bulletin: Bulletin,
    promises: list[Promise],
) -> None:
    key = section["key"]
    rows = [list(row["cells"]) for row in kept_rows(section)]
    if key == "next":
        rows = [[one.text, one.owner, one.due_on.isoformat() if one.due_on else ""] for one in promises]
    if not rows:
        return
    heads = head_of_table(key, bulletin.span) if key in TABLES else ("原话", "类别或单位")
    sheet = book.add_worksheet(_sheet_name(section["title"], book))
    for column, name in enumerate(heads):
        sheet.write_string(0, column, name, bold)
        sheet.set_column(column, column, 28)
    for place, row in enumerate(rows, 1):
        for column, text in enumerate(row):
            _cell(sheet, place, column, text)


def _sheet_name(title: str, book: xlsxwriter.Workbook) -> str:
    """Return a name a workbook takes: 31 characters, none of those Excel refuses, each once."""
    plain = "".join(one for one in title if one not in "[]:*?/\\'")[:28] or "表"
    taken = {sheet.get_name() for sheet in book.worksheets()}
    return plain if plain not in taken else f"{plain}{len(taken)}"


def _cell(sheet: Any, row: int, column: int, text: str) -> None:  # noqa: ANN401 - likewise
    if text.isascii() and text.isdigit() and len(text) <= 9:  # noqa: PLR2004 - a longer one is no count
        sheet.write_number(row, column, int(text))
    else:
        sheet.write_string(row, column, text)
