"""The tale of one appeal as it is being told: what was planned, fitted to what the machine made of it."""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from huying.demo.pace import PROMISED, after_pause, in_time
from huying.demo.town import timing, topics
from huying.demo.town.dice import happens
from huying.demo.town.rows import AppealRow, Step

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from huying.cases.models import Case
    from huying.people.queries import UnitCard

# Steps that come so many working minutes after the one before, whenever that was.
PACED = frozenset(
    {"dispatch", "answer_at_once", "inadmissible", "sign", "return", "redispatch", "refuse_return"}
    | {"first_contact", "pass_review", "fail_review"}
)
# Steps of residents, who keep no office hours, but sleep.
AWAKE = frozenset({"rate", "withdraw"})
# Steps that give a waiting case to somebody, or end it.
OPENS = frozenset({"dispatch", "inadmissible", "answer_at_once", "merge", "withdraw"})
# Planned outcomes that hang on when the reply was: it is not brought forward.
UNFINISHED = frozenset({"replied", "follow_up", "reworking"})
ON_DUTY_SHARE = 0.6
RETURNED_SHARE = 0.88
CALLED_IN_VAIN_SHARE = 0.3
LAST_CALL_BEFORE = timedelta(days=4)
FACE_TO_FACE = ("匿名", "到场")


@dataclass(frozen=True, slots=True)
class Beat:
    """One step, its planned moment, and how long after the one before it was planned.

    `minutes` are working minutes for what is done at work, plain ones for what residents do; None where the
    moment hangs on nothing before it.
    """

    at: datetime
    step: Step
    minutes: float | None = None


@dataclass(slots=True)
class Tale:
    """An appeal on its way through the demo: its row, what is still to come, and what it became.

    `right_unit` is who should have it by the rules, were it judged rightly. `case` is its case after its own
    last move; what others did since is not in there. `signed_in` says whether its resident has an account,
    `hurry` whether there is danger, `on_duty` whether the unit works on it at weekends too.
    """

    row: AppealRow
    right_unit: UnitCard
    rng: random.Random
    beats: deque[Beat] = field(default_factory=deque)
    appeal_id: UUID | None = None
    case: Case | None = None
    signed_in: bool = False
    hurry: bool = False
    on_duty: bool = False
    postponed: int = 0

    @classmethod
    def of(cls, row: AppealRow, right_unit: UnitCard, seed: int) -> Tale:
        """Return the tale of an appeal as it was planned; chance in it is its own."""
        tale = cls(row, right_unit, random.Random(f"demo:{seed}:{row.key}"))
        tale.plan(Beat(row.received_at + step.after, step) for step in row.fate.steps)
        tale.on_duty = happens(tale.rng, ON_DUTY_SHARE)
        return tale

    def plan(self, beats: Iterable[Beat]) -> None:
        """Take over a plan; every step learns how long after the one before it comes."""
        self.beats.clear()
        before = self.row.received_at
        for beat in beats:
            move = beat.step.move
            if move == "lapse" and self.row.resident.phone and happens(self.rng, CALLED_IN_VAIN_SHARE):
                called_at = timing.after_office(beat.at - LAST_CALL_BEFORE, self.rng.uniform(5, 400))
                self.beats.append(Beat(called_at, _step("follow_up", "phone_desk")))
            pause = None
            if move in PACED:
                pause = timing.calendar().working_between(before, beat.at)
            elif move in AWAKE:
                pause = beat.at - before
            minutes = pause.total_seconds() / 60 if pause is not None else None
            self.beats.append(replace(beat, minutes=minutes))
            before = beat.at

    def moment(self, beat: Beat, now: datetime, due: datetime | None) -> datetime:
        """Return when a step is really made, the one before it having been made just now.

        `due` is when the clock it is to meet runs out, if there is one.
        """
        move, at = beat.step.move, beat.at
        if beat.minutes is not None and move in PACED:
            at = after_pause(move, now, beat.minutes, hurry=self.hurry, on_duty=self.on_duty, rng=self.rng)
        elif beat.minutes is not None:
            at = timing.awake(now + timedelta(minutes=beat.minutes), self.rng)
        if move in PROMISED and not (move == "reply" and self.row.fate.outcome in UNFINISHED):
            at = in_time(move, now, at, due, hurry=self.hurry, rng=self.rng)
        if at <= now:
            at = now + timedelta(minutes=self.rng.uniform(2, 15))
            at = at if self.hurry else timing.after_office(at, self.rng.uniform(5, 90))
        return at.replace(microsecond=0)

    def keep_only(self, *moves: str) -> None:
        """Drop every step but these: the case is somebody else's to work on, at its own pace."""
        self.beats = deque(replace(beat, minutes=None) for beat in self.beats if beat.step.move in moves)

    def fit_to_dispatch(self, unit: str) -> None:
        """Fit the plan to a case the machine dispatched at once, to `unit`."""
        self.beats = deque(beat for beat in self.beats if not beat.step.when_held)
        self._mend_unit(unit)

    def fit_to_waiting(self) -> None:
        """Fit the plan to a case that waits for a person: somebody dispatches it, unless it is to wait."""
        moves = [beat.step.move for beat in self.beats]
        if moves[:1] and moves[0] in OPENS:
            return
        if self.row.fate.outcome == "waiting_for_person" or (not moves and self.row.hold):
            return
        dispatch = Step("dispatch", timedelta(), "dispatcher", {}, when_held=True)
        self.beats.appendleft(Beat(self.row.received_at, dispatch, self.rng.uniform(6, 90)))

    def _mend_unit(self, unit: str) -> None:
        """Let a unit that got what is not its own return it: the machine erred, and people notice."""
        moves = [beat.step.move for beat in self.beats]
        if unit == self.right_unit.code or self.hurry or moves[:1] != ["sign"]:
            return
        if not happens(self.rng, RETURNED_SHARE):
            return
        name, at = self.right_unit.name, self.row.received_at
        back = _step("return", "handler", reason=self._remark("return_reasons", name))
        ruled = _step("redispatch", "dispatcher", reason=self._remark("redispatch_reasons", name))
        self.beats.appendleft(Beat(at, ruled, self.rng.uniform(15, 240)))
        self.beats.appendleft(Beat(at, back, self.rng.uniform(6, 80)))

    def _remark(self, name: str, to: str) -> str:
        return self.rng.choice(topics.remarks(name)).format(to=to)

    def contact_note(self, planned: str) -> str:
        """Return a note of the first contact that fits: nobody can be telephoned who left no number."""
        anonymous = not (self.row.resident.phone or self.row.resident.email)
        if anonymous == planned.startswith(FACE_TO_FACE):
            return planned
        notes = [
            note
            for note in topics.remarks("contacts")
            if (note.startswith(FACE_TO_FACE) if anonymous else not note.startswith("匿名"))
        ]
        return self.rng.choice(notes)

    def put_off(self, beat: Beat, at: datetime) -> None:
        """Take a step up again later."""
        self.postponed += 1
        self.beats.appendleft(replace(beat, at=at, minutes=None))


def _step(move: str, hand: Any, **given: Any) -> Step:  # noqa: ANN401 - what a move is given differs by move
    return Step(move, timedelta(), hand, given)
