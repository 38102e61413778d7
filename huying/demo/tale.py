"""The tale of one appeal as it is being told: what was planned, fitted to what the machine made of it."""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from huying.demo.town import timing, topics
from huying.demo.town.dice import happens
from huying.demo.town.rows import AppealRow, Step

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from huying.cases.models import Case
    from huying.people.queries import UnitCard

# Steps whose moment hangs on when the unit got the case, not on when the matter was settled.
SOON_AFTER_DISPATCH = frozenset(
    {"withdraw", "return", "redispatch", "refuse_return", "sign", "first_contact"}
)
RETURNED_SHARE = 0.88
CALLED_IN_VAIN_SHARE = 0.3
LAST_CALL_BEFORE = timedelta(days=4)
FACE_TO_FACE = ("匿名", "到场")


@dataclass(frozen=True, slots=True)
class Beat:
    """One step and its moment."""

    at: datetime
    step: Step


@dataclass(slots=True)
class Tale:
    """An appeal on its way through the demo: its row, what is still to come, and what it became.

    `right_unit` is who should have it by the rules, were it judged rightly. `case` is its case after its own
    last move; what others did since is not in there. `signed_in` says whether its resident has an account.
    """

    row: AppealRow
    right_unit: UnitCard
    rng: random.Random
    beats: deque[Beat] = field(default_factory=deque)
    appeal_id: UUID | None = None
    case: Case | None = None
    signed_in: bool = False
    postponed: int = 0

    @classmethod
    def of(cls, row: AppealRow, right_unit: UnitCard, seed: int) -> Tale:
        """Return the tale of an appeal as it was planned; chance in it is its own."""
        tale = cls(row, right_unit, random.Random(f"demo:{seed}:{row.key}"))
        for step in row.fate.steps:
            at = row.received_at + step.after
            if step.move == "lapse" and row.resident.phone and happens(tale.rng, CALLED_IN_VAIN_SHARE):
                called_at = timing.after_office(at - LAST_CALL_BEFORE, tale.rng.uniform(5, 400))
                tale.beats.append(Beat(called_at, _step("follow_up", "phone_desk")))
            tale.beats.append(Beat(at, step))
        return tale

    @property
    def urgent(self) -> bool:
        """Whether everybody hurries."""
        return self.row.danger

    def keep_only(self, *moves: str) -> None:
        """Drop every step but these: the case is somebody else's to work on."""
        self.beats = deque(beat for beat in self.beats if beat.step.move in moves)

    def fit_to_dispatch(self, unit: str) -> None:
        """Fit the plan to a case the machine dispatched at once, to `unit`."""
        planned = [beat for beat in self.beats if beat.step.when_held]
        self.beats = deque(beat for beat in self.beats if not beat.step.when_held)
        if planned:
            self._bring_forward(planned[0].at)
        self._mend_unit(unit)

    def fit_to_waiting(self) -> None:
        """Fit the plan to a case that waits for a person: somebody dispatches it, unless it is to wait."""
        moves = [beat.step.move for beat in self.beats]
        opens = {"dispatch", "inadmissible", "answer_at_once", "merge", "withdraw"}
        if moves[:1] and moves[0] in opens:
            return
        if self.row.fate.outcome == "waiting_for_person" or (not moves and self.row.hold):
            return
        after = self.rng.uniform(6, 90)
        at = timing.after_office(self.row.received_at, after).replace(microsecond=0)
        self.beats.appendleft(
            Beat(at, Step("dispatch", at - self.row.received_at, "dispatcher", {}, when_held=True))
        )

    def _bring_forward(self, planned_at: datetime) -> None:
        """Let what follows a dispatch follow the machine's, at the same pace in working time."""
        received = self.row.received_at
        moved: deque[Beat] = deque()
        ahead = True
        for beat in self.beats:
            ahead = ahead and beat.step.move in SOON_AFTER_DISPATCH
            at = beat.at
            if ahead and self.urgent:
                at = received + (beat.at - planned_at)
            elif ahead and beat.step.move != "withdraw":
                pace = timing.calendar().working_between(planned_at, beat.at)
                at = timing.after_office(received, pace.total_seconds() / 60)
            moved.append(Beat(at.replace(microsecond=0), beat.step))
        self.beats = moved

    def _mend_unit(self, unit: str) -> None:
        """Let a unit that got what is not its own return it: the machine erred, and people notice."""
        if unit == self.right_unit.code or self.urgent:
            return
        moves = [beat.step.move for beat in self.beats]
        if "return" in moves or not moves or not happens(self.rng, RETURNED_SHARE):
            return
        if moves[0] not in SOON_AFTER_DISPATCH:
            return
        first = self.beats[0].at
        back = timing.after_office(self.row.received_at, self.rng.uniform(6, 80)).replace(microsecond=0)
        ruled = timing.after_office(back, self.rng.uniform(15, 240)).replace(microsecond=0)
        gap = max(ruled + timedelta(minutes=self.rng.uniform(4, 60)) - first, timedelta())
        name = self.right_unit.name
        beats = [
            Beat(back, _step("return", "handler", reason=self._remark("return_reasons", name))),
            Beat(ruled, _step("redispatch", "dispatcher", reason=self._remark("redispatch_reasons", name))),
        ]
        rest = [self._later(beat, gap) for beat in self.beats]
        self.beats = deque([*beats, *rest])

    def _later(self, beat: Beat, gap: timedelta) -> Beat:
        """Push a step back as far as a detour through another unit took, within office hours."""
        if beat.step.move not in SOON_AFTER_DISPATCH or beat.step.move == "withdraw":
            return beat
        return replace(
            beat, at=timing.after_office(beat.at + gap, self.rng.uniform(1, 9)).replace(microsecond=0)
        )

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
        self.beats.appendleft(replace(beat, at=at))

    def begin_anew(self, beats: Iterable[Beat]) -> None:
        """Go on with another plan."""
        self.beats = deque(beats)


def _step(move: str, hand: Any, **given: Any) -> Step:  # noqa: ANN401 - what a move is given differs by move
    return Step(move, timedelta(), hand, given)
