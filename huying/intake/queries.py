"""Reading intake: which channels are open."""

from __future__ import annotations

from huying.intake.models import Channel
from huying.ledger.snapshots import Snapshot

CHANNELS = "channels"


def _build() -> frozenset[str]:
    return frozenset(Channel.objects.filter(is_active=True).values_list("key", flat=True))


_OPEN = Snapshot(_build, CHANNELS)


def channel_is_open(key: str) -> bool:
    """Return whether a channel takes appeals now.

    Asked for every appeal, so it is held in memory; one that is not there may be new, and is looked up.
    """
    return key in _OPEN.get() or Channel.objects.filter(key=key, is_active=True).exists()
