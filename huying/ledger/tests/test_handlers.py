"""Facts go up: a job in the same transaction, its effect once, whatever is repeated or fails."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction

from huying.cases.actions import move_case
from huying.cases.facts import CaseNoted
from huying.ledger import handlers
from huying.ledger.handlers import QUEUE, TASK, handlers_of, jobs_for, name_of, react, register, together
from huying.ledger.models import Fact, Reaction
from huying.notify.models import Notice
from huying.site.wiring import HANDLERS
from huying.testing.cast import appeal_of, case_of, staff

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from huying.cases.models import Case

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 22, 2, 0, tzinfo=UTC)


class Listener:
    """A handler that remembers, and may fail."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.fails = False

    def hear(self, fact: Fact) -> None:
        """Write something down, then fail if told to."""
        self.heard.append(fact.kind)
        Notice.objects.create(to_appeal_id=fact.pk, kind="closed", at=fact.at)
        if self.fails:
            raise ConnectionError("the post office is closed")


listener = Listener()


def hear(fact: Fact) -> None:
    """Stand in the table under a name of its own."""
    listener.hear(fact)


@together
def hear_all(facts: Sequence[Fact]) -> None:
    """Take many facts at once."""
    rooms.append(len(facts))
    for fact in facts:
        listener.hear(fact)


rooms: list[int] = []
NAME, ALL = name_of(hear), name_of(hear_all)


@pytest.fixture(autouse=True)
def _listening(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(handlers._HANDLERS, "CaseNoted", {})
    register({CaseNoted: [hear]})
    listener.heard, listener.fails = [], False
    rooms.clear()


def jobs(handler: str = NAME) -> list[dict[str, Any]]:
    """Return the arguments of the jobs that wait for a handler."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args FROM procrastinate_jobs WHERE task_name = %s AND queue_name = %s "
            "AND status = 'todo' AND args->>'handler' = %s ORDER BY id",
            [TASK, QUEUE, handler],
        )
        return [json.loads(row[0]) for row in cursor.fetchall()]


def noted() -> tuple[Case, UUID]:
    case = case_of(appeal_of(at=AT))
    move_case(case.pk, "note", by=staff("lin", at=AT), at=AT, note="记一笔")
    return case, Fact.objects.get(stream=f"case:{case.pk}", kind="CaseNoted").pk


def test_a_fact_defers_its_handlers_in_the_same_transaction() -> None:
    _, fact = noted()
    assert jobs() == [{"handler": NAME, "facts": [str(fact)]}]
    assert listener.heard == [], "nobody acts before the transaction is through"


def test_what_is_rolled_back_leaves_no_job() -> None:
    case = case_of(appeal_of(at=AT))
    point = transaction.savepoint()
    move_case(case.pk, "note", by=staff("lin", at=AT), at=AT, note="记一笔")
    assert len(jobs()) == 1
    transaction.savepoint_rollback(point)
    assert jobs() == []
    assert not Fact.objects.filter(stream=f"case:{case.pk}", kind="CaseNoted").exists()


def test_an_appeal_defers_the_jobs_of_its_facts_in_its_one_statement() -> None:
    answer = appeal_of(at=AT)
    dispatched = Fact.objects.get(stream=f"case:{answer.case_id}", kind="CaseDispatched")
    tell = "huying.journeys.telling.tell_dispatched"
    assert {"handler": tell, "facts": [str(dispatched.pk)]} in jobs(tell)


def test_an_effect_happens_once_however_often_the_job_runs() -> None:
    _, fact = noted()
    assert react(NAME, [fact]) == 1
    assert react(NAME, [str(fact)]) == 0
    assert listener.heard == ["CaseNoted"]
    assert Notice.objects.filter(to_appeal_id=fact).count() == 1
    assert Reaction.objects.filter(fact_id=fact, handler=NAME).count() == 1


def test_a_handler_that_fails_leaves_neither_effect_nor_note_and_is_tried_again() -> None:
    _, fact = noted()
    listener.fails = True
    with pytest.raises(ConnectionError):
        react(NAME, [fact])
    assert not Reaction.objects.filter(fact_id=fact).exists()
    assert not Notice.objects.filter(to_appeal_id=fact).exists()
    listener.fails = False
    assert react(NAME, [fact]) == 1
    assert Notice.objects.filter(to_appeal_id=fact).exists()


def test_of_several_facts_those_done_before_a_failure_stay_done() -> None:
    (_, first), (_, second) = noted(), noted()
    react(NAME, [first])
    listener.fails = True
    with pytest.raises(ConnectionError):
        react(NAME, [first, second])
    assert set(Reaction.objects.filter(handler=NAME).values_list("fact_id", flat=True)) == {first}


def test_a_handler_that_takes_many_gets_the_facts_it_has_not_dealt_with_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    register({CaseNoted: [hear_all]})
    facts = [noted()[1] for _ in range(5)]
    assert react(ALL, facts[:2]) == 2
    assert react(ALL, facts[:3]) == 1
    assert react(ALL, facts[:3]) == 0
    monkeypatch.setattr(handlers, "MOST_TOGETHER", 1)
    assert react(ALL, facts) == 2
    assert rooms == [2, 1, 1, 1], "never more at once than may hold their rows, never none"
    assert set(Reaction.objects.filter(handler=ALL).values_list("fact_id", flat=True)) == set(facts)


def test_where_many_are_taken_at_once_a_failure_leaves_none_of_them_done() -> None:
    register({CaseNoted: [hear_all]})
    facts = [noted()[1] for _ in range(2)]
    listener.fails = True
    with pytest.raises(ConnectionError):
        react(ALL, facts)
    assert not Reaction.objects.filter(handler=ALL).exists()
    assert not Notice.objects.filter(to_appeal_id__in=facts).exists()
    listener.fails = False
    assert react(ALL, facts) == 2


def test_a_fact_that_was_never_committed_is_passed_over() -> None:
    assert react(NAME, ["01900000-0000-7000-8000-000000000000"]) == 0


def test_a_handler_nobody_knows_any_more_fails_loudly() -> None:
    with pytest.raises(LookupError, match="the wiring has changed"):
        react("huying.nowhere.nothing", [])


def test_one_job_carries_all_facts_of_a_handler() -> None:
    rows = jobs_for(
        [{"kind": "CaseNoted", "id": 1}, {"kind": "Unheard", "id": 2}, {"kind": "CaseNoted", "id": 3}]
    )
    assert [row["args"] for row in rows] == [{"handler": NAME, "facts": ["1", "3"]}]


def test_every_fact_of_the_wiring_has_handlers_that_can_be_found_by_name() -> None:
    for kind, functions in HANDLERS.items():
        assert len(set(handlers_of(kind.__name__))) >= len(functions)
