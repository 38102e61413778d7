"""What happens to reminder letters and bulletins, as facts."""

from __future__ import annotations

from dataclasses import dataclass

from huying.ledger.chain import FactBody


@dataclass(frozen=True)
class ReminderDrafted(FactBody):
    """Somebody drafted a reminder letter to a unit, or drafted it anew after it was sent back."""

    unit: str
    reason: str
    cases: list[str]
    title: str


@dataclass(frozen=True)
class ReminderSentBack(FactBody):
    """Whoever should sign a letter sent it back to who drafted it."""

    unit: str
    reason: str


@dataclass(frozen=True)
class ReminderDropped(FactBody):
    """A draft of a letter was dropped."""

    unit: str
    reason: str


@dataclass(frozen=True)
class ReminderIssued(FactBody):
    """A letter was signed and issued under its number; its document is frozen."""

    unit: str
    symbol: str
    title: str
    cases: list[str]
    answer_by: str
    sha256: str


@dataclass(frozen=True)
class ReminderReceived(FactBody):
    """The unit confirmed that it has the letter."""

    unit: str
    symbol: str


@dataclass(frozen=True)
class ReminderAnswered(FactBody):
    """The unit answered the letter."""

    unit: str
    symbol: str
    answer: str


@dataclass(frozen=True)
class ReminderAnswerRefused(FactBody):
    """The answer to a letter will not do; the unit answers again."""

    unit: str
    symbol: str
    reason: str
    answer_by: str


@dataclass(frozen=True)
class ReminderClosed(FactBody):
    """The matter of a letter is closed."""

    unit: str
    symbol: str
    outcome: str


@dataclass(frozen=True)
class BulletinDrafted(FactBody):
    """A bulletin was drafted: the first edition, or one that corrects another."""

    area: str
    span: str
    starts_on: str
    ends_on: str
    edition: int
    correction: str


@dataclass(frozen=True)
class BulletinEdited(FactBody):
    """Sections of a draft were changed, moved, left out or put back."""

    sections: list[str]
    revision: int


@dataclass(frozen=True)
class BulletinRowRemoved(FactBody):
    """A row was taken out of a draft, and why; without a reason it was put back."""

    section: str
    row: str
    reason: str


@dataclass(frozen=True)
class BulletinPromised(FactBody):
    """A promise was written into a draft, or (without text) taken out of it."""

    place: int
    text: str
    owner: str
    due_on: str
    order: str = ""


@dataclass(frozen=True)
class BulletinReleased(FactBody):
    """A bulletin was released; its document and files are frozen."""

    area: str
    span: str
    starts_on: str
    edition: int
    issue: str
    sha256: str
    removed: int
    promises: int


@dataclass(frozen=True)
class BulletinDropped(FactBody):
    """A draft of a bulletin was dropped."""

    reason: str


@dataclass(frozen=True)
class PromiseJudged(FactBody):
    """Somebody said what came of a promise a bulletin had made."""

    place: int
    text: str
    outcome: str
    told: str
