"""Reading CSV: dialects, broken quotation marks, limits, and never a line lost."""

import gzip
import io
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import assume, given
from hypothesis import strategies as st

from huying.kit.tabular import Limits, Row, TableRefusal, header_key, read_table
from huying.kit.tabular.table import CONTROL

FEW_CONTROLS = 8


def rows_of(data: bytes | str, name: str = "appeals.csv", limits: Limits | None = None) -> list[Row]:
    with read_table(data.encode() if isinstance(data, str) else data, name=name, limits=limits) as table:
        return list(table)


def refusal_of(data: bytes, name: str = "appeals.csv", limits: Limits | None = None) -> str:
    with pytest.raises(TableRefusal) as refused:
        rows_of(data, name, limits)
    assert name in refused.value.sentence
    return refused.value.reason.key


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_delimiter_and_line_end_gives_the_same_rows(delimiter: str, end: str) -> None:
    lines = [["编号", "内容", "时间"], ["1", "路灯,坏了;真的", "2026-03-01"], ["2", '他说"好"', ""]]
    quoted = [delimiter.join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines]
    with read_table(end.join(quoted).encode(), name="a.csv") as table:
        assert table.delimiter == delimiter
        assert [list(row.values.values()) for row in table] == lines[1:]


def test_marks_in_the_cells_do_not_outvote_the_header() -> None:
    rows = rows_of('编号,内容\n0,"路灯\n1," x;,"\n2,"\n灯;坏"')
    assert rows[0].values["编号"] == "0"


def test_a_row_knows_its_line_and_a_cell_may_hold_line_breaks() -> None:
    rows = rows_of('编号,内容\r\n1,"第一行\r\n第二行"\r\n\r\n2,短\r\n')
    assert [(row.line, row.values["内容"], row.errors) for row in rows] == [
        (2, "第一行\n第二行", ()),
        (5, "短", ()),
    ]


def test_uneven_rows_are_told_with_their_line_and_keep_what_they_have() -> None:
    rows = rows_of("a,b,c\n1,2\n1,2,3\n1,2,3,4\n1,2,3,,\n")
    assert [(row.line, [error.key for error in row.errors]) for row in rows] == [
        (2, ["row_too_short"]),
        (3, []),
        (4, ["row_too_long"]),
        (5, []),
    ]
    assert rows[0].values == {"a": "1", "b": "2", "c": ""}
    with translation.override("en"):
        assert rows[0].errors[0].sentence == "The row has 2 cells, the header has 3."


def test_zero_bytes_and_control_characters_are_removed_and_noted() -> None:
    rows = rows_of(b"id,text\n1,lamp\x00 is\x07 out\n2,fine\n")
    assert rows[0].values == {"id": "1", "text": "lamp is out"}
    assert [note.key for note in rows[0].notes] == ["control_removed"]
    assert (rows[0].errors, rows[1].notes) == ((), ())


def test_formulas_stay_the_text_they_are() -> None:
    rows = rows_of("id,text\n1,=1+1\n2,@SUM(A1)\n3,-5\n4,+8613800000000\n")
    assert [row.values["text"] for row in rows] == ["=1+1", "@SUM(A1)", "-5", "+8613800000000"]


def test_a_header_is_tidied_and_made_distinct() -> None:
    data = "\ufeff *编号 ,时间,时间,,　内　容：\n1,2,3,4,5\n"
    with read_table(data.encode(), name="a.csv") as table:
        assert table.header == ("编号", "时间", "时间 (2)", "column 4", "内 容")
        assert [note.key for note in table.notes] == ["header_doubled", "header_unnamed"]
        assert next(iter(table)).values["内 容"] == "5"
    assert header_key("Created_At ") == header_key("created at")


def test_a_title_above_the_header_is_skipped_and_told() -> None:
    data = "\n某街道诉求台账,,\n制表日期：3月,,\n编号,内容,时间\n1,路灯,3月1日\n"
    with read_table(data.encode(), name="a.csv") as table:
        assert table.header == ("编号", "内容", "时间")
        assert [note.details["line"] for note in table.notes] == [2, 3]
        assert [row.line for row in table] == [5]


def test_a_table_of_one_column_has_its_first_line_as_header() -> None:
    rows = rows_of("内容\n路灯坏了\n井盖没了\n")
    assert [row.values for row in rows] == [{"内容": "路灯坏了"}, {"内容": "井盖没了"}]


def test_a_declared_delimiter_is_obeyed() -> None:
    rows = rows_of("sep=;\r\na;b\r\n1,5;2\r\n")
    assert [(row.line, row.values) for row in rows] == [(3, {"a": "1,5", "b": "2"})]


def test_a_quotation_mark_left_open_damages_its_own_line_only() -> None:
    lines = ["id,text", *(f"{number},lamp {number}" for number in range(1, 3000))]
    lines[1000] = '1000,"lamp 1000'
    rows = rows_of("\n".join(lines))
    assert len(rows) == 2999
    broken = [row for row in rows if row.errors]
    assert [(row.line, row.values) for row in broken] == [(1001, {"id": "1000", "text": "lamp 1000"})]
    assert broken[0].errors[0].key == "quotes_broken"


def test_quotation_marks_inside_a_quoted_cell_keep_its_columns() -> None:
    rows = rows_of('id,text,place\n1,"he said "hi" there",here\n2,ok,there\n')
    assert list(rows[0].values.values())[::2] == ["1", "here"]
    assert "hi" in rows[0].values["text"]
    assert [error.key for error in rows[0].errors] == ["quotes_broken"]
    assert rows[1].errors == ()


@given(st.lists(st.text("路灯坏了 x,\n;'=", max_size=12), min_size=3, max_size=30), st.data())
def test_no_line_is_lost_wherever_quotation_marks_go_astray(texts: list[str], data: st.DataObject) -> None:
    lines = ["编号,内容", *(f'{n},"{text}"' for n, text in enumerate(texts))]
    struck = data.draw(st.sampled_from(range(1, len(lines))))
    lines[struck] = f'{struck - 1},"路灯'
    seen = [row.values["编号"] for row in rows_of("\n".join(lines))]
    assert [number for number in seen if number in {str(n) for n in range(struck)}][:struck] == [
        str(n) for n in range(struck)
    ]
    assert str(struck - 1) in seen
    whole = "\n".join("".join(row.values.values()) for row in rows_of("\n".join(lines)))
    assert all(str(n) in whole for n in range(len(texts)))


@given(st.binary(max_size=400))
def test_any_bytes_give_rows_or_a_refusal_with_a_name(data: bytes) -> None:
    try:
        rows = rows_of(data)
    except TableRefusal as refused:
        assert refused.sentence  # noqa: PT017 - either outcome is right, silence is not
    else:
        assert all(len(row.values) == len(rows[0].values) for row in rows)


@given(st.text(max_size=300))
def test_any_text_in_a_cell_comes_back(text: str) -> None:
    # A file that is hardly anything but control characters is no table, and refused as such.
    assume(len(CONTROL.findall(text)) <= FEW_CONTROLS)
    quoted = text.encode("utf-8", "replace").decode().replace('"', '""')
    rows = rows_of(f'id,text\n1,"{quoted}"\n2,end\n')
    assert rows[-1].values == {"id": "2", "text": "end"}
    assert len(rows) == 2


def test_a_file_of_control_characters_is_no_table() -> None:
    assert refusal_of(f'id,text\n1,"{chr(1) * 2 * FEW_CONTROLS}"\n'.encode()) == "not_a_table"
    assert len(rows_of(f'id,text\n1,"{chr(1) * FEW_CONTROLS}"\n')) == 1


def test_gzip_is_unpacked_and_its_progress_counts_packed_bytes(tmp_path: Path) -> None:
    path = tmp_path / "appeals.csv.gz"
    path.write_bytes(gzip.compress(b"id,text\n" + b"".join(b"%d,lamp\n" % n for n in range(50_000))))
    with read_table(path, name=path.name) as table:
        assert (table.kind, table.unit, table.total) == ("csv.gz", "bytes", path.stat().st_size)
        places = [table.done for row in table if row.line % 10_000 == 0]
    assert places == sorted(places)
    assert 0 < places[0] < places[-1] <= table.total == table.done


def test_an_open_file_a_pipe_and_bytes_read_alike(tmp_path: Path) -> None:
    class Pipe:
        """Something that can only be read, and only once."""

        def __init__(self, data: bytes) -> None:
            self._data = io.BytesIO(data)

        def read(self, size: int = -1, /) -> bytes:
            return self._data.read(size)

    data = "编号,内容\n1,路灯\n".encode("gb18030")
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    with path.open("rb") as file:
        for source in (data, path, file, Pipe(data)):
            with read_table(source, name="a.csv") as table:
                assert [row.values["内容"] for row in table] == ["路灯"]
        assert not file.closed


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "table_empty"),
        (b"\n\n  ,\t\n", "table_empty"),
        (b"%PDF-1.7 ...", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n", "not_a_table"),
        (b"\x01\x02\x03\x04\x05\x06" * 50, "not_a_table"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "markup_not_a_workbook"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "markup_not_a_workbook"),
        (gzip.compress(b"id,text\n" * 5000, mtime=0)[:-20], "file_broken"),
        (b"\x1f\x8bnonsense", "file_broken"),
    ],
)
def test_what_is_no_table_is_refused_by_name(data: bytes, key: str) -> None:
    assert refusal_of(data) == key


def test_a_bomb_is_refused_before_its_first_row() -> None:
    bomb = gzip.compress(b"a,b\n" + b"1,2\n" * 3_000_000, mtime=0)
    assert len(bomb) < 30_000
    with pytest.raises(TableRefusal) as refused:
        read_table(bomb, name="bomb.csv.gz", limits=Limits(most_unpacked_bytes=2**20))
    assert refused.value.reason.key == "unpacked_too_large"


def test_each_limit_is_told_by_name() -> None:
    data = b"id,text\n1,lamp\n2,light\n"
    assert refusal_of(data, limits=Limits(most_bytes=10)) == "table_too_large"
    assert refusal_of(data, limits=Limits(most_rows=1)) == "too_many_rows"
    assert refusal_of(data, limits=Limits(most_columns=1)) == "too_many_columns"
    assert refusal_of(data, limits=Limits(most_line_characters=6)) == "line_too_long"
    assert len(rows_of(data, limits=Limits(most_rows=2, most_columns=2, most_bytes=len(data)))) == 2


def test_a_megabyte_in_one_cell_is_kept_and_told() -> None:
    row, after = rows_of("id,text\n1," + "长" * 1_000_000 + "\n2,短\n")
    assert len(row.values["text"]) == 1_000_000
    assert [error.key for error in row.errors] == ["cell_too_long"]
    assert after.errors == ()


def test_a_header_alone_is_a_table_without_rows() -> None:
    assert rows_of("编号,内容\n") == []
