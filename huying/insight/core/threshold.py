"""The threshold of a town: how hot a matter must be to be shown, learnt from what people confirm and dismiss.

A rule anybody can follow by hand: of all thresholds take the one that would have been wrong least often.
Showing what people dismissed costs one; hiding what they confirmed costs two, for a matter missed is worse
than a look too many. A few imagined decisions around the start keep the first real ones from moving it far.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from huying.insight.core.heat import START_DEVIATIONS, deviations_at, heat_at

if TYPE_CHECKING:
    from collections.abc import Sequence

LOWEST, HIGHEST, STEP = 1.2, 5.0, 0.1
"""Thresholds that are tried, in deviations (see `core.heat`)."""
MISSED, FALSE_ALARM = 2.0, 1.0
IMAGINED: Final = 5.0
"""Moving away from the start by one deviation costs as much as so many false alarms."""


@dataclass(frozen=True, slots=True)
class Decision:
    """How hot a matter was when people decided on it, and whether they confirmed it."""

    heat: float
    confirmed: bool


def learn_threshold(decisions: Sequence[Decision]) -> float:
    """Return the threshold (a heat) with the least cost, of several as good the one nearest to the start."""
    steps = round((HIGHEST - LOWEST) / STEP)
    tried = [round(LOWEST + STEP * step, 2) for step in range(steps + 1)]
    best = min(
        tried,
        key=lambda one: (round(cost_of(heat_at(one), decisions), 6), abs(one - START_DEVIATIONS), one),
    )
    return heat_at(best)


def cost_of(threshold: float, decisions: Sequence[Decision]) -> float:
    """Return what a threshold (a heat) would have cost on these decisions, with the imagined ones."""
    missed = sum(one.confirmed and one.heat < threshold for one in decisions)
    shown = sum(not one.confirmed and one.heat >= threshold for one in decisions)
    moved = deviations_at(threshold) - START_DEVIATIONS
    return MISSED * missed + FALSE_ALARM * shown + IMAGINED * moved**2
