"""What happens to topics, meetings and weekly lists, as facts; those of orders stand in facts_more."""

from __future__ import annotations

from dataclasses import dataclass

from huying.ledger.chain import FactBody


@dataclass(frozen=True)
class TopicProposed(FactBody):
    """Somebody proposed a matter for a meeting; `source` says what it came from."""

    number: int
    title: str
    words: str
    source: str
    hot_spot: str
    walk: str
    area_path: str
    item: str
    unit: str
    cases: list[str]


@dataclass(frozen=True)
class TopicCasesAdded(FactBody):
    """Further cases were found to belong to a topic."""

    number: int
    cases: list[str]


@dataclass(frozen=True)
class TopicListed(FactBody):
    """A topic went on an agenda; what the meeting is given to read was frozen, and has this digest."""

    number: int
    meeting: str
    pack_sha256: str


@dataclass(frozen=True)
class TopicTakenOff(FactBody):
    """A topic was taken off an agenda, or put off by the meeting to a later one."""

    number: int
    meeting: str
    outcome: str
    reason: str


@dataclass(frozen=True)
class TopicDecided(FactBody):
    """A meeting decided on a topic, and an order came of it."""

    number: int
    meeting: str
    order: str
    words: str


@dataclass(frozen=True)
class TopicDropped(FactBody):
    """A topic is not taken up."""

    number: int
    reason: str


@dataclass(frozen=True)
class TopicRevived(FactBody):
    """A topic that was dropped is taken up after all."""

    number: int
    reason: str


@dataclass(frozen=True)
class TopicEnded(FactBody):
    """All orders of a topic are over, and so is the topic."""

    number: int
    reason: str


@dataclass(frozen=True)
class TopicReopened(FactBody):
    """A topic that had ended is worked on again."""

    number: int
    reason: str


@dataclass(frozen=True)
class HouseholdsListed(FactBody):
    """Households were listed for a matter that is settled door by door: how many, never whose."""

    number: int
    added: int
    total: int


@dataclass(frozen=True)
class HouseholdsMoved(FactBody):
    """Households of a matter came further, or fell back."""

    number: int
    moved: int
    state: str
    done: int
    total: int


@dataclass(frozen=True)
class MeetingCalled(FactBody):
    """A meeting was called."""

    body: str
    year: int
    number: int
    starts_at: str


@dataclass(frozen=True)
class AgendaChanged(FactBody):
    """Items of an agenda were added, renamed or put in another order."""

    titles: list[str]


@dataclass(frozen=True)
class AttendanceWritten(FactBody):
    """Who is at a meeting was written down, or written anew."""

    present: int
    listening: int
    excused: int


@dataclass(frozen=True)
class DiscussionWritten(FactBody):
    """What was said about an item was written down, or written anew; the words stand in the minutes."""

    item: str
    words_sha256: str


@dataclass(frozen=True)
class DecisionMade(FactBody):
    """A meeting decided; the order that came of it is named."""

    item: str
    order: str
    words: str


@dataclass(frozen=True)
class MinutesReleased(FactBody):
    """The minutes of a meeting were released; from here they stay as they are."""

    body: str
    year: int
    number: int
    minutes_sha256: str
    decisions: int


@dataclass(frozen=True)
class WeekFrozen(FactBody):
    """A week's supervision list was frozen, and its open orders went on into the next."""

    week_on: str
    orders: int
    carried: int
    rows_sha256: str


@dataclass(frozen=True)
class ProgressReleased(FactBody):
    """A person released words about a matter for everybody to read."""

    about: str
    edition: int
    words_sha256: str
    voices: int


@dataclass(frozen=True)
class ProgressWithdrawn(FactBody):
    """What was public of a matter was taken back."""

    about: str
    reason: str


@dataclass(frozen=True)
class GuideDrafted(FactBody):
    """A working guide was begun, or its next edition."""

    title: str
    edition: int
    topic: str


@dataclass(frozen=True)
class GuideEdited(FactBody):
    """A guide was worded anew; the digest is of title and text."""

    title: str
    edition: int
    sha256: str


@dataclass(frozen=True)
class GuideOutForComments(FactBody):
    """A guide went out for comments until a day."""

    title: str
    edition: int
    until: str


@dataclass(frozen=True)
class GuideCommented(FactBody):
    """A unit said what it thinks of a guide."""

    unit: str
    words: str


@dataclass(frozen=True)
class GuideCommentAnswered(FactBody):
    """It was said what became of a unit's comment."""

    unit: str
    words: str


@dataclass(frozen=True)
class GuidePublished(FactBody):
    """An edition of a guide was published; the digest is of title and text."""

    title: str
    edition: int
    sha256: str


@dataclass(frozen=True)
class GuideWithdrawn(FactBody):
    """A guide was taken out of force."""

    title: str
    edition: int
    reason: str
