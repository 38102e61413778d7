"""A file goes in: every row once, however often it is begun, broken off, repeated or spoilt."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pytest

from huying.intake.models import Appeal, ImportProblem, ImportRun, ImportState, Inbound
from huying.journeys import imports
from huying.journeys.imports import import_file
from huying.kit.tabular import write_xlsx
from huying.ledger.actor import SYSTEM
from huying.ledger.queries import verify
from huying.testing.refusals import refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

pytestmark = pytest.mark.django_db
HEADER = ("工单编号", "标题", "诉求内容", "地址", "发生时间", "联系电话")


def rows(first: int, last: int) -> list[tuple[str, ...]]:
    """Return well-made rows, numbered."""
    return [
        (
            f"A{number:04d}",
            f"第{number}件",
            f"听澜花园门口第{number}堆垃圾没人清",
            "听澜花园",
            "2026-09-01 08:30",
            "13800008000",
        )
        for number in range(first, last)
    ]


def written(
    folder: Path, lines: Sequence[Sequence[str]], *, encoding: str = "utf-8", name: str = "in.csv"
) -> Path:
    path = folder / name
    path.write_bytes("\n".join(",".join(line) for line in (HEADER, *lines)).encode(encoding))
    return path


def take(path: Path, **more: Any) -> ImportRun:  # noqa: ANN401 - of import_file
    return import_file(path, channel=more.pop("channel", "import"), by=SYSTEM, **more)


def counts(run: ImportRun) -> tuple[int, int, int, int]:
    return run.rows_read, run.taken, run.known, run.refused


def keys() -> set[str]:
    return set(Inbound.objects.filter(channel="import").values_list("key", flat=True))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_row_is_found_again_by_its_key_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    run = take(written(tmp_path, rows(0, 7), encoding=encoding))
    assert counts(run) == (7, 7, 0, 0)
    assert (run.state, run.ended_at is not None) == (ImportState.DONE, True)
    assert keys() == {line[0] for line in rows(0, 7)}
    appeal = Appeal.objects.get(title="第3件")
    assert (appeal.text, appeal.place_words) == ("听澜花园门口第3堆垃圾没人清", "听澜花园")
    assert appeal.occurred_at is not None
    assert appeal.occurred_at.isoformat() == "2026-09-01T00:30:00+00:00"
    assert appeal.party.phone == "13800008000"


def test_a_workbook_and_a_packed_file_go_in_too(tmp_path: Path) -> None:
    book = tmp_path / "in.xlsx"
    write_xlsx(book, list(HEADER), rows(0, 3))
    assert counts(take(book)) == (3, 3, 0, 0)
    packed = tmp_path / "in.csv.gz"
    packed.write_bytes(gzip.compress(written(tmp_path, rows(3, 5)).read_bytes()))
    assert counts(take(packed)) == (2, 2, 0, 0)


def test_a_second_import_adds_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, rows(0, 5))
    take(path)
    before = Appeal.objects.count()
    again = take(path)
    assert counts(again) == (5, 0, 5, 0)
    assert Appeal.objects.count() == before
    assert ImportRun.objects.filter(file_sha256=again.file_sha256).count() == 2


def test_a_longer_file_of_the_next_day_adds_what_is_new(tmp_path: Path) -> None:
    take(written(tmp_path, rows(0, 5)))
    assert counts(take(written(tmp_path, rows(3, 9)))) == (6, 4, 2, 0)
    assert len(keys()) == 9


def test_broken_off_in_the_middle_it_goes_on_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "BATCH", 4)
    path = written(tmp_path, rows(0, 18))
    batches: list[int] = []

    def power_cut(_table: object, run: ImportRun) -> None:
        batches.append(run.rows_read)
        if len(batches) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(path, on_progress=power_cut)
    half = ImportRun.objects.get()
    assert (half.state, counts(half)) == (ImportState.RUNNING, (8, 8, 0, 0))
    run = take(path)
    assert (run.pk, counts(run)) == (half.pk, (18, 18, 0, 0))
    assert len(keys()) == 18
    assert Appeal.objects.filter(channel="import").count() == 18


def test_killed_between_the_rows_and_the_note_of_them_nothing_is_doubled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "BATCH", 4)
    path = written(tmp_path, [*rows(0, 3), ("", "", "没有编号", "", "", ""), *rows(3, 9)])
    save = ImportRun.save

    def killed(self: ImportRun, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's
        if self.rows_read:
            raise SystemExit
        save(self, *args, **kwargs)

    monkeypatch.setattr(ImportRun, "save", killed)
    with pytest.raises(SystemExit):
        take(path)
    monkeypatch.setattr(ImportRun, "save", save)
    assert Appeal.objects.filter(channel="import").count() == 3, "the first batch is on disk, unnoted"
    run = take(path)
    assert counts(run) == (10, 6, 3, 1)
    assert len(keys()) == 9
    assert ImportProblem.objects.filter(run=run).count() == 1


def test_every_row_that_is_not_taken_is_told_with_its_line_and_itself(tmp_path: Path) -> None:
    good = rows(0, 2)
    spoilt = [
        ("", "无编号", "内容", "", "", ""),
        ("B1", "", "", "", "", ""),
        ("B2", "时间不对", "内容", "", "去年冬天", ""),
        ("B3", "将来", "内容", "", "2099-01-01 00:00", ""),
        ("B4", "电话不对", "内容", "", "", "打我手机"),
        ("B5", "太长", "长" * 20_001, "", "", ""),
    ]
    run = take(written(tmp_path, [good[0], *spoilt, good[1]]))
    assert counts(run) == (8, 2, 0, 6)
    told = {problem.line: problem for problem in run.problems.all()}
    assert {line: problem.reason for line, problem in told.items()} == {
        3: "key_missing",
        4: "text_missing",
        5: "time_not_readable",
        6: "time_in_future",
        7: "phone_not_readable",
        8: "text_too_long",
    }
    assert told[5].row["标题"] == "时间不对"
    assert all(problem.sentence for problem in told.values())
    assert len(told[8].row["诉求内容"]) == 2000


def test_a_file_that_repeats_itself_takes_each_key_once(tmp_path: Path) -> None:
    assert counts(take(written(tmp_path, [*rows(0, 3), *rows(1, 4)]))) == (6, 4, 2, 0)


def test_without_a_column_of_keys_the_same_row_is_the_same_appeal(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("内容\n垃圾没人清\n路灯不亮\n垃圾没人清\n", encoding="utf-8")
    assert counts(take(path)) == (3, 2, 1, 0)
    assert counts(take(path)) == (3, 0, 3, 0)


def test_columns_are_told_by_hand_where_their_names_are_not_known(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("甲,乙\nX1,垃圾没人清\n", encoding="utf-8")
    with refused("no_text_column"):
        take(path)
    with refused("unknown_column"):
        take(path, told={"text": "丙"})
    with refused("unknown_field"):
        take(path, told={"mood": "乙"})
    assert counts(take(path, told={"key": "甲", "text": "乙"})) == (1, 1, 0, 0)
    assert keys() == {"X1"}


def test_a_channel_nobody_knows_takes_nothing(tmp_path: Path) -> None:
    with refused("channel_unknown", field="channel"):
        take(written(tmp_path, rows(0, 1)), channel="nowhere")
    assert not ImportRun.objects.exists()


def test_what_was_imported_has_whole_chains(tmp_path: Path) -> None:
    take(written(tmp_path, rows(0, 6)))
    assert verify().broken is None
