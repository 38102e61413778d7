"""Tables of insight: hot spots, and what is counted as it happens."""

from __future__ import annotations

from huying.insight.models.hotspots import (
    HotAlert,
    HotLexicon,
    HotMark,
    HotProfile,
    HotRearrangement,
    HotSpot,
    HotThreshold,
    PlaceWeek,
    Rearranging,
)
from huying.insight.models.tally import CaseTally, Recount, RollingState, Sum, Touched

__all__ = [
    "CaseTally",
    "HotAlert",
    "HotLexicon",
    "HotMark",
    "HotProfile",
    "HotRearrangement",
    "HotSpot",
    "HotThreshold",
    "PlaceWeek",
    "Rearranging",
    "Recount",
    "RollingState",
    "Sum",
    "Touched",
]
