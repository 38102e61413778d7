"""The database keeps the promises by itself: each named constraint refuses what it says, and nothing else."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

import huying
from huying.cases.models import Application, Case, Deadline, Membership, Reply, Task
from huying.cases.tests import stories
from huying.cases.tests.stories import AT, HOUR, voices_of
from huying.intake.models import Appeal, ImportProblem, ImportRun, Inbound
from huying.ledger.models import Fact, Reaction
from huying.notify.models import Notice
from huying.people.models import Account, Unit
from huying.testing.cast import appeal_of
from huying.triage.models import TwinSuspect, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db


@contextmanager
def kept(name: str) -> Iterator[None]:
    """Expect the database to refuse what happens inside, by the constraint of this name."""
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        yield


def change(case: Case, **fields: Any) -> None:  # noqa: ANN401 - columns
    """Change a case past every action."""
    Case.objects.filter(pk=case.pk).update(**fields)


# --- cases -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("status", ["dispatched", "in_progress", "return_review", "replied"])
def test_a_case_under_way_has_an_owner(status: str) -> None:
    case = stories.dispatched()
    with kept("who_works_on_a_case_is_named"):
        change(case, status=status, unit=None)
    change(case, status=status)


@pytest.mark.parametrize("status", ["submitted", "withdrawn", "follow_up"])
def test_a_case_elsewhere_may_be_without_one(status: str) -> None:
    change(stories.dispatched(), status=status, unit=None)


def test_a_merged_case_and_only_that_names_another() -> None:
    case, other = stories.dispatched(), stories.dispatched()
    with kept("a_merged_case_names_the_case_it_went_into"):
        change(case, status="merged")
    with kept("a_merged_case_names_the_case_it_went_into"):
        change(case, merged_into=other)
    with kept("a_case_is_not_merged_into_itself"):
        change(case, status="merged", merged_into=case)
    change(case, status="merged", merged_into=other)


def test_a_closed_case_says_when_and_no_other_says_how() -> None:
    case = stories.passed()
    with kept("a_closed_or_archived_case_says_when_and_how"):
        change(case, status="closed", closure="confirmed")
    with kept("a_closed_or_archived_case_says_when_and_how"):
        change(case, closure="confirmed")
    change(case, status="closed", closure="confirmed", closed_at=AT)


def test_an_inadmissible_case_names_a_route() -> None:
    case = stories.waiting()
    with kept("an_inadmissible_case_names_a_route"):
        change(case, status="inadmissible")
    change(case, status="inadmissible", route="litigation")


def test_an_appeal_belongs_to_one_case_at_a_time() -> None:
    case, other = stories.dispatched(), stories.dispatched()
    (voice,) = voices_of(case)
    member: dict[str, Any] = {"case": other, "appeal_id": voice, "how": "me_too", "from_at": AT}
    with kept("an_appeal_belongs_to_one_case_at_a_time"):
        Membership.objects.create(**member)
    Membership.objects.create(**member, until_at=AT)
    Membership.objects.filter(case=case).update(until_at=AT)
    Membership.objects.create(**member)


def test_a_case_has_one_lead_and_a_unit_one_part() -> None:
    case = stories.dispatched()
    units = {unit.code: unit for unit in Unit.objects.all()}
    with kept("a_case_has_one_open_lead"):
        Task.objects.create(case=case, unit=units["east"], kind="lead", opened_at=AT)
    with kept("a_unit_has_one_open_part_of_a_case"):
        Task.objects.create(case=case, unit=units["cleaning"], kind="assist", opened_at=AT)
    Task.objects.create(case=case, unit=units["east"], kind="assist", opened_at=AT)
    Task.objects.create(case=case, unit=units["west"], kind="lead", state="ended", opened_at=AT)


def test_a_clock_runs_once_and_forwards() -> None:
    case = stories.dispatched()
    clock: dict[str, Any] = {
        "case": case, "amount": 1, "amount_unit": "working_days", "started_at": AT, "warn_at": AT,
        "calendar_edition": 1,
    }  # fmt: skip
    with kept("a_clock_runs_once_for_a_case"):
        Deadline.objects.create(clock="handle", due_at=AT, **clock)
    with kept("a_deadline_is_not_before_its_start"):
        Deadline.objects.create(clock="review", due_at=AT - HOUR, **clock)
    Deadline.objects.create(clock="handle", due_at=AT, met_at=AT, **clock)
    Deadline.objects.create(clock="handle", due_at=AT, ended_at=AT, **clock)
    Deadline.objects.create(clock="review", due_at=AT, **clock)


def test_a_reply_gives_a_reason_and_is_reviewed_by_another() -> None:
    case = stories.signed()
    lin, hao = (Account.objects.get(username=name) for name in ("lin", "hao"))
    reply: dict[str, Any] = {
        "case": case,
        "round": 0,
        "public_text": "好",
        "by": lin,
        "by_name": "林",
        "at": AT,
    }
    with kept("what_is_not_solved_has_a_reason"):
        Reply.objects.create(solved="no", **reply)
    with kept("nobody_reviews_their_own_reply"):
        Reply.objects.create(solved="yes", reviewed_by=lin, **reply)
    Reply.objects.create(solved="no", unsolved_reason="缺件", reviewed_by=hao, **reply)
    Reply.objects.create(solved="yes", **reply)


# --- intake and triage -------------------------------------------------------------------------------
def test_a_channel_hands_over_a_key_once() -> None:
    inbound = Inbound.objects.get(appeal_id=appeal_of(at=AT).appeal_id)
    fields: dict[str, Any] = {"key": inbound.key, "body": b"", "received_at": AT, "appeal_id": uuid4()}
    with kept("a_channel_hands_over_a_key_once"):
        Inbound.objects.create(channel_id=inbound.channel_id, **fields)
    Inbound.objects.create(channel_id="api", **fields)


@pytest.mark.parametrize(("lat", "lon"), [(90.1, 114.0), (22.7, -180.1)])
def test_an_appeal_lies_on_the_globe(lat: float, lon: float) -> None:
    appeal = Appeal.objects.filter(pk=appeal_of(at=AT).appeal_id)
    with kept("an_appeal_has_a_whole_point_or_none"):
        appeal.update(lat=lat, lon=lon)
    appeal.update(lat=None, lon=None)
    appeal.update(lat=-90, lon=180)


@pytest.mark.parametrize(("lat", "lon"), [(22.7, None), (None, 114.0)])
def test_an_appeal_has_no_half_point(lat: float | None, lon: float | None) -> None:
    appeal = Appeal.objects.filter(pk=appeal_of(at=AT).appeal_id)
    with kept("an_appeal_has_a_whole_point_or_none"):
        appeal.update(lat=lat, lon=lon)


def test_a_line_of_an_import_is_told_once() -> None:
    run, other = (ImportRun.objects.create(channel_id="import", started_at=AT) for _ in range(2))
    ImportProblem.objects.create(run=run, line=3, reason="x", sentence="x")
    with kept("a_line_of_an_import_is_told_once"):
        ImportProblem.objects.create(run=run, line=3, reason="y", sentence="y")
    ImportProblem.objects.create(run=other, line=3, reason="x", sentence="x")


def test_a_verdict_is_a_share_and_decides_for_an_item() -> None:
    verdict = Verdict.objects.filter(appeal=appeal_of(at=AT).appeal_id)
    for confidence in (-0.1, 1.1):
        with kept("confidence_is_a_share"):
            verdict.update(confidence=confidence)
    with kept("a_decided_verdict_names_an_item"):
        verdict.update(decided=True, item=None)
    verdict.update(confidence=1.0, decided=False, item=None)


def test_two_appeals_are_suspected_once_and_none_of_itself() -> None:
    one, other = (appeal_of("路灯不亮", at=AT, north=north).appeal_id for north in (0, 1))
    TwinSuspect.objects.all().delete()
    TwinSuspect.objects.create(appeal_id=other, earlier_id=one, score=0.5)
    with kept("two_appeals_are_suspected_once"):
        TwinSuspect.objects.create(appeal_id=other, earlier_id=one, score=0.7)
    with kept("nobody_is_their_own_twin"):
        TwinSuspect.objects.create(appeal_id=one, earlier_id=one, score=1)
    TwinSuspect.objects.create(appeal_id=one, earlier_id=other, score=0.5)


# --- notices and the ledger --------------------------------------------------------------------------
def test_a_notice_has_a_reader() -> None:
    with kept("a_notice_has_a_reader"):
        Notice.objects.create(kind="closed", at=AT)
    Notice.objects.create(kind="closed", at=AT, to_appeal_id=uuid4())
    Notice.objects.create(kind="closed", at=AT, to_unit=Unit.objects.get(code="east"))
    Notice.objects.create(kind="closed", at=AT, to_account=Account.objects.get(username="lin"))


def test_a_stream_counts_its_facts_once_from_one() -> None:
    fact: dict[str, Any] = {
        "district": "440399", "stream": "test:1", "kind": "Test", "at": AT, "actor_kind": "system",
        "actor_name": "", "data": {}, "prev": b"", "hash": b"",
    }  # fmt: skip
    Fact.objects.create(seq=1, **fact)
    with kept("a_stream_counts_its_facts_once"):
        Fact.objects.create(seq=1, **fact)
    with kept("a_stream_starts_at_one"):
        Fact.objects.create(seq=0, **fact)
    Fact.objects.create(seq=2, **fact)


def test_a_handler_deals_with_a_fact_once() -> None:
    fact = uuid4()
    Reaction.objects.create(fact_id=fact, handler="a", done_at=AT)
    with kept("a_handler_deals_with_a_fact_once"):
        Reaction.objects.create(fact_id=fact, handler="a", done_at=AT)
    Reaction.objects.create(fact_id=fact, handler="b", done_at=AT)


# --- all of them -------------------------------------------------------------------------------------
def _named() -> Iterator[str]:
    for model in apps.get_models():
        if model.__module__.startswith("huying."):
            for constraint in model._meta.constraints:
                yield constraint.name


def test_every_named_constraint_is_in_the_database_and_named_in_a_test() -> None:
    names = set(_named())
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes")
        assert names <= {row[0] for row in cursor.fetchall()}
    tests = Path(str(huying.__file__)).parent.glob("*/tests/test_*.py")
    told = "\n".join(path.read_text(encoding="utf-8") for path in tests)
    stars = {f"{axis}_is_one_to_five_stars" for axis in ("speed", "result", "service", "process")}
    assert {name for name in names - stars if name not in told} == set()
    assert "{axis}_is_one_to_five_stars" in told


# --- what is asked, and parts of a case ------------------------------------------------------------------
def test_a_transferred_case_has_route_and_receipt() -> None:
    case = stories.transferred()
    with kept("a_transferred_case_has_a_receipt"):
        change(case, receipt="")
    with kept("a_transferred_case_has_a_receipt"):
        change(case, route=None)


def test_one_application_of_a_kind_waits_and_its_ruling_says_when() -> None:
    case = stories.extension_asked()
    asked = case.applications.get()
    with kept("one_application_of_a_kind_is_open_for_a_case"):
        Application.objects.create(case=case, kind=asked.kind, reason="再要", asked_at=AT)
    for state, ruled_at in (("granted", None), ("open", AT)):
        with kept("a_ruling_says_when"):
            Application.objects.filter(pk=asked.pk).update(state=state, ruled_at=ruled_at)
    Application.objects.filter(pk=asked.pk).update(state="granted", ruled_at=AT)


def test_who_asks_does_not_rule_and_an_unreasonable_demand_takes_two_others() -> None:
    asked = stories.seconded().applications.get()
    row = Application.objects.filter(pk=asked.pk)
    with kept("nobody_rules_on_their_own_application"):
        row.update(ruled_by=asked.asked_by_id)
    for mine in ({"seconded_by": asked.asked_by_id}, {"ruled_by": asked.seconded_by_id}):
        with kept("two_others_look_at_an_unreasonable_demand"):
            row.update(**mine)
    row.update(ruled_by=Account.objects.get(username="du"))


def test_a_part_that_is_done_says_what_was_done() -> None:
    part = Task.objects.filter(pk=stories.part_of(stories.helped()))
    with kept("a_part_that_is_done_says_what_was_done"):
        part.update(state="done")
    part.update(state="done", result="已拆")
