"""Tables of walks: themes with their checklists, plans of a month, walks and findings, drives and indices."""

from __future__ import annotations

from huying.walks.models.driving import Cleared, Drive, DriveMark, IndexRun, IndexSeries, IndexValue
from huying.walks.models.walking import (
    Check,
    Checked,
    CheckLine,
    Checklist,
    Finding,
    FoundHow,
    MonthPlan,
    Stop,
    Theme,
    Walk,
    Walker,
    WalkState,
    Why,
)

__all__ = [
    "Check",
    "CheckLine",
    "Checked",
    "Checklist",
    "Cleared",
    "Drive",
    "DriveMark",
    "Finding",
    "FoundHow",
    "IndexRun",
    "IndexSeries",
    "IndexValue",
    "MonthPlan",
    "Stop",
    "Theme",
    "Walk",
    "WalkState",
    "Walker",
    "Why",
]
