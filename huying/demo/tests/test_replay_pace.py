"""When the demo's people get round to things: office hours, duty, danger, and the clocks they meet."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest

from huying.demo.pace import AT_ONCE, MISSED, after_pause, in_time
from huying.demo.town import timing
from huying.demo.town.timing import SHANGHAI

# Friday, 17 April 2026; the Saturday and Sunday after it are days off.
FRIDAY_EVENING = datetime(2026, 4, 17, 19, 0, tzinfo=SHANGHAI)
SUNDAY_NOON = datetime(2026, 4, 19, 12, 0, tzinfo=SHANGHAI)
MONDAY = datetime(2026, 4, 20, 0, 0, tzinfo=SHANGHAI)


def pause(
    move: str, now: datetime, minutes: float, *, hurry: bool = False, on_duty: bool = False
) -> datetime:
    return after_pause(move, now, minutes, hurry=hurry, on_duty=on_duty, rng=random.Random(1))


def test_a_unit_signs_on_monday_morning_what_came_on_friday_evening() -> None:
    assert pause("sign", FRIDAY_EVENING, 30) == MONDAY.replace(hour=9, minute=30)


def test_a_unit_on_duty_signs_the_same_evening() -> None:
    assert pause("sign", FRIDAY_EVENING, 30, on_duty=True) == FRIDAY_EVENING + timedelta(minutes=30)


def test_duty_ends_at_night_and_goes_on_in_the_morning() -> None:
    assert pause("sign", FRIDAY_EVENING, 90, on_duty=True) == datetime(2026, 4, 18, 9, 0, tzinfo=SHANGHAI)


def test_the_dispatch_centre_works_every_day_and_twice_as_fast() -> None:
    assert pause("dispatch", SUNDAY_NOON, 60) == SUNDAY_NOON + timedelta(minutes=30)
    night = SUNDAY_NOON.replace(hour=3)
    assert pause("dispatch", night, 20) == SUNDAY_NOON.replace(hour=7, minute=40)


@pytest.mark.parametrize("move", AT_ONCE)
def test_danger_waits_for_nobody(move: str) -> None:
    night = SUNDAY_NOON.replace(hour=3)
    assert pause(move, night, 600, hurry=True) - night <= timedelta(minutes=90)


def test_what_would_be_late_is_mostly_brought_forward_into_office_hours() -> None:
    now, due = MONDAY.replace(hour=9), MONDAY.replace(hour=15)
    late = MONDAY + timedelta(days=2, hours=10)
    rng = random.Random(2)
    moments = [in_time("reply", now, late, due, hurry=False, rng=rng) for _ in range(400)]
    met = [at for at in moments if at <= due]
    assert 1 - 2 * MISSED["reply"] < len(met) / 400 < 1
    assert all(at == late for at in moments if at > due)
    calendar = timing.calendar()
    assert all(calendar.working_between(at - timedelta(minutes=1), at + timedelta(minutes=1)) for at in met)


def test_what_is_in_time_or_past_saving_stays_where_it_was() -> None:
    now, soon = MONDAY.replace(hour=9), MONDAY.replace(hour=10)
    rng = random.Random(3)
    assert in_time("sign", now, soon, MONDAY.replace(hour=11), hurry=False, rng=rng) == soon
    assert in_time("sign", now, soon, MONDAY.replace(hour=8), hurry=False, rng=rng) == soon
    assert in_time("sign", now, soon, None, hurry=False, rng=rng) == soon
