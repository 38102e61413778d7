"""Reading Excel and OpenDocument: values as people read them, and bombs that harm nobody."""

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
import xlsxwriter
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from huying.kit.tabular import Limits, TableRefusal, read_table, write_xlsx
from huying.kit.tabular.workbook_child import cell_text, has_lost_digits
from huying.kit.tests.tabular_samples import make_compound, make_ods, make_xls, make_zip

HEADER, ROW = ["编号", "内容"], ["001", "路灯坏了"]


def make_xlsx(*sheets: tuple[str, Sequence[Sequence[object]]], hidden: str = "") -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for name, rows in sheets:
            page = workbook.add_worksheet(name)
            if name == hidden:
                page.hide()
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, datetime | date | time):
                        page.write_datetime(number, place, cell, moment)
                    else:
                        page.write(number, place, cell)
    return target.getvalue()


def refusal_of(data: bytes, limits: Limits | None = None, sheet: str | None = None) -> str:
    with (
        pytest.raises(TableRefusal) as refused,
        read_table(data, name="appeals.xlsx", limits=limits, sheet=sheet) as table,
    ):
        list(table)
    assert "appeals.xlsx" in refused.value.sentence
    return refused.value.reason.key


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (make_xlsx(("台账", [HEADER, ROW])), "xlsx"),
        (make_xls([HEADER, ROW]), "xls"),
        (make_ods([HEADER, ROW]), "ods"),
    ],
)
def test_every_kind_of_workbook_is_told_by_its_bytes(data: bytes, kind: str) -> None:
    with read_table(data, name="wrong-name.csv") as table:
        assert (table.kind, table.sheet, table.header) == (kind, "台账", ("编号", "内容"))
        assert [(row.line, row.values) for row in table] == [(2, {"编号": "001", "内容": "路灯坏了"})]
        assert (table.done, table.total, table.unit) == (2, 2, "rows")


def test_cells_are_read_as_people_read_them() -> None:
    cells = [
        440310001002003,
        1.5,
        True,
        datetime(2026, 3, 1, 9, 30, tzinfo=UTC).replace(tzinfo=None),
        date(2026, 3, 1),
        time(9, 30),
        "=1+1",
        "007",
        "",
        "第一行\r\n第二行\x07",
        0.00001,
    ]
    data = make_xlsx(("s", [["c"] * len(cells), [*cells]]))
    with read_table(data, name="a.xlsx") as table:
        (row,) = table
    assert list(row.values.values()) == [
        "440310001002003",
        "1.5",
        "TRUE",
        "2026-03-01 09:30:00",
        "2026-03-01",
        "09:30:00",
        "0",
        "007",
        "",
        "第一行\n第二行",
        "0.00001",
    ]
    assert [note.key for note in row.notes] == ["control_removed"]


def test_a_number_too_long_for_excel_is_told() -> None:
    data = make_xlsx(("s", [["证件", "名"], [440310199001011234, "a"], ["440310199001011234", "b"]]))
    with read_table(data, name="a.xlsx") as table:
        lost, kept = table
    with translation.override("en"):
        assert [note.sentence for note in lost.notes] == [
            "Excel keeps 15 digits of a number; the last digits of 证件 are lost."
        ]
    assert kept.values["证件"] == "440310199001011234"
    assert kept.notes == ()


def test_the_first_visible_sheet_with_rows_is_read_and_the_others_are_named() -> None:
    sheets = [(name, [["a", "b"], [name, "1"]]) for name in ("隐藏", "三月", "四月")]
    data = make_xlsx(("封面", []), *sheets, hidden="隐藏")
    with read_table(data, name="a.xlsx") as table:
        assert table.sheet == "三月"
        assert [note.details["others"] for note in table.notes] == ["四月"]
    with read_table(data, name="a.xlsx", sheet="四月") as table:
        assert [row.values["a"] for row in table] == ["四月"]
    assert refusal_of(data, sheet="五月") == "sheet_missing"


def test_rows_keep_the_number_they_have_on_the_sheet() -> None:
    data = make_xlsx(("s", [[], ["某街道台账"], ["a", "b"], [], [1, 2], ["", ""], [3]]))
    with read_table(data, name="a.xlsx") as table:
        assert [note.key for note in table.notes] == ["title_skipped"]
        assert [(row.line, row.values["a"]) for row in table] == [(5, "1"), (7, "3")]


def test_one_cell_in_the_last_corner_kills_no_process_but_its_own() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        page = workbook.add_worksheet()
        page.write_string(0, 0, "a")
        page.write_string(1_048_575, 16_383, "b")
    assert len(target.getvalue()) < 10_000
    assert refusal_of(target.getvalue()) == "workbook_too_large"


@pytest.mark.parametrize("columns", [200, 16_384])
def test_rows_repeated_a_million_times_are_bounded(columns: int) -> None:
    extra = (
        '<table:table-row table:number-rows-repeated="1048576">'
        f'<table:table-cell table:number-columns-repeated="{columns}" office:value-type="string">'
        "<text:p>x</text:p></table:table-cell></table:table-row>"
    )
    limits = Limits(most_workbook_cpu_seconds=5, most_workbook_memory_bytes=2**28)
    assert refusal_of(make_ods([HEADER], extra), limits) in {"workbook_broken", "workbook_too_large"}


def test_an_archive_that_unpacks_to_too_much_is_not_opened() -> None:
    bomb = make_zip({"xl/workbook.xml": "<x/>", "xl/worksheets/sheet1.xml": b"0" * 5_000_000})
    assert refusal_of(bomb, Limits(most_workbook_bytes=2**20)) == "unpacked_too_large"
    crowd = make_zip({"xl/workbook.xml": "<x/>", **{f"m{number}": "" for number in range(10_001)}})
    assert refusal_of(crowd) == "unpacked_too_large"


def test_an_archive_that_lies_about_its_size_is_bounded_by_memory() -> None:
    honest = make_zip({"[Content_Types].xml": "<x/>", "xl/workbook.xml": b" " * 400_000_000})
    liar = honest.replace((400_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert liar != honest
    assert refusal_of(liar, Limits(most_workbook_memory_bytes=2**28)) in {
        "workbook_broken",
        "workbook_too_large",
    }


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (make_zip({"photo.jpg": b"\xff\xd8"}), "zip_not_a_workbook"),
        (make_zip({"xl/workbook.xml": "junk"}), "workbook_broken"),
        (b"PK\x03\x04 torn", "workbook_broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "workbook_broken"),
        (make_xlsx(("leer", [])), "table_empty"),
        (make_xlsx(("s", [HEADER, ROW]))[:-400], "workbook_broken"),
    ],
)
def test_what_cannot_be_opened_is_refused_by_name(data: bytes, key: str) -> None:
    assert refusal_of(data) == key


def test_too_many_rows_stop_the_reading_and_its_process() -> None:
    data = make_xlsx(("s", [["a", "b"], *[[number, 1] for number in range(50)]]))
    assert refusal_of(data, Limits(most_rows=10)) == "too_many_rows"


def test_a_table_left_half_read_leaves_no_process_behind(tmp_path: Path) -> None:
    path = tmp_path / "long.xlsx"
    write_xlsx(path, ["a", "b"], ([number, "x" * 50] for number in range(20_000)))
    with read_table(path, name=path.name) as table:
        assert next(iter(table)).values["a"] == "0"
        held = table._held
    assert not held.pop_all()._exit_callbacks  # type: ignore[attr-defined]  # nothing is left to end


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 5000), st.binary(min_size=1, max_size=20))
def test_a_workbook_with_any_bytes_changed_gives_rows_or_a_refusal(at: int, junk: bytes) -> None:
    data = bytearray(make_xlsx(("s", [HEADER, ROW])))
    at %= len(data)
    data[at : at + len(junk)] = junk
    try:
        with read_table(bytes(data), name="a.xlsx") as table:
            list(table)
    except TableRefusal as refused:
        assert refused.sentence  # noqa: PT017 - either outcome is right, silence is not


def test_values_become_text_without_losing_anything() -> None:
    assert cell_text(-0.0) == "0"
    assert cell_text(1e20) == "100000000000000000000"
    assert cell_text(datetime(2026, 3, 1, 9, 30, 5, 600000, tzinfo=UTC).replace(tzinfo=None)) == (
        "2026-03-01 09:30:05.600"
    )
    assert has_lost_digits(1e15)
    assert not has_lost_digits(value=True)
    assert not has_lost_digits("1" * 20)


def test_a_locked_workbook_is_told_apart_from_a_broken_one() -> None:
    data = bytearray(make_xlsx(("s", [HEADER, ROW])))
    directory = data.index(b"PK\x01\x02")
    data[directory + 8] |= 1  # says that the member is encrypted
    assert refusal_of(bytes(data)) == "workbook_locked"
    assert refusal_of(make_compound("EncryptedPackage", b"secret" * 1000)) == "workbook_locked"
    assert refusal_of(make_compound("Something", b"secret" * 1000)) == "workbook_broken"
