"""Tables of insight: what is counted as it happens."""

from __future__ import annotations

from huying.insight.models.tally import CaseTally, Recount, RollingState, Sum, Touched

__all__ = ["CaseTally", "Recount", "RollingState", "Sum", "Touched"]
