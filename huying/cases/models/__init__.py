"""Tables of cases: the matter, who works on it, its clocks and replies, and what is asked about it."""

from __future__ import annotations

from huying.cases.models.asks import Application, Note, Supplement
from huying.cases.models.case import Case, Deadline, Evidence, Membership, Reply, Task
from huying.cases.states import (
    OPEN,
    AskKind,
    AskState,
    Clock,
    Closure,
    Colour,
    How,
    SaidOn,
    Solved,
    Status,
    TaskKind,
    TaskState,
)

__all__ = [
    "OPEN",
    "Application",
    "AskKind",
    "AskState",
    "Case",
    "Clock",
    "Closure",
    "Colour",
    "Deadline",
    "Evidence",
    "How",
    "Membership",
    "Note",
    "Reply",
    "SaidOn",
    "Solved",
    "Status",
    "Supplement",
    "Task",
    "TaskKind",
    "TaskState",
]
