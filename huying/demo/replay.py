"""Tells the demo's ninety days: every appeal and step in the order of time, through the real actions."""

from __future__ import annotations

import heapq
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection

from huying.cases.models import Case, Deadline
from huying.catalogue.models import Grade
from huying.catalogue.queries import published
from huying.demo import aftermath, detours, drill, hotspots, papers, releasing, supervising, walking
from huying.demo.acts import ACTS, STRANGER, Act, Stage
from huying.demo.admissions import plan_admissions
from huying.demo.drafts import draft_of
from huying.demo.pace import PROMISED
from huying.demo.reacting import Reacting
from huying.demo.staff import Roster
from huying.demo.tale import Beat, Tale
from huying.demo.town import timing
from huying.demo.town.fate import Planner, Subject
from huying.demo.town.speech import Speech
from huying.dispatch.duties import duty_book
from huying.feedback.actions import lapse_questions
from huying.journeys.appeal import submit_appeal
from huying.kit.errors import Refusal
from huying.ledger.actor import SYSTEM
from huying.people.queries import find_api_key, unit_book
from huying.places.queries import town_map

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from huying.demo.admissions import Planned
    from huying.demo.town import Town
    from huying.demo.town.rows import AppealRow
    from huying.journeys.appeal import Taken
    from huying.ledger.actor import Actor
    from huying.people.queries import UnitCard

# The worker looks for questions whose time is over every ten minutes; so does the demo.
LAPSE_MINUTES = 10
# After these somebody may be asked to rate.
ASKING = frozenset({"pass_review", "answer_at_once", "merge"})
# In these the case is as its own last move left it: nobody else works on it meanwhile.
OWN_WORK = frozenset({"sign", "first_contact", "reply", "pass_review", "fail_review"})
# From these nothing follows that somebody has to be told.
UNHEARD = frozenset({"first_contact", "return", "refuse_return", "reply", "fail_review", "follow_up"})
# After so many appeals the planner is told how large the tables are.
LOOKS = frozenset({40, 160, 640})
Happening = tuple["datetime", int, "Callable[[datetime], None]"]


@dataclass
class Told:
    """What came of the telling: how many appeals and steps, and what was refused (move, reason) how often."""

    appeals: int = 0
    steps: int = 0
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)


class Replay:
    """One telling of the town's appeals up to `end`; make and `run` it inside one transaction."""

    def __init__(
        self, town: Town, rows: Sequence[AppealRow], *, end: datetime, seed: int, api_key: str
    ) -> None:
        self.town, self.end, self.seed = town, end, seed
        self.told = Told()
        self.roster = Roster(town.organisation)
        known = find_api_key(api_key)
        self.machine = known.actor if known else SYSTEM
        self.stage = Stage(self.roster, {row.key: Tale.of(row, _right_unit(row), seed) for row in rows})
        self._codes = {card.name: card.code for card in unit_book().all()}
        self._reacting = Reacting()
        self._order = count()
        self._queue: list[Happening] = []
        self._ticks: set[datetime] = set()
        for row in rows:
            self._plan(row.received_at, partial(self._submit, row))
        self._plan_office(plan_admissions(self.roster, end=end, rng=random.Random(f"admission:{seed}")))

    def run(self, on_progress: Callable[[datetime], None] | None = None) -> Told:
        """Tell everything that happens before the end."""
        while self._queue:
            at, _, happen = heapq.heappop(self._queue)
            happen(at)
            if on_progress:
                on_progress(at)
        self._reacting.react_to_all()
        detours.take_detours(self.stage, self.end)
        self._reacting.react_to_all()
        hotspots.look_after_hot_spots(self.roster, self.end)
        supervising.hold_meetings(self.roster, self.end)
        self._reacting.react_to_all()
        aftermath.read_old_notices(self.end)
        releasing.release_some(self.roster, self.end)
        walking.walk_around(self.roster, self.end, seed=self.seed)
        papers.issue_papers(self.end)
        drill.drill(self.end)
        self._reacting.react_to_all()
        return self.told

    def _lapse(self, at: datetime) -> None:
        """Let the clock close the questions nobody answered in time."""
        if lapse_questions(at=at):
            self._reacting.react_now()

    def _plan_office(self, planned: Iterable[Planned]) -> None:
        for at, act in planned:
            self._plan(at, partial(self._at_the_office, act))

    def _at_the_office(self, act: Callable[[datetime], Iterable[Planned] | None], at: datetime) -> None:
        """Let somebody act on what is no appeal; what follows from it is planned in turn."""
        self._plan_office(act(at) or ())
        self._reacting.react_now()

    def _plan(self, at: datetime, happen: Callable[[datetime], None]) -> None:
        if at < self.end:
            heapq.heappush(self._queue, (at, next(self._order), happen))

    def _submit(self, row: AppealRow, at: datetime) -> None:
        """Let an appeal come in, and fit its tale to what the pipe made of it."""
        tale = self.stage.tales[row.key]
        lead = self.stage.tales.get(row.joins or "")
        case = self.stage.case_of(lead) if lead is not None and lead.appeal_id else None
        typist = self.roster.account(row.typed_by).pk if row.typed_by else None
        known = row.resident == self.town.known_resident
        draft = draft_of(
            row, account_id=self.roster.resident.pk if known else None, typed_by_id=typist,
            joins=case.pk if case else None,
        )  # fmt: skip
        taken = submit_appeal(draft, by=self._teller(row, at), at=at)
        if taken.case_id is None:
            raise LookupError(f"the appeal {row.key} came to no case")
        tale.appeal_id = taken.appeal_id
        self.stage.by_appeal[taken.appeal_id] = tale
        self.told.appeals += 1
        if self.told.appeals in LOOKS:
            _count_rows()
        tale.signed_in = known
        tale.case = Case.objects.defer("search").get(pk=taken.case_id)
        tale.hurry = row.danger or bool(taken.dangers) or tale.case.grade == Grade.A
        self._reacting.react_now()
        self._fit(tale, taken, joined=case is not None and taken.case_id == case.pk, at=at)
        self._next(tale, at)
        self._plan(
            timing.after_office(at, tale.rng.uniform(30, 420)),
            partial(aftermath.judge_twins, self.stage, tale),
        )

    def _teller(self, row: AppealRow, at: datetime) -> Actor:
        if row.typed_by:
            return self.roster.actor(row.typed_by, at)
        if row.channel == "api":
            return self.machine
        if row.channel in ("mail", "import"):
            return SYSTEM
        known = row.resident == self.town.known_resident
        return self.roster.resident_actor(at) if known else STRANGER

    def _fit(self, tale: Tale, taken: Taken, *, joined: bool, at: datetime) -> None:
        if joined:
            tale.keep_only("rate", "lapse")
            self._tick(at)
        elif tale.row.joins:
            self._begin_anew(tale, at)
        elif taken.waits_for:
            tale.fit_to_waiting()
        else:
            tale.fit_to_dispatch(self._codes[taken.unit_name])

    def _next(self, tale: Tale, now: datetime) -> None:
        """Plan the next step of a tale, now that the one before it is made."""
        if not tale.beats:
            return
        beat = tale.beats.popleft()
        self._plan(tale.moment(beat, now, _due(tale, beat.step.move)), partial(self._perform, tale, beat))

    def _perform(self, tale: Tale, beat: Beat, at: datetime) -> None:
        move = beat.step.move
        case = tale.case if move in OWN_WORK and tale.case else self.stage.case_of(tale)
        if case is not None and move != "lapse":
            try:
                ACTS[move](Act(self.stage, tale, case, beat.step, at, beat.at))
                self.told.steps += 1
            except Refusal as refusal:
                self.told.refused[move, refusal.reason.key] += 1
                if move == "merge":
                    self._begin_anew(tale, at)
            if move not in UNHEARD:
                self._reacting.react_now()
        if move in ASKING:
            self._tick(at)
        self._next(tale, at)

    def _begin_anew(self, tale: Tale, at: datetime) -> None:
        """Plan a life of its own for an appeal whose planned company was gone when it came."""
        row = tale.row
        planner = Planner(tale.rng, self.town.organisation.units, Speech(tale.rng), self.end)
        place = row.place_words or "现场"
        subject = Subject(published().by_code[row.item], row.area, place, at, lost=not row.says_where)
        steps = planner.life(subject).fate(self.end, "dispatched").steps
        tale.plan(Beat(at + step.after, step) for step in steps)

    def _tick(self, asked_at: datetime) -> None:
        """Let the clock look for silence once the window of a question asked now is over."""
        closes_at = asked_at + timedelta(days=settings.RATING_WINDOW_DAYS)
        late = timedelta(
            minutes=LAPSE_MINUTES - closes_at.minute % LAPSE_MINUTES,
            seconds=-closes_at.second,
            microseconds=-closes_at.microsecond,
        )
        if closes_at + late not in self._ticks:
            self._ticks.add(closes_at + late)
            self._plan(closes_at + late, self._lapse)


def _due(tale: Tale, move: str) -> datetime | None:
    """Return when the clock runs out that a step is to meet."""
    clock = PROMISED.get(move)
    if clock is None or tale.case is None:
        return None
    running = Deadline.objects.filter(case=tale.case, clock=clock, met_at=None, ended_at=None)
    return running.values_list("due_at", flat=True).first()


def _count_rows() -> None:
    """Let the planner see how the tables have grown: nobody else can while the transaction is open."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _right_unit(row: AppealRow) -> UnitCard:
    """Return whose an appeal is by the duty rules, its matter and place rightly known."""
    area = town_map().by_code(row.area)
    duty = duty_book().decide(published().by_code[row.item], area.path if area else "")
    if duty is not None:
        return duty.lead
    planned = next(
        (step.given["unit"] for step in row.fate.steps if step.move == "dispatch"), "yingxi-office"
    )
    return unit_book().by_code[planned]
