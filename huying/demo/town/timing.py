"""When things happen: appeals by weekday and hour, and staff within office hours."""

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from huying.catalogue.core.calendar import Calendar
from huying.catalogue.core.seed import load_seed

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = 90
GROWTH = 0.18
GETS_UP, GOES_TO_BED = 7, 23
WEEKDAYS = (1.18, 1.08, 1.02, 1.0, 1.0, 0.86, 0.8)
# Share of appeals in each hour of the day, by when the matter is noticed.
USUAL = (6, 3, 2, 1, 1, 2, 8, 22, 44, 62, 64, 52, 38, 36, 46, 52, 50, 46, 42, 44, 52, 50, 36, 16)
HOURS: dict[str, Sequence[int]] = {
    "day": USUAL,
    "office": (0, 0, 0, 0, 0, 0, 1, 6, 30, 60, 62, 50, 20, 22, 50, 56, 50, 40, 18, 12, 14, 12, 6, 1),
    "morning": (1, 0, 0, 0, 2, 14, 44, 70, 74, 50, 30, 18, 12, 8, 8, 8, 8, 10, 14, 16, 16, 14, 6, 2),
    "afternoon": (0, 0, 0, 0, 0, 0, 1, 4, 8, 12, 14, 14, 16, 20, 34, 50, 70, 74, 56, 36, 26, 16, 6, 1),
    "evening": (6, 2, 1, 0, 0, 1, 6, 12, 18, 20, 20, 16, 14, 12, 14, 16, 20, 34, 58, 80, 88, 74, 46, 18),
    "night": (64, 52, 40, 22, 12, 8, 14, 20, 26, 24, 18, 12, 10, 8, 8, 8, 8, 8, 10, 14, 22, 34, 60, 80),
}
OPEN_HOURS: dict[str, tuple[int, int]] = {"phone": (7, 22), "proxy": (9, 18), "grid": (8, 19)}


@cache
def calendar() -> Calendar:
    """Return the working calendar the demo's staff keep."""
    return load_seed()


def end_of(until: date) -> datetime:
    """Return the moment the demo ends: the given aware moment, or the midnight in which that day begins."""
    if isinstance(until, datetime):
        return until.astimezone(SHANGHAI)
    return datetime.combine(until, time(), SHANGHAI)


def moments(end: datetime, count: int, rng: random.Random, *, steep: float = GROWTH) -> list[date]:
    """Draw days of the last 90 before `end`; `steep` is how much more the last day has than the first."""
    days = [(end - timedelta(days=back)).date() for back in range(DAYS, 0, -1)]
    weights = [
        (1 + steep * i / DAYS) * WEEKDAYS[day.weekday()] * rng.uniform(0.82, 1.18)
        for i, day in enumerate(days)
    ]
    return rng.choices(days, weights, k=count)


def rising_days(end: datetime, count: int, rng: random.Random, first: int) -> list[date]:
    """Draw days that become denser towards the end, beginning `first` days before it."""
    days = [(end - timedelta(days=back)).date() for back in range(first, 0, -1)]
    return rng.choices(days, [1.055**i for i in range(len(days))], k=count)


def moment_on(day: date, hours: str, channel: str, end: datetime, rng: random.Random) -> datetime:
    """Draw the moment of an appeal on a day, at an hour likely for the matter and open for the channel."""
    first, last = OPEN_HOURS.get(channel, (0, 24))
    weights = [weight if first <= hour < last else 0 for hour, weight in enumerate(HOURS[hours])]
    if not any(weights):
        weights = list(USUAL)
    hour = rng.choices(range(24), weights)[0]
    at = datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)), SHANGHAI)
    while at >= end:
        at -= timedelta(minutes=rng.randint(20, 90))
    return at


def after_office(start: datetime, minutes: float) -> datetime:
    """Return the moment so many working minutes after `start`."""
    return calendar().after_working(start, timedelta(minutes=minutes)).astimezone(SHANGHAI)


def awake(at: datetime, rng: random.Random) -> datetime:
    """Move a moment a resident would sleep through to the next morning."""
    if GETS_UP <= at.hour < GOES_TO_BED:
        return at
    return at.replace(hour=8, minute=rng.randrange(60)) + timedelta(days=at.hour >= GOES_TO_BED)
