"""When the demo's people get round to things: in office hours, on duty at weekends, at once when it burns."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from huying.cases.models import Clock
from huying.demo.town import timing
from huying.demo.town.dice import happens

if TYPE_CHECKING:
    import random
    from datetime import datetime

# Hours of the day (from, to) in which the dispatch centre and those on duty work, every day of the week.
CENTRE, DUTY = (7.5, 22.5), (8.5, 20.0)
# The centre has no lunch break and nothing else to do: it needs this part of what an office needs.
CENTRE_SHARE = 0.5
AT_CENTRE = frozenset({"dispatch", "answer_at_once", "inadmissible"})
ON_DUTY = frozenset({"sign", "first_contact"})
# Minutes (from, to) between one step and the next when there is danger.
AT_ONCE = {
    "dispatch": (2, 9),
    "answer_at_once": (2, 9),
    "inadmissible": (5, 40),
    "sign": (2, 12),
    "first_contact": (4, 40),
    "pass_review": (8, 90),
    "fail_review": (8, 60),
    "return": (3, 9),
    "redispatch": (3, 15),
    "refuse_return": (3, 15),
}
# Which clock a step is to meet, and the share of cases that miss it all the same.
PROMISED = {"sign": Clock.SIGN, "first_contact": Clock.CONTACT, "reply": Clock.HANDLE}
MISSED = {"sign": 0.06, "first_contact": 0.07, "reply": 0.1}
LEAST_OFFICE_MINUTES = 3


def after_pause(
    move: str, now: datetime, minutes: float, *, hurry: bool, on_duty: bool, rng: random.Random
) -> datetime:
    """Return when a step is made that takes so many working minutes from `now`."""
    if hurry:
        return now + timedelta(minutes=rng.uniform(*AT_ONCE[move]))
    if move in AT_CENTRE:
        return _within(now, minutes * CENTRE_SHARE, CENTRE)
    if on_duty and move in ON_DUTY:
        return _within(now, minutes, DUTY)
    return timing.after_office(now, minutes)


def _within(start: datetime, minutes: float, hours: tuple[float, float]) -> datetime:
    """Return the moment so many minutes after `start`, counting these hours of every day only."""
    left = timedelta(minutes=minutes)
    at = start.astimezone(timing.SHANGHAI)
    while True:
        midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
        opens, closes = (midnight + timedelta(hours=hour) for hour in hours)
        at = max(at, opens)
        if at + left < closes:
            return at + left
        left -= max(closes - at, timedelta())
        at = midnight + timedelta(days=1)


def in_time(
    move: str, now: datetime, at: datetime, due: datetime | None, *, hurry: bool, rng: random.Random
) -> datetime:
    """Return `at`, or an earlier moment when that would miss the promised one; a few miss it all the same."""
    if due is None or now >= due or at <= due or happens(rng, MISSED[move]):
        return at
    part = rng.uniform(0.35, 0.92)
    working = timing.calendar().working_between(now, due).total_seconds() / 60
    if not hurry and working > LEAST_OFFICE_MINUTES:
        return timing.after_office(now, working * part)
    return now + (due - now) * part
