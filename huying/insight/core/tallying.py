"""What one case adds to the town's rolling counts: a pure function of its facts, clocks and answers.

Every line names a period ("2026-11-27", "2026-11" or "now"), the unit that had the case then, and the channel
of a voice; what it counts is in `COUNTERS`. The sum of the lines of all cases is the town's tally.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

ZONE: Final = ZoneInfo("Asia/Shanghai")
NOW: Final = "now"
# Areas are counted down to communities (district, street, community): below, nearly all would be too few.
DEPTH: Final = 3

# What happened in a period: one for each time it happened.
HAPPENED: Final = (
    "came_in",  # appeals: one for each voice
    "opened",  # cases
    "dispatched",  # cases given to a unit for the first time
    "automatic",  # of these, by the rules alone
    "given",  # a unit was given a case, again or for the first time
    "signed",
    "contacted",
    "returned",  # a unit asked for its return
    "replied",  # replies that passed review, and answers given at once
    "reworked",  # went back to work because a resident was not content, or after closing
    "suspended",
    "extended",
    "urged",
    "closed",
    "closed_unconfirmed",
    "closed_checked",
    "false_closure",
    "ended",  # went another way: merged, withdrawn, not admissible, transferred, lapsed
    "sign_in_time",
    "sign_late",
    "contact_in_time",
    "contact_late",
    "handle_in_time",
    "overdue",  # the handling clock ran out
    "said_yes",
    "said_partly",
    "said_no",
    "silent",  # asked, and no answer in time
    "starred",  # answers with stars
    "satisfied",
)
# How matters stand at the moment: one for each case that is open.
STANDS: Final = (
    "open",
    "waiting",
    "to_sign",
    "in_work",
    "in_question",
    "to_review",
    "asking",
    "need_info",
    "resting",
    "overdue_now",
    "danger",
    "supervised",
)
COUNTERS: Final = (*HAPPENED, *STANDS)

_STANDS_BY_STATUS: Final[Mapping[str, str]] = {
    "submitted": "waiting",
    "dispatched": "to_sign",
    "in_progress": "in_work",
    "return_review": "in_question",
    "replied": "to_review",
    "follow_up": "asking",
    "need_info": "need_info",
    "suspended": "resting",
}
# What is with a unit: only there "overdue" is anybody's.
_UNDER_WAY: Final = frozenset({"dispatched", "in_progress", "return_review", "replied"})
_CLOCKS: Final[Mapping[str, tuple[str, str]]] = {
    "sign": ("sign_in_time", "sign_late"),
    "contact": ("contact_in_time", "contact_late"),
    "handle": ("handle_in_time", "overdue"),
}
_PLAIN: Final[Mapping[str, str]] = {
    "CaseSigned": "signed",
    "ContactMade": "contacted",
    "ReturnAsked": "returned",
    "ReviewPassed": "replied",
    "AnsweredAtOnce": "replied",
    "CaseReworked": "reworked",
    "CaseRestarted": "reworked",
    "CaseSuspended": "suspended",
    "ExtensionGranted": "extended",
    "CaseUrged": "urged",
    "FalseClosureFound": "false_closure",
    "CaseMerged": "ended",
    "CaseWithdrawn": "ended",
    "CaseInadmissible": "ended",
    "CaseTransferred": "ended",
    "CaseLapsed": "ended",
}
# The facts of a case that count; a reader need not fetch others.
KINDS: Final = (
    "CaseOpened",
    "CaseSplitOff",
    "AppealJoined",
    "CaseDispatched",
    "CasePassedDown",
    "DisputeRuled",
    "DispatchRecalled",
    "SignUndone",
    "CaseClosed",
    "CaseUnmerged",
    *_PLAIN,
)
_FEWEST_STARS: Final = 3

Key: TypeAlias = tuple[str, str, str]  # period, unit, channel
Lines: TypeAlias = dict[Key, dict[str, int]]


@dataclass(frozen=True)
class Happened:
    """A fact of the case: its kind, moment and words."""

    kind: str
    at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Ran:
    """A clock of the case: until when it ran, and what became of it."""

    clock: str
    due_at: datetime
    met_at: datetime | None = None
    ended_at: datetime | None = None
    paused_at: datetime | None = None


@dataclass(frozen=True)
class Said:
    """An answer to a question about a reply: `solved` is "" where none came in time."""

    at: datetime
    solved: str
    stars: tuple[int, ...] = ()
    result: int | None = None


@dataclass(frozen=True)
class Story:
    """A case with all that counts; facts in the order they happened, channels by appeal."""

    status: str
    unit: str
    grade: str
    supervised: bool
    next_due_at: datetime | None
    facts: Sequence[Happened] = ()
    clocks: Sequence[Ran] = ()
    answers: Sequence[Said] = ()
    channels: Mapping[str, str] = field(default_factory=dict)


def periods_of(moment: datetime) -> tuple[str, str]:
    """Return the day and the month a moment falls into, in Shanghai."""
    day = moment.astimezone(ZONE).date().isoformat()
    return day, day[:7]


def trimmed(area_path: str) -> str:
    """Return the path of the community an area lies in, or of what it is itself if that is larger."""
    return "/".join(area_path.split("/")[:DEPTH])


def lines_of(story: Story, *, at: datetime) -> Lines:
    """Return what a case adds to the tally as things stand at a moment."""
    found: defaultdict[Key, Counter[str]] = defaultdict(Counter)

    def add(what: str, moment: datetime, unit: str, channel: str = "") -> None:
        for period in periods_of(moment):
            found[period, unit, channel][what] += 1

    walk = _Walk(story)
    for what, moment, unit, channel in walk.events():
        add(what, moment, unit, channel)
    for clock in story.clocks:
        turned = _turned(clock, at)
        if turned is not None:
            add(turned[0], turned[1], walk.owner_at(turned[1]))
    for said in story.answers:
        for what in _words_of(said):
            add(what, said.at, walk.owner_at(said.at))
    stands = _standing(story, at)
    if stands:
        found[NOW, story.unit, ""].update(stands)
    return {key: dict(counts) for key, counts in found.items()}


class _Walk:
    """Goes through the facts of a case in their order and remembers which unit had it from when on."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.undone = _undone(story.facts)
        self.was_out = False
        self.turns: list[tuple[datetime, str]] = []

    def owner_at(self, moment: datetime) -> str:
        """Return the key of the unit that had it at a moment; before the first, nobody."""
        return next((unit for since, unit in reversed(self.turns) if since <= moment), "")

    def events(self) -> Iterable[tuple[str, datetime, str, str]]:
        """Yield what happened, when, with which unit, by which channel; slips taken back are left out."""
        for place, fact in enumerate(self.story.facts):
            if fact.kind in ("CaseOpened", "AppealJoined"):
                channel = self.story.channels.get(str(fact.data["appeal"]), "")
                for what in ("came_in", "opened") if fact.kind == "CaseOpened" else ("came_in",):
                    yield what, fact.at, "", channel
                continue
            found = self._read(place, fact)
            if place not in self.undone:
                unit = self.turns[-1][1] if self.turns else ""
                for what in found:
                    yield what, fact.at, "" if what == "opened" else unit, ""

    def _read(self, place: int, fact: Happened) -> list[str]:
        """Return what a fact counts as, after taking note of who has the case by it."""
        kind, data = fact.kind, fact.data
        if kind == "CaseSplitOff":
            # It stands where the old one stood: whoever had that has it, and nobody gave it out again.
            self.was_out = data["before"] not in ("submitted", "need_info")
            given_later = any(later.kind in _GIVES for later in self.story.facts[place + 1 :])
            self.turns.append((fact.at, "" if given_later else self.story.unit))
            return ["opened"]
        if kind in _GIVES or (kind == "DisputeRuled" and not data["stays"]):
            self.turns.append((fact.at, str(data["unit"])))
            return ["given", *self._first(place, data)]
        if kind == "DispatchRecalled":
            self.turns.append((fact.at, ""))
        if kind == "CaseClosed":
            apart = data["closure"] in ("unconfirmed", "checked")
            return ["closed", *([f"closed_{data['closure']}"] if apart else [])]
        return [_PLAIN[kind]] if kind in _PLAIN else []

    def _first(self, place: int, data: Mapping[str, Any]) -> list[str]:
        if self.was_out or place in self.undone:
            return []
        self.was_out = True
        return ["dispatched", *(["automatic"] if data.get("automatic") else [])]


_GIVES: Final = frozenset({"CaseDispatched", "CasePassedDown"})
_UNDOES: Final[Mapping[str, str]] = {
    "SignUndone": "CaseSigned",
    "DispatchRecalled": "CaseDispatched",
    "CaseUnmerged": "CaseMerged",
}


def _undone(facts: Sequence[Happened]) -> set[int]:
    """Return the places of facts a later one took back: the nearest of its kind before it."""
    gone: set[int] = set()
    for place, fact in enumerate(facts):
        kind = _UNDOES.get(fact.kind)
        if kind is None:
            continue
        before = (one for one in range(place - 1, -1, -1) if facts[one].kind == kind and one not in gone)
        gone.update(one for one in [next(before, None)] if one is not None)
    return gone


def _turned(clock: Ran, at: datetime) -> tuple[str, datetime] | None:
    """Return what a clock counts as and when, None while it runs, stands still or was stopped in time."""
    words = _CLOCKS.get(clock.clock)
    if words is None:
        return None
    if clock.met_at is not None and clock.met_at <= clock.due_at:
        return words[0], clock.met_at
    stops = [moment for moment in (clock.met_at, clock.ended_at) if moment is not None]
    if not stops and clock.paused_at is not None:
        stops = [clock.paused_at]
    return (words[1], clock.due_at) if clock.due_at < min([*stops, at]) else None


def _words_of(said: Said) -> Iterable[str]:
    if not said.solved:
        yield "silent"
        return
    yield f"said_{said.solved}"
    if said.stars:
        yield "starred"
        enough = said.result is None or said.result >= _FEWEST_STARS
        if enough and sum(said.stars) >= _FEWEST_STARS * len(said.stars):
            yield "satisfied"


def _standing(story: Story, at: datetime) -> list[str]:
    state = _STANDS_BY_STATUS.get(story.status)
    if state is None:
        return []
    stands = ["open", state]
    due = story.next_due_at
    if story.status in _UNDER_WAY and due is not None and due < at:
        stands.append("overdue_now")
    if story.grade == "A":
        stands.append("danger")
    if story.supervised:
        stands.append("supervised")
    return stands
