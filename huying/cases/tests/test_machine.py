"""No sequence of moves, by whomever, loses a case or voice, leaves two owners, or breaks clock or chain."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from huying.cases.actions import move_case
from huying.cases.keeping import keep_cases
from huying.cases.models import (
    OPEN,
    Application,
    AskKind,
    AskState,
    Case,
    Deadline,
    Membership,
    Status,
    Task,
    TaskKind,
    TaskState,
)
from huying.cases.moves import ASK_STANDS, MOVE, MOVES
from huying.cases.rules import why_not
from huying.cases.tests.stories import AT, in_stages
from huying.feedback.actions import Answer, ask_appellants, lapse_questions, rate_reply
from huying.feedback.models import Outcome, RatingRequest
from huying.intake.models import Appeal
from huying.journeys.withdrawing import take_back
from huying.kit.errors import Refusal
from huying.ledger.actor import SYSTEM
from huying.ledger.models import Fact
from huying.ledger.queries import verify
from huying.testing.cast import appeal_of, resident, staff
from huying.testing.town import CAST

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# A walk is thirty-five steps long; one counts for five examples of a simple property (`make walks` for many).
WALKS_SHARE = 5
MOST_APPEALS = 8
MOST_CASES = 12
MOST_SWEEPS = 20
RULED = (AskState.GRANTED, AskState.REFUSED)
WITH_OWNER = {
    Status.DISPATCHED,
    Status.IN_PROGRESS,
    Status.SUSPENDED,
    Status.RETURN_REVIEW,
    Status.REPLIED,
}
UNIT_CODES = ("cleaning", "city", "east", "cleaning", "city", "nobody", "")
GIVEN = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(UNIT_CODES),
        "item": st.sampled_from(("010101", "020302", "01", "")),
        "reason": st.sampled_from(("有原因", "有原因", "")),
        "note": st.just("记一笔"),
        "public_text": st.sampled_from(("办好了", "办好了", " ")),
        "solved": st.sampled_from(("yes", "yes", "no", "partly")),
        "unsolved_reason": st.sampled_from(("缺设备", "")),
        "route": st.sampled_from(("litigation", "nowhere")),
        "closure": st.sampled_from(("confirmed", "unconfirmed")),
        "assists": st.sampled_from(((), ("city", "city"), ("cleaning", "east"))),
        "grade": st.sampled_from(("", "", "A", "Z")),
        "reached": st.booleans(),
        "question": st.sampled_from(("几号楼？", "几号楼？", "")),
        "text": st.sampled_from(("三号楼", "三号楼", "")),
        "receipt": st.sampled_from(("民初1号", "民初1号", "")),
        "days": st.sampled_from(("3", "10", "0", "很多")),
        "plan": st.just("明年改造"),
        "review_on": st.sampled_from(("2026-10-01", "2026-12-01", "2026-09-22", "明天")),
        "meet_at": st.sampled_from(("", "", "2026-12-01T09:00:00+08:00", "2026-09-21T09:00:00+08:00")),
        "colour": st.sampled_from(("blue", "yellow", "red", "green")),
        "handler": st.sampled_from(("lin", "wu", "dong", "nobody")),
        "rule_unit": st.sampled_from(("", "cleaning", "city")),
        "later": st.just("GD1"),
        "result": st.sampled_from(("办了一步", "办了一步", "")),
    }
)
# What has a rule of its own, or leads nowhere.
ASIDE = {
    "note",
    "retract_note",
    "withdraw",
    "merge",
    "unmerge",
    "split",
    "close",
    "rework",
    "reopen",
    "recheck",
    "lapse",
}
# Which clocks there are in a state, running or standing still; those that may be as well.
NEEDED: dict[Status, set[str]] = {
    Status.SUBMITTED: {"receive"},
    Status.NEED_INFO: {"receive", "info"},
    Status.DISPATCHED: {"sign", "handle"},
    Status.RETURN_REVIEW: {"handle", "ruling"},
    Status.IN_PROGRESS: {"handle"},
    Status.SUSPENDED: {"handle", "suspend"},
    Status.REPLIED: {"review"},
    Status.FOLLOW_UP: {"asking"},
}
# In these states a clock stands still; the others run.
RUN_ON = {Status.NEED_INFO: {"info"}, Status.SUSPENDED: {"suspend"}}
RULED_BY = {AskKind.DISPUTE: "ruling", AskKind.EXTENSION: "request", AskKind.SUSPENSION: "request",
            AskKind.UNREASONABLE: "request"}  # fmt: skip
# Everything a sequence can change, as one text: a refusal must leave it as it was.
PRINT = """
SELECT md5(string_agg(t.line, '|' ORDER BY t.line)) FROM (
    SELECT c::text AS line FROM cases_case c UNION ALL SELECT m::text FROM cases_membership m
    UNION ALL SELECT d::text FROM cases_deadline d UNION ALL SELECT k::text FROM cases_task k
    UNION ALL SELECT r::text FROM cases_reply r UNION ALL SELECT n::text FROM cases_note n
    UNION ALL SELECT p::text FROM cases_application p UNION ALL SELECT u::text FROM cases_supplement u
    UNION ALL SELECT y::text FROM dispatch_ruleproposal y
    UNION ALL SELECT q::text FROM feedback_ratingrequest q
    UNION ALL SELECT f.id::text FROM ledger_fact f UNION ALL SELECT a::text FROM intake_appeal a
    UNION ALL SELECT s::text FROM dispatch_assignment s UNION ALL SELECT j.id::text FROM procrastinate_jobs j
) AS t
"""


def _print() -> str:
    with connection.cursor() as cursor:
        cursor.execute(PRINT)
        return str(cursor.fetchone()[0])


class Town(RuleBasedStateMachine):
    """Residents, clerks and the clock, doing anything in any order."""

    cases = Bundle("cases")

    def __init__(self) -> None:
        super().__init__()
        self.around = transaction.atomic()
        self.around.__enter__()
        self.at = AT
        self.cast = {name: staff(name, at=AT) for name, *_ in CAST} | {"": SYSTEM, "resident": resident()}
        self.known = set(Case.objects.values_list("pk", flat=True))
        self.appeals = set(Appeal.objects.values_list("pk", flat=True))
        self.gone: set[UUID] = set()

    def teardown(self) -> None:
        """Prove every chain, then leave no trace for the next sequence."""
        try:
            assert verify().broken is None
        finally:
            transaction.set_rollback(True)
            self.around.__exit__(None, None, None)

    @contextmanager
    def maybe_refused(self) -> Iterator[None]:
        """Whatever is refused has changed nothing."""
        before = _print()
        told = ""
        try:
            yield
        except Refusal as refusal:
            told = str(refusal)
        assert not told or _print() == before, f"refused ({told}), and yet something changed"

    @initialize(target=cases)
    def look_around(self) -> MultipleResults[UUID]:
        """Begin with what lies on the desks."""
        return multiple(*sorted(self.known))

    # --- residents -----------------------------------------------------------------------------------
    @precondition(lambda self: len(self.appeals) < MOST_APPEALS)
    @rule(target=cases, case=cases)
    def join(self, case: UUID) -> UUID:
        """Let a neighbour say "me too"; on a case that has ended, that opens a new one."""
        answer = appeal_of(joins=case, at=self.at)
        assert answer.case_id is not None
        self.known.add(answer.case_id)
        self.appeals.add(answer.appeal_id)
        return answer.case_id

    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        """One of the residents takes an appeal back."""
        if not self.appeals:
            return
        appeal = data.draw(st.sampled_from(sorted(self.appeals)))
        with self.maybe_refused():
            case = take_back(appeal, by=self.cast["resident"], at=self.at, reason="好了")
            if case.status != Status.WITHDRAWN:
                self.gone.add(appeal)

    @rule(
        case=cases,
        said=st.lists(st.tuples(st.sampled_from(("yes", "yes", "no")), st.integers(0, 6)), max_size=3),
    )
    def rate(self, case: UUID, said: list[tuple[str, int]]) -> None:
        """Let some who are or were with a case rate a reply, asked or not."""
        self.say(case, said)

    def say(self, case: UUID, said: list[tuple[str, int]]) -> None:
        """Ask after the reply, and take what is said, by one voice after the other."""
        ask_appellants(case, at=self.at, window_days=7)
        voices = Membership.objects.filter(case=case).order_by("id").values_list("appeal_id", flat=True)
        for appeal, (solved, stars) in zip(voices, said, strict=False):
            with self.maybe_refused():
                rate_reply(appeal, Answer(solved, result=stars), by=self.cast["resident"], at=self.at)

    # --- clerks --------------------------------------------------------------------------------------
    @rule(case=cases, key=st.sampled_from(sorted(MOVE)), name=st.sampled_from([n for n, *_ in CAST] + [""]),
          given=GIVEN, other=cases, seen=st.integers(-1, 1))  # fmt: skip
    def attempt(
        self, *, case: UUID, key: str, name: str, given: dict[str, Any], other: UUID, seen: int
    ) -> None:
        """Anybody tries any move with anything."""
        old = Case.objects.values_list("fact_seq", flat=True).get(pk=case) + seen if seen >= 0 else None
        appeal = Membership.objects.filter(case=case).values_list("appeal_id", flat=True).first()
        told = {**given, "appeal": appeal, "into": other, "task": self.part_of(case)}
        with self.maybe_refused():
            move_case(case, key, by=self.cast[name], at=self.at, seen=old, **told)

    @rule(
        case=cases, other=cases, wishes=st.lists(st.tuples(st.integers(0, 99), GIVEN), min_size=1, max_size=5)
    )
    def go_on(self, case: UUID, other: UUID, wishes: list[tuple[int, dict[str, Any]]]) -> None:
        """Make some moves that are possible, one after the other, so that cases come far."""
        for wish, given in wishes:
            row = Case.objects.get(pk=case)
            possible = [move.key for move in MOVES if why_not(row, move, by=SYSTEM, at=self.at) is None]
            possible = [key for key in possible if key not in ASIDE]
            if row.status == Status.FOLLOW_UP:
                self.say(case, [("no" if wish % 4 == 0 else "yes", wish % 6)])
                continue
            if not possible:
                return
            told = {**given, "item": "010101", "grade": "", "into": other, "task": self.part_of(case)}
            with self.maybe_refused():
                move_case(case, possible[wish % len(possible)], by=SYSTEM, at=self.at, **told)

    def part_of(self, case: UUID) -> str:
        """Return an open part of a case, of whoever's; a word that names none when there is none."""
        parts = Task.objects.filter(case=case, state=TaskState.OPEN).exclude(kind=TaskKind.LEAD)
        return str(parts.order_by("pk").values_list("pk", flat=True).first() or "none")

    @precondition(lambda self: len(self.known) < MOST_CASES)
    @rule(case=cases, few=st.integers(0, 3), stranger=st.booleans())
    def split(self, case: UUID, few: int, stranger: bool) -> None:  # noqa: FBT001 - hypothesis names it
        """Split some appeals off, perhaps all, none, or one of another case."""
        inside = Membership.objects.filter(case=case, until_at=None).order_by("id")
        going = list(inside.values_list("appeal_id", flat=True)[:few])
        if stranger:
            going += sorted(self.appeals - set(inside.values_list("appeal_id", flat=True)))[:1]
        with self.maybe_refused():
            fresh = move_case(case, "split", by=self.cast["mei"], at=self.at, appeals=going, reason="两回事")
            self.known.add(fresh.pk)

    @rule(case=cases, other=cases, undo=st.booleans())
    def merge(self, case: UUID, other: UUID, undo: bool) -> None:  # noqa: FBT001 - hypothesis names it
        """Merge a case into another, or undo that."""
        with self.maybe_refused():
            move_case(case, "unmerge" if undo else "merge", by=self.cast["mei"], at=self.at, into=other)

    # --- Huying itself -------------------------------------------------------------------------------
    @rule(case=cases)
    def ask(self, case: UUID) -> None:
        """Run the job that asks after a reply, perhaps twice."""
        ask_appellants(case, at=self.at, window_days=7)

    @rule(days=st.sampled_from((0.01, 0.2, 1, 8, 40)))
    def wait(self, days: float) -> None:
        """Time passes: questions lapse, and what has come due is done; then there is nothing left to do."""
        self.at += timedelta(days=days)
        lapse_questions(at=self.at)
        for _ in range(MOST_SWEEPS):
            if not keep_cases(at=self.at):
                break
        else:
            raise AssertionError("the clocks find something to do for ever")

    # --- what always holds ---------------------------------------------------------------------------
    @invariant()
    def nothing_is_lost(self) -> None:
        """Every case and appeal is there; each voice is in one case, unless it was taken back."""
        assert set(Case.objects.values_list("pk", flat=True)) == self.known
        assert set(Appeal.objects.values_list("pk", flat=True)) == self.appeals
        now = Membership.objects.filter(until_at=None).values_list("appeal_id", "case_id")
        assert len(now) == len(dict(now))
        assert dict(now).keys() == self.appeals - self.gone
        counted = dict.fromkeys(self.known, 0)
        for _, case_id in now:
            counted[case_id] += 1
        rows = Case.objects.values_list("pk", "appeal_count", "status", "merged_into")
        assert {pk: count for pk, count, *_ in rows} == counted
        for pk, count, status, into in rows:
            assert count or Status(status) not in OPEN, "an open case has a voice"
            assert (status == Status.MERGED) == (into is not None)
            assert into is None or into in self.known - {pk}

    @invariant()
    def one_owner_leads(self) -> None:
        """See one unit and one lead, the same, on a case under way, and no part open on an ended one."""
        open_parts = list(Task.objects.filter(state=TaskState.OPEN).values_list("case_id", "unit_id", "kind"))
        leads = [(case, unit) for case, unit, kind in open_parts if kind == TaskKind.LEAD]
        assert len(leads) == len(dict(leads))
        for pk, status, unit in Case.objects.values_list("pk", "status", "unit_id"):
            if Status(status) in WITH_OWNER:
                assert unit is not None
            led = Status(status) in OPEN and unit is not None
            assert dict(leads).get(pk) == (unit if led else None)
            assert led or not any(case == pk for case, *_ in open_parts)

    @invariant()
    def clocks_are_right(self) -> None:
        """At most one clock of a kind runs; the nearest is shown; none runs where nobody is waited for."""
        clocks: dict[UUID, dict[str, Deadline]] = {}
        asked = set(Application.objects.filter(state=AskState.OPEN).values_list("case_id", "kind"))
        for clock in Deadline.objects.filter(met_at=None, ended_at=None):
            kinds = clocks.setdefault(clock.case_id, {})
            assert clock.clock not in kinds
            kinds[clock.clock] = clock
        assert not Deadline.objects.exclude(met_at=None).exclude(ended_at=None).exists()
        for case in Case.objects.defer("search"):
            kinds = clocks.get(case.pk, {})
            run = [clock for clock in kinds.values() if clock.paused_at is None]
            assert case.next_due_at == min((clock.due_at for clock in run), default=None)
            status = Status(case.status)
            if status not in NEEDED:
                assert not kinds, "nobody is waited for"
                continue
            ruled = {RULED_BY[AskKind(kind)] for pk, kind in asked if pk == case.pk and kind in RULED_BY}
            needed = NEEDED[status] | ruled
            may_be = {"report"} | ({"contact", "stage"} if "handle" in needed else set())
            assert needed <= kinds.keys() <= needed | may_be, (status, kinds.keys(), needed)
            if status in RUN_ON:
                assert {clock.clock for clock in run} - {"report"} == RUN_ON[status]
            else:
                assert len(run) == len(kinds), "a clock stands still for nothing"
            assert all(clock.due_at >= clock.started_at for clock in kinds.values())

    @invariant()
    def what_is_asked_waits_where_it_has_sense(self) -> None:
        """See every application counted on its case, one of a kind, none on a case that left it behind."""
        counted: Counter[UUID] = Counter()
        for application in Application.objects.filter(state=AskState.OPEN).select_related("case"):
            counted[application.case_id] += 1
            assert Status(application.case.status) in ASK_STANDS[AskKind(application.kind)]
        kinds = Application.objects.filter(state=AskState.OPEN).values_list("case_id", "kind")
        assert len(kinds) == len(set(kinds))
        for pk, open_asks in Case.objects.values_list("pk", "open_asks"):
            assert open_asks == counted[pk]
        assert not Application.objects.filter(state=AskState.OPEN).exclude(ruled_at=None).exists()
        assert not Application.objects.filter(state__in=RULED, ruled_at=None).exists()

    @invariant()
    def chains_hold(self) -> None:
        """Every row counts its facts."""
        told = Counter(Fact.objects.values_list("stream", flat=True))
        for model, name in ((Case, "case"), (Appeal, "appeal")):
            for pk, seq in model.objects.values_list("pk", "fact_seq"):
                assert told[f"{name}:{pk}"] == seq

    @invariant()
    def questions_are_open_where_residents_are_waited_for(self) -> None:
        """See questions wait only in the round in which their answer counts."""
        for request in RatingRequest.objects.filter(outcome=Outcome.WAITING).select_related("case"):
            assert request.round == request.case.round or request.case.status != Status.FOLLOW_UP


def test_no_sequence_of_moves_breaks_the_town() -> None:
    in_stages()
    for north, held in ((0, ""), (0, ""), (1, ""), (0, "filing_often"), (1, "filing_often")):
        appeal_of(north=north, at=AT, held_for=held)
    run_state_machine_as_test(
        Town,
        settings=settings(
            max_examples=settings().max_examples // WALKS_SHARE,
            stateful_step_count=35,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
