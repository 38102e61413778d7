"""200 clerks at once on 50 cases, each clicking twice: nothing is lost, done twice, or in two hands."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from huying.cases import reasons
from huying.cases.actions import move_case
from huying.cases.models import OPEN, Case, Deadline, Membership, Status, Task, TaskKind, TaskState
from huying.cases.moves import MOVES
from huying.cases.rules import why_not
from huying.cases.tests.stories import AT, dispatched, signed, waiting
from huying.intake.models import Appeal
from huying.kit.errors import Refusal
from huying.ledger.actor import SYSTEM
from huying.ledger.models import Fact
from huying.ledger.queries import verify
from huying.testing.cast import staff
from huying.testing.town import CAST

if TYPE_CHECKING:
    from uuid import UUID

    from huying.ledger.actor import Actor

pytestmark = [pytest.mark.usefixtures("apart"), pytest.mark.slow]

CLERKS, CASES, CONNECTIONS, CLICKS = 200, 50, 40, 3
SEED = 2026
# Made by Huying itself on occasions of their own, or by residents alone.
ASIDE = {"close", "rework", "reopen", "recheck", "archive", "lapse", "split"}
GIVEN: dict[str, tuple[Any, ...]] = {
    "unit": ("cleaning", "city", "east"), "item": ("010101", "020302"), "reason": ("有原因",),
    "note": ("记一笔",), "public_text": ("办好了",), "solved": ("yes", "no"), "unsolved_reason": ("缺设备",),
    "route": ("litigation",), "receipt": ("民初1号",), "question": ("几号楼？",), "text": ("三号楼",),
    "result": ("查过了",), "days": ("3",), "plan": ("明年改造",), "review_on": ("2026-12-01",),
    "colour": ("red", "yellow"),
    "handler": ("lin", "wu", "dong"), "reached": (True, False), "later": ("GD1",),
}  # fmt: skip


class Clerk:
    """Somebody of the cast who makes whatever move is possible on whatever case, and clicks twice."""

    def __init__(self, number: int, cases: list[UUID], actors: list[Actor]) -> None:
        self.chance = random.Random(SEED + number)  # noqa: S311 - a test that can be repeated
        self.cases, self.actors = cases, actors
        self.told: Counter[str] = Counter()

    def work(self) -> Counter[str]:
        """Make some moves; return how often what was said, "" for what was done."""
        try:
            for _ in range(CLICKS):
                self._click()
        finally:
            connection.close()
        return self.told

    def _click(self) -> None:
        case = Case.objects.defer("search").get(pk=self.chance.choice(self.cases))
        by = self.chance.choice(self.actors)
        note = self._note(case)
        aside = ASIDE if note else ASIDE | {"retract_note"}
        possible = [
            move.key for move in MOVES if move.key not in aside and why_not(case, move, by=by, at=AT) is None
        ]
        if not possible:
            return
        key = self.chance.choice(possible)
        given = {name: self.chance.choice(words) for name, words in GIVEN.items()}
        given |= {"into": self.chance.choice(self.cases), "task": self._part(case), "noted": note}
        given["appeal"] = case.memberships.values_list("appeal_id", flat=True).first()
        seen = case.fact_seq if self.chance.random() < 0.8 else None
        for _ in range(2):
            try:
                move_case(case.pk, key, by=by, at=AT, seen=seen, **given)
            except Refusal as refusal:
                self.told[refusal.reason.key] += 1
            else:
                self.told[""] += 1

    def _part(self, case: Case) -> str:
        parts = Task.objects.filter(case=case, state=TaskState.OPEN).exclude(kind=TaskKind.LEAD)
        return str(parts.values_list("pk", flat=True).first() or "none")

    def _note(self, case: Case) -> str:
        notes = Fact.objects.filter(stream=f"case:{case.pk}", kind="CaseNoted").order_by("-seq")
        return str(notes.values_list("seq", flat=True).first() or "")


def test_200_clerks_on_50_cases_lose_nothing_and_do_nothing_twice() -> None:
    starts = (waiting, dispatched, signed)
    cases = [starts[number % 3]().pk for number in range(CASES)]
    actors = [staff(name, at=AT) for name, *_ in CAST] + [SYSTEM]
    voices = dict(Membership.objects.filter(until_at=None).values_list("appeal_id", "case_id"))
    clerks = [Clerk(number, cases, actors) for number in range(CLERKS)]
    with ThreadPoolExecutor(CONNECTIONS) as desks:
        # Whatever is no refusal (a deadlock, a broken constraint) is raised here.
        answers = list(desks.map(Clerk.work, clerks))
    told = sum(answers, Counter[str]())
    assert told[""] > CLERKS, "many a move was made"
    assert told[reasons.CHANGED_MEANWHILE.key], "a second click on an old screen is told so"
    known = {reason.key for reason in vars(reasons).values() if hasattr(reason, "key")}
    elsewhere = {"area_closed", "must_not_push_down"}
    assert set(told) - {""} <= known | elsewhere, set(told) - known

    assert verify().broken is None
    counted = Counter(Fact.objects.values_list("stream", flat=True))
    for model, name in ((Case, "case"), (Appeal, "appeal")):
        for pk, seq in model.objects.values_list("pk", "fact_seq"):
            assert counted[f"{name}:{pk}"] == seq
    leads = Counter(
        Task.objects.filter(state=TaskState.OPEN, kind=TaskKind.LEAD).values_list("case_id", flat=True)
    )
    clocks = Counter(Deadline.objects.filter(met_at=None, ended_at=None).values_list("case_id", "clock"))
    assert set(leads.values()) <= {1}
    assert set(clocks.values()) <= {1}
    inside = Membership.objects.filter(until_at=None).values_list("appeal_id", "case_id")
    assert len(inside) == len(dict(inside))
    assert dict(inside).keys() == voices.keys()
    numbers = Counter(case for _, case in inside)
    for case in Case.objects.defer("search"):
        assert case.appeal_count == numbers[case.pk]
        assert (leads[case.pk] == 1) == (Status(case.status) in OPEN and case.unit_id is not None)
