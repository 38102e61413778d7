"""The town's rules for letters: when nobody is disturbed, and in which order channels are tried."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from huying.ledger.snapshots import Snapshot
from huying.notify.models import Pace, TownRules, default_order
from huying.notify.wordings import EDITION

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Rules:
    """The rules as they stand; all times are of the town's clock (Asia/Shanghai)."""

    quiet_from: time = time(22)
    quiet_until: time = time(8)
    order: tuple[str, ...] = tuple(default_order())
    texts_a_day: int = 10
    daily_at: time = time(8, 30)

    def is_quiet(self, at: datetime) -> bool:
        """Return whether nobody is to be disturbed at this moment; the end is no longer quiet."""
        now = at.astimezone(SHANGHAI).time()
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= now < self.quiet_until
        return now >= self.quiet_from or now < self.quiet_until

    def after_quiet(self, at: datetime) -> datetime:
        """Return the first moment from `at` on that is not in the quiet hours."""
        return self._next(self.quiet_until, at) if self.is_quiet(at) else at

    def of_pace(self, pace: str, at: datetime) -> datetime:
        """Return when what happens at `at` is told at this pace, the quiet hours aside."""
        if pace == Pace.HOURLY:
            return at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        return self._next(self.daily_at, at) if pace == Pace.DAILY else at

    @staticmethod
    def _next(clock: time, at: datetime) -> datetime:
        local = at.astimezone(SHANGHAI)
        today = datetime.combine(local.date(), clock, SHANGHAI)
        return today if today > local else datetime.combine(local.date() + timedelta(days=1), clock, SHANGHAI)


def midnight(at: datetime) -> datetime:
    """Return the beginning of the town's day that `at` lies in."""
    return datetime.combine(at.astimezone(SHANGHAI).date(), time(), SHANGHAI)


def _build() -> Rules:
    kept = TownRules.objects.order_by("-id").first()
    if kept is None:
        return Rules()
    return Rules(kept.quiet_from, kept.quiet_until, tuple(kept.order), kept.texts_a_day, kept.daily_at)


_RULES = Snapshot(_build, EDITION)


def town_rules() -> Rules:
    """Return the rules that stand now."""
    return _RULES.get()
