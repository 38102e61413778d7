"""A module in a process of its own: waited for, at the lowest priority, and its failure is ours."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from huying.kit import apart
from huying.kit.apart import LOWEST_PRIORITY, ApartFailedError, run_apart

if TYPE_CHECKING:
    from pathlib import Path


def test_it_runs_with_the_lowest_priority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tells_niceness.py").write_text(
        "import os, pathlib\npathlib.Path('told').write_text(str(os.nice(0)))\n"
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.chdir(tmp_path)
    run_apart("tells_niceness")
    assert (tmp_path / "told").read_text() == str(min(LOWEST_PRIORITY, os.nice(0) + LOWEST_PRIORITY))


def test_one_that_fails_or_takes_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ApartFailedError, match="exit code 1"):
        run_apart("huying.kit.no_such_module")
    monkeypatch.setattr(apart, "LONGEST_SECONDS", 0.01)
    with pytest.raises(ApartFailedError, match="longer"):
        run_apart("this")
