"""A file import that is killed, resumed, or started twice at once: the same set, every row once."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.faults.looking import look_for_contradictions, rows_of
from tests.town import PATIENCE_SECONDS, until

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from tests.town import Town

pytestmark = pytest.mark.fault
ROWS = 2000
# A killed import must have taken something, and must not have taken all.
ENOUGH = 250
MATTERS = (
    "垃圾没人清运，味道很大",
    "路灯不亮",
    "半夜施工吵得睡不着",
    "消防通道被车堵住",
    "下水道堵了，污水漫出来",
)
PLACES = ("听澜花园", "竹溪苑", "荷风雅居", "塘边村")


@dataclass(frozen=True)
class Counts:
    """What an import says of itself."""

    rows: int
    taken: int
    known: int
    refused: int


@pytest.fixture
def sheet(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Write a file of rows whose keys belong to this test alone."""
    path = tmp_path / "来信.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["key", "text", "place", "lat", "lon"])
        for row in range(ROWS):
            text = f"{PLACES[row % 4]}{MATTERS[row % 5]}，已经第{row}天"
            lat, lon = 22.7001 + row % 97 * 0.0001, 114.0001 + row % 89 * 0.0001
            writer.writerow([f"{request.node.name}-{row}", text, PLACES[row % 4], f"{lat:.4f}", f"{lon:.4f}"])
    return path


def keys_of(town: Town, prefix: str) -> list[str]:
    sql = "SELECT key FROM intake_inbound WHERE channel_id = 'import' AND starts_with(key, %s) ORDER BY key"
    return [key for (key,) in rows_of(town, sql, (prefix,))]


def every_key(prefix: str) -> list[str]:
    return sorted(f"{prefix}-{row}" for row in range(ROWS))


def counts_of(program: subprocess.Popen[str]) -> Counts:
    """Wait for an import to end well and return its counts."""
    out, said = program.communicate(timeout=PATIENCE_SECONDS)
    assert program.returncode == 0, said
    told = json.loads(out)
    assert told["problems"] == []
    return Counts(told["rows"], told["taken"], told["known"], told["refused"])


def begin_import(town: Town, sheet: Path) -> subprocess.Popen[str]:
    return town.begin("import", str(sheet), "--channel", "import", "--json")


def test_an_import_killed_in_the_middle_and_called_again_takes_every_row_once(
    town: Town, sheet: Path, request: pytest.FixtureRequest
) -> None:
    prefix = request.node.name
    killed = begin_import(town, sheet)
    until(
        lambda: len(keys_of(town, prefix)) >= ENOUGH or killed.poll() is not None, "the import takes nothing"
    )
    killed.kill()
    killed.communicate()
    assert ENOUGH <= len(keys_of(town, prefix)) < ROWS, "it was not killed in the middle"
    resumed = counts_of(begin_import(town, sheet))
    assert resumed.rows == ROWS
    assert resumed.refused == 0
    assert keys_of(town, prefix) == every_key(prefix)
    again = counts_of(begin_import(town, sheet))
    assert again == Counts(rows=ROWS, taken=0, known=ROWS, refused=0)
    assert keys_of(town, prefix) == every_key(prefix)
    assert rows_of(town, "SELECT file_name FROM intake_importrun WHERE state <> 'done'") == []
    look_for_contradictions(town)


def test_two_imports_of_one_file_at_once_take_every_row_once(
    town: Town, sheet: Path, request: pytest.FixtureRequest
) -> None:
    prefix = request.node.name
    both = [begin_import(town, sheet), begin_import(town, sheet)]
    told = [counts_of(program) for program in both]
    assert keys_of(town, prefix) == every_key(prefix)
    for counts in told:
        assert counts.rows == counts.taken + counts.known + counts.refused == ROWS, told
    assert rows_of(town, "SELECT file_name FROM intake_importrun WHERE state <> 'done'") == []
    look_for_contradictions(town)


def test_an_import_whose_database_is_killed_ends_with_an_error_and_goes_on_when_called_again(
    town: Town, sheet: Path, request: pytest.FixtureRequest
) -> None:
    prefix = request.node.name
    cut = begin_import(town, sheet)
    until(lambda: len(keys_of(town, prefix)) >= ENOUGH or cut.poll() is not None, "the import takes nothing")
    town.postmaster().kill()
    _, said = cut.communicate(timeout=PATIENCE_SECONDS)
    assert cut.returncode not in {0, None}, "it said all was well without a database"
    assert said
    until(town.ready, "the database did not come back")
    assert counts_of(begin_import(town, sheet)).rows == ROWS
    assert keys_of(town, prefix) == every_key(prefix)
    look_for_contradictions(town)
