"""What happens to a sealed report, as facts: no word of it, and nothing of who reported."""

from __future__ import annotations

from dataclasses import dataclass

from huying.ledger.chain import FactBody


@dataclass(frozen=True)
class ReportSealed(FactBody):
    """A report came in and was sealed."""

    anonymous: bool
    pictures: int = 0


@dataclass(frozen=True)
class PicturesDestroyed(FactBody):
    """The photos of a report were destroyed, for their time was over."""

    count: int


@dataclass(frozen=True)
class ReportTaken(FactBody):
    """An officer took the report."""


@dataclass(frozen=True)
class ReportAimed(FactBody):
    """It was noted which unit and persons a report accuses; they are barred from then on."""

    accused_unit: str
    accused: tuple[str, ...]
    unit: str


@dataclass(frozen=True)
class ReportWritten(FactBody):
    """Reporter or handler wrote a message."""

    from_reporter: bool


@dataclass(frozen=True)
class ReportAnswered(FactBody):
    """The reporter got the reply."""

    outcome: str


@dataclass(frozen=True)
class ReportClosed(FactBody):
    """The report is closed: rated by its reporter, or after they said nothing."""

    stars: int | None


@dataclass(frozen=True)
class UnsealingAsked(FactBody):
    """An officer asked to open the identity."""

    unsealing: str
    reason: str


@dataclass(frozen=True)
class UnsealingDecided(FactBody):
    """Somebody else granted or refused that the identity is opened."""

    unsealing: str
    granted: bool


@dataclass(frozen=True)
class IdentityOpened(FactBody):
    """The officer who was granted it read who reported."""

    unsealing: str


@dataclass(frozen=True)
class IdentityDestroyed(FactBody):
    """The time is over: who reported is gone for good."""
