"""Says in words how much of a time limit is left, and how urgent that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Level = Literal["ok", "soon", "over", "paused"]

# A limit nearer than this is "soon" when the caller knows no moment of its own.
SOON = timedelta(hours=24)
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """How a time limit stands: its level and a sentence for it."""

    level: Level
    text: str

    @property
    def icon(self) -> str:
        """Return the icon that says the level without colour."""
        return {"ok": "clock", "soon": "soon", "over": "alert", "paused": "pause"}[self.level]

    @property
    def tone(self) -> str:
        """Return the tag tone of the level."""
        return {"ok": "ok", "soon": "warn", "over": "bad", "paused": "mute"}[self.level]


def due(due_at: datetime, now: datetime, *, soon_at: datetime | None = None, paused: bool = False) -> Due:
    """Return how the limit `due_at` stands at `now`; both are aware moments.

    `soon_at` is the moment from which the case counts as soon due; without it, the last 24 hours count.
    Lengths are natural time, rounded down: "2 days left" means at least two full days.
    """
    if paused:
        return Due("paused", _("Clock paused"))
    left = due_at - now
    if left < timedelta(0):
        return Due("over", _overdue(-left))
    soon = now >= soon_at if soon_at is not None else left <= SOON
    return Due("soon" if soon else "ok", _left(left))


def _left(length: timedelta) -> str:
    if length >= 2 * _DAY:
        count = length // _DAY
        return ngettext("%(count)d day left", "%(count)d days left", count) % {"count": count}
    if length >= _HOUR:
        count = length // _HOUR
        return ngettext("%(count)d hour left", "%(count)d hours left", count) % {"count": count}
    count = length // _MINUTE
    if count == 0:
        return _("Due now")
    return ngettext("%(count)d minute left", "%(count)d minutes left", count) % {"count": count}


def _overdue(length: timedelta) -> str:
    if length >= _DAY:
        count = length // _DAY
        return ngettext("Overdue by %(count)d day", "Overdue by %(count)d days", count) % {"count": count}
    if length >= _HOUR:
        count = length // _HOUR
        return ngettext("Overdue by %(count)d hour", "Overdue by %(count)d hours", count) % {"count": count}
    count = max(1, length // _MINUTE)
    return ngettext("Overdue by %(count)d minute", "Overdue by %(count)d minutes", count) % {"count": count}
