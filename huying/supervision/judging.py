"""Whether an order helped: what the counts of its matter's appeals, before and after, may be called."""

from __future__ import annotations

from dataclasses import dataclass

from huying.supervision.states import EffectFound

# So many different people have to speak again before a matter counts as come back.
FEWEST_PEOPLE = 3
# Below so many appeals, before and after together, nothing is said about more or fewer.
FEWEST_TO_TELL = 5
# From this share of the former pace upward it is as it was; beyond the other it is more.
AS_BEFORE, MORE = 0.8, 1.2
# Before so many days nothing is known about a pace; only whole numbers count.
PACE_AFTER_DAYS = 14


@dataclass(frozen=True)
class Counted:
    """Appeals of a matter: `before` in the whole window before the order was given, `after` since its end."""

    before: int
    after: int
    people_after: int
    days: int
    window_days: int


def judge(counted: Counted) -> EffectFound | None:
    """Return what the counts say; None while nothing is to be said yet.

    It has come back when at least three people spoke again at no less than 0.8 of the pace of before (a pace
    is known after two weeks; earlier, 0.8 of the whole number of before is asked for). Otherwise the window
    has to end first. The shares are our choice, stated on the page beside the numbers.
    """
    over = counted.days >= counted.window_days
    share = min(counted.days, counted.window_days) / counted.window_days
    expected = counted.before * (share if counted.days >= PACE_AFTER_DAYS else 1)
    if counted.people_after >= FEWEST_PEOPLE and counted.after >= AS_BEFORE * expected:
        return EffectFound.RETURNED
    if not over:
        return None
    if counted.before + counted.after < FEWEST_TO_TELL:
        return EffectFound.TOO_FEW
    if counted.after < AS_BEFORE * counted.before:
        return EffectFound.FELL
    return EffectFound.ROSE if counted.after > MORE * counted.before else EffectFound.SAME
