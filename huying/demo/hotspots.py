"""The night's pass over the demo's hot spots, and a supervisor who looks at what it found."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from huying.insight.deciding import acknowledge_alert, confirm_spot
from huying.insight.hotspots import hot_matters
from huying.insight.lists import open_alerts
from huying.insight.nightly import pass_over_all
from huying.insight.stages import BURNING
from huying.kit.errors import Refusal
from huying.ledger.actor import SYSTEM

if TYPE_CHECKING:
    from datetime import datetime

    from huying.demo.staff import Roster

# So many of the hottest were confirmed; alerts older than a week were seen, the rest wait for the visitor.
CONFIRMED = 2
SEEN_AFTER = timedelta(days=7)
LOOKED_BEFORE = timedelta(hours=3)


def look_after_hot_spots(roster: Roster, end: datetime) -> None:
    """Set the live hot spots right as a night would, and let a supervisor confirm the hottest."""
    pass_over_all(at=end)
    by = roster.at_centre("supervisor", at=end - LOOKED_BEFORE, rng=random.Random("hot"))
    at = end - LOOKED_BEFORE
    for alert in open_alerts(by=SYSTEM).filter(at__lt=end - SEEN_AFTER):
        with suppress(Refusal):  # an alert elsewhere is for somebody else
            acknowledge_alert(alert.pk, by=by, at=at)
    for matter in hot_matters(at=end, stages=BURNING, limit=CONFIRMED):
        with suppress(Refusal):
            confirm_spot(matter.key, seen=None, by=by, at=at)
