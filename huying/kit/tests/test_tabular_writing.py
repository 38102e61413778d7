"""Writing CSV and Excel: nothing runs as a formula, and what was written is read again."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huying.kit.tabular import Cell, TableRefusal, Written, read_table, write_csv, write_xlsx, writing
from huying.kit.tabular.formula import neutralise, restore

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)
cells = texts.map(lambda text: text.replace("\ufeff", "").replace("\ufffe", "").replace("\uffff", ""))


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "'=1", "\n=1"]
)
def test_what_looks_like_a_formula_is_neutralised(text: str) -> None:
    assert neutralise(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["", "路灯", "-12.5", "+8613800000000", "a=b", "'quoted'", "3-2", "mail@example.org"]
)
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert neutralise(text) == restore(text) == text


@given(st.text(st.sampled_from("'=+-@ \t\n1.a路＝"), max_size=8))
def test_restoring_undoes_neutralising_exactly(text: str) -> None:
    assert restore(neutralise(text)) == text
    assert not neutralise(text).startswith(("=", "@", "\t"))


@given(st.lists(st.tuples(cells, cells.filter(str.strip)), max_size=10))
def test_a_csv_that_was_written_reads_the_same(rows: list[tuple[str, str]]) -> None:
    target = io.BytesIO()
    assert write_csv(target, ["编号", "内容"], rows) == Written(len(rows))
    assert not target.closed
    with read_table(target.getvalue(), name="a.csv", delimiter=",") as table:
        assert [tuple(row.values.values()) for row in table] == rows


def test_a_csv_opens_in_excel_with_its_chinese() -> None:
    target = io.BytesIO()
    moment = datetime(2026, 3, 1, 1, 30, tzinfo=UTC)
    row: list[Cell] = ["=1+1", None, 1.5, True, moment, date(2026, 3, 1), Decimal("2.50"), "坏\ud800字"]
    write_csv(target, ["编", "-", "c", "d", "e", "f", "g", "h"], [row])
    assert (
        target.getvalue()
        == (
            "\ufeff编,'-,c,d,e,f,g,h\r\n'=1+1,,1.5,TRUE,2026-03-01 09:30:00,2026-03-01,2.50,坏\ufffd字\r\n"
        ).encode()
    )


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(cells, cells.filter(str.strip)), max_size=10))
def test_a_workbook_that_was_written_reads_the_same(rows: list[tuple[str, str]]) -> None:
    target = io.BytesIO()
    assert write_xlsx(target, ["编号", "内容"], rows) == Written(len(rows))
    with read_table(target.getvalue(), name="a.xlsx") as table:
        assert [tuple(row.values.values()) for row in table] == rows


def test_a_workbook_keeps_types_and_holds_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    moment = datetime(2026, 3, 1, 1, 30, tzinfo=UTC)
    cases: list[Cell] = [
        "=1+1", "http://example.org", "007", 440310199001011234, float("nan"), moment, date(2026, 3, 1),
        Decimal("2.5"), False, None, "a\x00b\ud800",
    ]  # fmt: skip
    write_xlsx(path, [f"c{number}" for number in range(len(cases))], [cases])
    with read_table(path, name="a.xlsx") as table:
        (row,) = table
    assert list(row.values.values()) == [
        "=1+1", "http://example.org", "007", "440310199001011234", "nan", "2026-03-01 09:30:00", "2026-03-01",
        "2.5", "FALSE", "", "ab\ufffd",
    ]  # fmt: skip
    assert row.notes == ()


def test_a_text_too_long_for_a_cell_is_cut_and_counted() -> None:
    target = io.BytesIO()
    assert write_xlsx(target, ["a", "b"], [["x", "长" * 40_000]]) == Written(1, cut_cells=1)
    with read_table(target.getvalue(), name="a.xlsx") as table:
        (row,) = table
    assert len(row.values["b"]) == writing.MOST_CELL_CHARACTERS
    assert row.values["b"].endswith("长…")


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_SHEET_ROWS", 3)
    assert write_xlsx(io.BytesIO(), ["a"], [["1"], ["2"]]).rows == 2
    with pytest.raises(TableRefusal) as refused:
        write_xlsx(io.BytesIO(), ["a"], [["1"], ["2"], ["3"]])
    assert refused.value.reason.key == "sheet_full"
