"""What happens to hot spots, as facts on their streams; none names an appellant."""

from __future__ import annotations

from dataclasses import dataclass

from huying.ledger.chain import FactBody


@dataclass(frozen=True)
class HotStageChanged(FactBody):
    """A matter passed from one stage to another, with the numbers it stood on at that moment."""

    before: str
    after: str
    heat: float
    threshold: float
    expected: float
    count: int
    appellants: int


@dataclass(frozen=True)
class HotAlertRaised(FactBody):
    """A matter reached a stage for the first time in this episode."""

    alert: str
    stage: str
    episode: int
    title: str
    area: str
    count: int
    appellants: int


@dataclass(frozen=True)
class HotSpotConfirmed(FactBody):
    """Somebody looked and found that it is a hot spot."""

    heat: float


@dataclass(frozen=True)
class HotSpotDismissed(FactBody):
    """Somebody looked and found that it is none, and why."""

    heat: float
    reason: str


@dataclass(frozen=True)
class HotSpotReopened(FactBody):
    """What people had decided was taken back."""

    was: str


@dataclass(frozen=True)
class HotSpotRenamed(FactBody):
    """Somebody gave a matter another title."""

    before: str
    after: str


@dataclass(frozen=True)
class HotSpotMerged(FactBody):
    """A matter went into another; recorded on both."""

    source: str
    target: str
    appeals: int


@dataclass(frozen=True)
class HotSpotUnmerged(FactBody):
    """A merge was taken back; recorded on both."""

    source: str
    target: str
    appeals: int


@dataclass(frozen=True)
class HotSpotSplit(FactBody):
    """Some appeals became a matter of their own; recorded on both."""

    source: str
    target: str
    appeals: int


@dataclass(frozen=True)
class HotSpotJoinedAgain(FactBody):
    """A split was taken back; recorded on both."""

    source: str
    target: str
    appeals: int


@dataclass(frozen=True)
class HotAlertSeen(FactBody):
    """Somebody acknowledged an alert."""

    alert: str
    stage: str


@dataclass(frozen=True)
class ThresholdLearnt(FactBody):
    """The town's threshold moved, after so many decisions."""

    before: float
    after: float
    confirmed: int
    dismissed: int
