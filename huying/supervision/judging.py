"""Whether an order helped: what the counts of its matter's appeals, before and after, may be called."""

from __future__ import annotations

from dataclasses import dataclass

from huying.supervision.states import EffectFound


@dataclass(frozen=True)
class Thresholds:
    """From when on counts mean something; a town sets its own. Shares are percent of the pace before."""

    # So many different people have to speak again before a matter counts as come back.
    fewest_people: int = 3
    # Below so many appeals, before and after together, nothing is said about more or fewer.
    fewest_to_tell: int = 5
    # From this share of the former pace upward it is as it was; beyond the other it is more.
    as_before_percent: int = 80
    more_percent: int = 120
    # Before so many days nothing is known about a pace; only whole numbers count.
    pace_after_days: int = 14


USUAL = Thresholds()


@dataclass(frozen=True)
class Counted:
    """Appeals of a matter: `before` in the whole window before the order was given, `after` since its end."""

    before: int
    after: int
    people_after: int
    days: int
    window_days: int


def judge(counted: Counted, rule: Thresholds = USUAL) -> EffectFound | None:
    """Return what the counts say by a town's thresholds; None while nothing is to be said yet.

    Usually: it has come back when at least three people spoke again at no less than 0.8 of the pace of before
    (a pace is known after two weeks; earlier, 0.8 of the whole number of before is asked for). Otherwise the
    window has to end first. The shares are our choice, stated on the page beside the numbers.
    """
    over = counted.days >= counted.window_days
    share = min(counted.days, counted.window_days) / counted.window_days
    as_before, more = rule.as_before_percent / 100, rule.more_percent / 100
    expected = counted.before * (share if counted.days >= rule.pace_after_days else 1)
    if counted.people_after >= rule.fewest_people and counted.after >= as_before * expected:
        return EffectFound.RETURNED
    if not over:
        return None
    if counted.before + counted.after < rule.fewest_to_tell:
        return EffectFound.TOO_FEW
    if counted.after < as_before * counted.before:
        return EffectFound.FELL
    return EffectFound.ROSE if counted.after > more * counted.before else EffectFound.SAME
