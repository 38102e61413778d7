"""Tables that come in broken or armed, and tables that go out: every row told or taken, no cell runs."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from huying.catalogue.exchange import COLUMNS, lines_of, read_catalogue
from huying.catalogue.models import Item
from huying.intake.models import Appeal, ImportRun, Inbound
from huying.journeys.imports import import_file
from huying.kit.errors import Refusal
from huying.kit.tabular import read_table, write_csv, write_xlsx
from huying.ledger.actor import SYSTEM
from huying.ledger.queries import verify
from huying.people.models import Account

if TYPE_CHECKING:
    from pathlib import Path

    from huying.intake.models import ImportProblem

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
FORMULAS = (
    "=cmd|' /C calc'!A1",
    "+1+cmd|'x'!A1",
    "-2+3+cmd|'x'!A1",
    "@SUM(1+1)*cmd|'x'!A1",
    "\t=1+1",
    "＝1+1",
)
ARMED = re.compile(r"^\s*[=+\-@＝＋－＠]")
HEADER = ["key", "text", "lat", "lon", "occurred_at"]


def take_in(path: Path) -> tuple[ImportRun, list[ImportProblem]]:
    run = import_file(path, channel="import", by=SYSTEM)
    return run, list(run.problems.order_by("line"))


def sheet(path: Path, rows: list[list[str]], encoding: str = "utf-8") -> Path:
    out = io.StringIO()
    csv.writer(out).writerows([HEADER, *rows])
    path.write_bytes(out.getvalue().encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le"])
def test_a_file_in_any_encoding_of_chinese_towns_is_read(tmp_path: Path, encoding: str) -> None:
    rows = [[f"{encoding}-{row}", f"听澜花园门口的垃圾堆了{row}天没人清理", "", "", ""] for row in range(20)]
    run, problems = take_in(sheet(tmp_path / "来信.csv", rows, encoding))
    assert (run.taken, run.refused, problems) == (20, 0, [])
    texts = set(Appeal.objects.filter(channel="import").values_list("text", flat=True))
    assert texts == {row[1] for row in rows}


def test_bad_rows_are_told_by_line_and_the_others_are_taken(tmp_path: Path) -> None:
    rows = [
        ["good-1", "路灯坏了", "22.7025", "114.0025", "2026-01-02 10:00"],
        ["", "没有编号", "", "", ""],
        ["no-text", "", "", "", ""],
        ["not-a-number", "坐标是文字", "北纬", "东经", ""],
        ["nan", "坐标不是数", "NaN", "114", ""],
        ["swapped", "坐标写反了", "114.0", "22.7", ""],
        ["zero", "坐标为零", "0", "0", ""],
        ["future", "将来的事", "", "", "2999-01-01 00:00"],
        ["no-time", "时间不对", "", "", "昨天"],
        ["long", "长" * 20_001, "", "", ""],
        ["k" * 201, "编号太长", "", "", ""],
        ["good-2", "<script>alert(1)</script>", "", "", ""],
        ["good-1", "同一个编号", "", "", ""],
        ["good-3", "a\x07b\u202ec", "", "", ""],
    ]
    run, problems = take_in(sheet(tmp_path / "来信.csv", rows))
    keys = Inbound.objects.filter(channel="import").values_list("key", flat=True)
    assert sorted(keys) == ["good-1", "good-2", "good-3"]
    assert (run.rows_read, run.taken, run.known, run.refused) == (14, 3, 1, 10)
    # The header is line 1.
    assert [problem.line for problem in problems] == list(range(3, 13))
    assert all(problem.sentence and problem.reason for problem in problems)
    assert problems[-1].row["text"] == "编号太长"
    assert verify().broken is None


NO_TABLES = {
    "nothing": b"",
    "only a header": b"key,text\n",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(500),
    "a workbook that breaks off": b"PK\x03\x04" + bytes(200),
    "NUL bytes": bytes(2000),
    "columns nobody knows": "甲,乙\n1,2\n".encode(),
    "noise": bytes(range(256)) * 20,
}


@pytest.mark.parametrize("data", NO_TABLES.values(), ids=NO_TABLES)
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_file_that_is_no_table_is_refused_whole_or_has_no_rows(
    tmp_path: Path, data: bytes, suffix: str
) -> None:
    path = tmp_path / f"file{suffix}"
    path.write_bytes(data)
    try:
        taken = take_in(path)[0].taken
    except Refusal as refusal:
        taken = 0 if refusal.sentence else -1
    assert taken == 0
    assert not Inbound.objects.filter(channel="import").exists()


def test_formula_cells_come_in_as_words_and_go_out_again_neutralised(tmp_path: Path) -> None:
    rows = [[f"formula-{number}", formula, "", "", ""] for number, formula in enumerate(FORMULAS)]
    run, problems = take_in(sheet(tmp_path / "armed.csv", rows))
    assert (run.taken, problems) == (len(FORMULAS), [])
    texts = list(Appeal.objects.filter(channel="import").order_by("number").values_list("text", flat=True))
    assert all(not any(mark in text for mark in "\t\x00") for text in texts)
    write_csv(tmp_path / "out.csv", ["text"], [[text] for text in texts])
    write_xlsx(tmp_path / "out.xlsx", ["text"], [[text] for text in texts])
    assert not any(ARMED.match(cell) for row in cells_of(tmp_path / "out.csv") for cell in row)
    # In a workbook a text is a text by its type; no cell may be a formula.
    assert b"<f>" not in unpacked(tmp_path / "out.xlsx")
    page = CalamineWorkbook.from_path(str(tmp_path / "out.xlsx")).get_sheet_by_index(0)
    assert [str(row[0]) for row in page.to_python()] == ["text", *texts]


def test_refused_rows_are_handed_back_without_formulas(tmp_path: Path) -> None:
    path = sheet(tmp_path / "armed.csv", [["", formula, "", "", ""] for formula in FORMULAS])
    run, problems = take_in(path)
    assert len(problems) == len(FORMULAS)
    browser = Client()
    browser.force_login(Account.objects.get(username="guan"))
    answer = browser.get(f"/desk/office/import/{run.pk}/refused.csv")
    assert answer.status_code == 200
    text = b"".join(getattr(answer, "streaming_content", [answer.content])).decode("utf-8-sig")
    table = list(csv.reader(io.StringIO(text)))
    assert len(table) == len(FORMULAS) + 1
    assert not any(ARMED.match(cell) for row in table for cell in row)


def test_a_catalogue_with_formulas_goes_out_neutralised_and_comes_in_the_same(tmp_path: Path) -> None:
    item = Item.objects.filter(version__state="published", is_leaf=True).order_by("code")[0]
    item.name, item.keywords, item.parent_code = FORMULAS[0], ["=1+1", "@SUM(A1)"], ""
    write_csv(tmp_path / "catalogue.csv", COLUMNS, lines_of([item]))
    (_, row) = cells_of(tmp_path / "catalogue.csv")
    assert not any(ARMED.match(cell) for cell in row)
    with read_table(tmp_path / "catalogue.csv", name="catalogue.csv") as table:
        read = read_catalogue(table)
    assert [(one.name, one.keywords) for one in read.items] == [(item.name, item.keywords)]


def cells_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def unpacked(path: Path) -> bytes:
    """Return every part of a workbook, one after the other."""
    with zipfile.ZipFile(path) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())
