"""Tables of tellings: columns guessed, moments in any usual form, faults told, the rest read all the same."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from huying.insight.core.hotspots_reading import Columns, read_moment, read_tellings, street_of
from huying.insight.core.hotspots_reasons import HotSpotRefusal
from huying.kit.tabular import TableRefusal
from huying.site.cli.hotspots import hotspots

from .test_hotspots import a_town

if TYPE_CHECKING:
    from pathlib import Path

CHINESE = (
    "留言编号,留言用户,留言主题,留言时间,留言详情,点赞数\n1,甲,路灯不亮,2019/2/28 8:05,松坪路路灯坏了,3\n"
)


def a_table(folder: Path, words: str) -> Path:
    """Write a table and return where it is."""
    place = folder / "table.csv"
    place.write_text(words, encoding="utf-8")
    return place


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2019-02-28 11:25:05", datetime(2019, 2, 28, 11, 25, 5)),  # noqa: DTZ001 - as written
        ("2019/2/28 8:05", datetime(2019, 2, 28, 8, 5)),  # noqa: DTZ001 - as written
        ("2019年2月8日", datetime(2019, 2, 8)),  # noqa: DTZ001 - as written
        ("2025-06-08T18:07:46Z", datetime(2025, 6, 8, 18, 7, 46, tzinfo=UTC)),
        ("yesterday", None),
        ("2019-13-45", None),
        ("", None),
    ],
)
def test_a_moment_is_read_as_people_write_it(written: str, moment: datetime | None) -> None:
    """Two date formats of one file, days alone and ISO are read; nonsense is no moment."""
    assert read_moment(written) == moment


def test_columns_are_guessed_by_their_usual_names(tmp_path: Path) -> None:
    """A Chinese table needs no options."""
    (one,) = read_tellings(a_table(tmp_path, CHINESE), Columns()).tellings
    assert (one.id, one.appellant, one.title, one.text, one.likes) == (
        "1",
        "甲",
        "路灯不亮",
        "松坪路路灯坏了",
        3,
    )


def test_a_column_may_be_named(tmp_path: Path) -> None:
    """What cannot be guessed is named; what is named wrongly is refused with what there is."""
    table = a_table(tmp_path, "n,what,when\n7,Bin overflowing,2026-01-02\n")
    (one,) = read_tellings(table, Columns(id="n", text="WHAT", time="when")).tellings
    assert (one.id, one.text) == ("7", "Bin overflowing")
    with pytest.raises(HotSpotRefusal) as refused:
        read_tellings(table, Columns(text="words", time="when"))
    assert refused.value.reason.key == "column_unknown"
    with pytest.raises(HotSpotRefusal) as refused:
        read_tellings(table, Columns(text="what"))
    assert refused.value.reason.key == "column_missing"


def test_broken_rows_are_left_out_and_counted(tmp_path: Path) -> None:
    """No moment, no words, the same id again, points nowhere: each told, the rest is read."""
    rows = [
        "1,Bin,2026-01-02,99,200",
        "2,Bin,never,51.5,0.1",
        "3,,2026-01-02,51.5,0.1",
        "1,Again,2026-01-03,,",
        "4,Good,2026-01-03,51.5,0.1",
    ]
    read = read_tellings(a_table(tmp_path, "\n".join(["id,title,time,lat,lon", *rows])), Columns())
    assert (read.timeless, read.wordless, read.repeated) == (1, 1, 1)
    assert [(one.id, one.lat) for one in read.tellings] == [("1", None), ("4", 51.5)]


@pytest.mark.parametrize("words", ["", "title,time\n", "title,time\nBin,never\n"])
def test_a_table_with_nothing_in_it_is_refused(tmp_path: Path, words: str) -> None:
    """An empty file, a header alone and rows that all are broken say why."""
    with pytest.raises((HotSpotRefusal, TableRefusal)):
        read_tellings(a_table(tmp_path, words), Columns())


def test_a_street_is_what_neighbours_share() -> None:
    """House numbers and the wide city are left out."""
    assert street_of("73, High Street, Chislehurst, Greater London") == "High Street, Chislehurst"
    assert street_of("12-14, Bell Lane, London NW1") == "Bell Lane"
    assert street_of("") == street_of("17") == ""


def test_the_command_writes_a_list_and_a_page(tmp_path: Path) -> None:
    """Hottest first, members by their ids, evidence in the language of the appeals, nothing from outside."""
    rows = [f"{one.id},{one.title},{one.text},{one.at:%Y-%m-%d %H:%M:%S},{one.appellant}" for one in a_town()]
    table = a_table(tmp_path, "\n".join(["id,title,text,time,appellant", *rows]))
    out, page = tmp_path / "out.json", tmp_path / "out.html"
    ran = CliRunner().invoke(hotspots, [str(table), "--out", str(out), "--html", str(page)])
    assert ran.exit_code == 0, ran.output
    told = json.loads(out.read_text(encoding="utf-8"))
    asked = "id title place category first_at last_at count appellants heat stage members"
    assert set(asked.split()) <= set(told[0])
    assert [spot["heat"] for spot in told] == sorted((spot["heat"] for spot in told), reverse=True)
    assert {member for spot in told for member in spot["members"]} <= {one.id for one in a_town()}
    assert "诉求" in told[0]["evidence"][0]
    html = page.read_text(encoding="utf-8")
    assert told[0]["title"] in html
    assert "http" not in html
    assert "<script" not in html


def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    """A table it cannot read ends with 1 and the reason, and writes nothing."""
    out = tmp_path / "out.json"
    ran = CliRunner().invoke(hotspots, [str(a_table(tmp_path, "a,b\n1,2\n")), "--out", str(out)])
    assert ran.exit_code == 1
    assert "column_missing" in ran.output
    assert not out.exists()
