"""Reading intake: which channels are open."""

from __future__ import annotations

from huying.intake.masking import DEFAULT_DAYS
from huying.intake.models import Channel, RetentionRule
from huying.ledger.snapshots import Snapshot

CHANNELS = "channels"


def _build() -> dict[str, str]:
    """Return the area of every channel that is open, "" where it serves the whole town."""
    rows = Channel.objects.filter(is_active=True).values_list("key", "settings")
    return {key: str(told.get(AREA, "")) if isinstance(told, dict) else "" for key, told in rows}


# In a channel's settings: the code of the area it serves, as of a community's own mini program.
AREA = "area"
_OPEN = Snapshot(_build, CHANNELS)


def channel_area(key: str) -> str:
    """Return the code of the area a channel serves, "" when it is the whole town or not known."""
    return _OPEN.get().get(key, "")


def channel_is_open(key: str) -> bool:
    """Return whether a channel takes appeals now.

    Asked for every appeal, so it is held in memory; one that is not there may be new, and is looked up.
    """
    return key in _OPEN.get() or Channel.objects.filter(key=key, is_active=True).exists()


def retention_days(kind: str) -> int:
    """Return how many days after its ending data of a kind is kept."""
    rule = RetentionRule.objects.filter(pk=kind).first()
    return rule.days if rule else DEFAULT_DAYS
