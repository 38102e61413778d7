"""Where the machine's time went: processor seconds of each part of a town between two moments."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from town import Town


def processor_seconds(town: Town) -> dict[str, float]:
    """Return the processor seconds each part has used so far, ended children counted with their parent."""
    return {part: sum(map(_used, processes)) for part, processes in town.processes().items()}


def _used(process: psutil.Process) -> float:
    with contextlib.suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        return float(times.user + times.system + times.children_user + times.children_system)
    return 0.0


def between(before: dict[str, float], after: dict[str, float], count: int) -> dict[str, float]:
    """Return the processor milliseconds each part used for one of `count` things."""
    return {part: round((after[part] - before[part]) * 1000 / count, 3) for part in after}
