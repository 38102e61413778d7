"""Merging and undoing it: every voice kept, clocks right, both histories tell of it, strangers refused."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from huying.cases.actions import join_case, lock_standing, move_case, withdraw_appeal
from huying.cases.models import How, Membership, Status, Task, TaskState
from huying.cases.tests import stories
from huying.cases.tests.stories import AT, HOUR, dispatched, facts_of, fresh, look, running, voices_of
from huying.catalogue.core.clock import Unit, after_pause
from huying.catalogue.queries import town_clock
from huying.ledger.queries import verify
from huying.testing.cast import appeal_of, case_of, resident, staff
from huying.testing.refusals import refused

if TYPE_CHECKING:
    from huying.cases.models import Case
    from huying.ledger.actor import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def mei() -> Actor:
    return staff("mei", at=AT)


def merge(case: Case, into: Case, by: Actor) -> Case:
    return move_case(case.pk, "merge", by=by, at=AT + HOUR, into=into.pk)


def test_a_merged_case_gives_its_voices_and_stops_its_clocks(mei: Actor) -> None:
    case, into = dispatched(), dispatched()
    (voice,), (first,) = voices_of(case), voices_of(into)
    clocks = running(into)
    merge(case, into, mei)
    case, into = fresh(case), fresh(into)
    assert (case.status, case.merged_into_id, case.appeal_count) == (Status.MERGED, into.pk, 0)
    assert (into.status, into.appeal_count, voices_of(into)) == (Status.DISPATCHED, 2, [first, voice])
    assert running(case) == {}
    assert (case.next_due_at, running(into)) == (None, clocks)
    assert not Task.objects.filter(case=case, state=TaskState.OPEN).exists()
    told = facts_of(case)[-1]
    assert (told.kind, told.data["into"], told.data["appeals"]) == ("CaseMerged", str(into.pk), [str(voice)])
    heard = facts_of(into)[-1]
    assert (heard.kind, heard.data["from_number"]) == ("CaseReceivedMerged", case.number)
    assert verify().broken is None


def test_a_grave_voice_makes_the_case_as_grave_and_brings_its_dates_forward(mei: Actor) -> None:
    grave, plain = dispatched(text="小区路灯不亮，还有电线起火了，冒浓烟"), dispatched()
    assert (grave.grade, plain.grade) == ("A", "C")
    before = running(plain)
    merge(grave, plain, mei)
    plain, after = fresh(plain), running(plain)
    assert (plain.grade, plain.due_at) == ("A", after["handle"].due_at)
    assert after["handle"].due_at == AT + HOUR + 2 * HOUR < before["handle"].due_at
    assert after.keys() == before.keys()
    assert all(AT + HOUR < after[kind].due_at <= before[kind].due_at for kind in before)
    assert plain.next_due_at == min(clock.due_at for clock in after.values())


def test_a_voice_that_is_no_graver_leaves_the_dates_alone(mei: Actor) -> None:
    case, into = dispatched(), dispatched(text="小区路灯不亮，还有电线起火了，冒浓烟")
    clocks = running(into)
    merge(case, into, mei)
    assert (fresh(into).grade, running(into)) == ("A", clocks)


def test_undoing_a_merge_gives_back_voices_unit_and_clocks_with_the_time_in_between(mei: Actor) -> None:
    case, into = stories.signed(), dispatched()
    (voice,) = voices_of(case)
    clocks, parts = running(case), set(Task.objects.filter(case=case, state="open").values_list("pk"))
    merge(case, into, mei)
    move_case(case.pk, "unmerge", by=mei, at=AT + 5 * HOUR)
    case, into = fresh(case), fresh(into)
    assert (case.status, case.merged_into, voices_of(case)) == (Status.IN_PROGRESS, None, [voice])
    assert (into.appeal_count, case.appeal_count) == (1, 1)
    assert set(Task.objects.filter(case=case, state="open").values_list("pk")) == parts
    calendar = town_clock().calendar
    for kind, clock in running(case).items():
        # Each by the time in between on its own clock: nobody is given a night for two hours of work.
        pause = (AT + HOUR, AT + 5 * HOUR)
        assert clock.due_at == after_pause(clocks[kind].due_at, pause, Unit(clock.amount_unit), calendar)
        assert clock.due_at > clocks[kind].due_at
        assert clock.pk == clocks[kind].pk
    assert running(case).keys() == clocks.keys()
    assert case.due_at == running(case)["handle"].due_at
    assert case.next_due_at == min(clock.due_at for clock in running(case).values())
    assert facts_of(case)[-1].kind == "CaseUnmerged"
    assert facts_of(into)[-1].kind == "AppealLeft"
    assert verify().broken is None


def test_undoing_starts_only_what_the_merge_stopped_even_at_one_moment(mei: Actor) -> None:
    case, into = stories.returned(), dispatched()
    move_case(case.pk, "redispatch", by=mei, at=AT, unit="city", reason="有理")
    before = look(case)
    move_case(case.pk, "merge", by=mei, at=AT, into=into.pk)
    move_case(case.pk, "unmerge", by=mei, at=AT)
    after = look(case)
    assert (after.tasks, after.clocks) == (before.tasks, before.clocks)


@pytest.mark.parametrize(
    "start", [stories.waiting, stories.dispatched, stories.returned, stories.signed, stories.replied]
)
def test_a_case_comes_back_to_where_it_stood(start: object, mei: Actor) -> None:
    assert callable(start)
    case, into = start(), dispatched()
    status = case.status
    merge(case, into, mei)
    assert move_case(case.pk, "unmerge", by=mei, at=AT + 2 * HOUR).status == status


@pytest.mark.parametrize("start", [stories.passed, stories.closed, stories.withdrawn, stories.inadmissible])
def test_what_waits_for_residents_or_has_ended_is_not_merged(start: object, mei: Actor) -> None:
    assert callable(start)
    case, into = start(), dispatched()
    before = look(case), look(into)
    with refused("not_from_here"):
        merge(case, into, mei)
    assert (look(case), look(into)) == before


@pytest.mark.parametrize("start", [stories.closed, stories.withdrawn, stories.inadmissible, stories.merged])
def test_nothing_is_merged_into_what_has_ended(start: object, mei: Actor) -> None:
    assert callable(start)
    case, into = dispatched(), start()
    before = look(case), look(into)
    with refused("merge_target_ended", field="into"):
        merge(case, into, mei)
    assert (look(case), look(into)) == before


def test_a_case_is_not_merged_into_itself_nor_into_nothing(mei: Actor) -> None:
    case = dispatched()
    before = look(case)
    with refused("merge_into_itself"):
        merge(case, case, mei)
    with refused("missing", field="into"):
        move_case(case.pk, "merge", by=mei, at=AT)
    with refused("case_not_found"):
        move_case(case.pk, "merge", by=mei, at=AT, into=uuid4())
    assert look(case) == before


@pytest.mark.parametrize("name", ["lin", "wu", "hao", "dian", "ling", "guan"])
def test_who_may_not_merge_can_neither_merge_nor_undo(name: str) -> None:
    case, into, done = dispatched(), dispatched(), stories.merged()
    before = look(case), look(into), look(done)
    with refused("not_yours"):
        merge(case, into, staff(name, at=AT))
    with refused("not_yours"):
        move_case(done.pk, "unmerge", by=staff(name, at=AT), at=AT)
    assert (look(case), look(into), look(done)) == before


def test_a_merge_decided_on_an_old_screen_is_refused(mei: Actor) -> None:
    case, into = dispatched(), dispatched()
    with refused("changed_meanwhile"):
        move_case(case.pk, "merge", by=mei, at=AT, into=into.pk, seen=case.fact_seq - 1)
    assert fresh(case).status == Status.DISPATCHED


def test_what_was_not_merged_cannot_be_undone(mei: Actor) -> None:
    case = dispatched()
    with refused("not_merged"):
        move_case(case.pk, "unmerge", by=mei, at=AT)
    assert (fresh(case).status, fresh(case).fact_seq) == (Status.DISPATCHED, case.fact_seq)


def test_merges_one_upon_the_other_are_undone_in_turn(mei: Actor) -> None:
    a, b, c = dispatched(), dispatched(), dispatched()
    (one,), (two,), (three,) = voices_of(a), voices_of(b), voices_of(c)
    merge(a, b, mei)
    merge(b, c, mei)
    assert set(voices_of(c)) == {one, two, three}
    with refused("not_in_case"):
        move_case(a.pk, "unmerge", by=mei, at=AT + 2 * HOUR)
    move_case(b.pk, "unmerge", by=mei, at=AT + 2 * HOUR)
    assert (set(voices_of(b)), voices_of(c)) == ({one, two}, [three])
    kept = Membership.objects.get(appeal=one, until_at=None)
    assert (kept.how, kept.came_from_id) == (How.MERGED, a.pk)
    move_case(a.pk, "unmerge", by=mei, at=AT + 3 * HOUR)
    assert (voices_of(a), voices_of(b)) == ([one], [two])
    assert verify().broken is None


def test_a_case_left_by_its_last_voice_through_undoing_is_withdrawn(mei: Actor) -> None:
    case, into = dispatched(), dispatched()
    (voice,), (first,) = voices_of(case), voices_of(into)
    merge(case, into, mei)
    withdraw_appeal(first, by=resident(), at=AT + HOUR)
    assert fresh(into).status == Status.DISPATCHED
    move_case(case.pk, "unmerge", by=mei, at=AT + 2 * HOUR)
    assert voices_of(case) == [voice]
    assert (fresh(into).status, running(into)) == (Status.WITHDRAWN, {})


def test_a_voice_that_took_the_appeal_back_is_not_raised_by_undoing(mei: Actor) -> None:
    case, into = dispatched(), dispatched()
    (voice,), (first,) = voices_of(case), voices_of(into)
    merge(case, into, mei)
    withdraw_appeal(first, by=resident(), at=AT + HOUR)
    withdraw_appeal(voice, by=resident(), at=AT + HOUR)
    assert fresh(into).status == Status.WITHDRAWN
    with refused("merge_target_ended"):
        move_case(case.pk, "unmerge", by=mei, at=AT + 2 * HOUR)


# --- "me too" ----------------------------------------------------------------------------------------
def test_a_neighbour_joins_and_the_case_is_as_urgent_as_the_gravest() -> None:
    case = dispatched()
    answer = appeal_of(joins=case.pk, at=AT)
    joined = fresh(case)
    assert (answer.case_number, joined.appeal_count, joined.grade) == (case.number, 2, "C")
    assert Membership.objects.get(appeal=answer.appeal_id).how == How.ME_TOO
    assert facts_of(joined)[-1].kind == "AppealJoined"
    before = running(case)
    withdraw_appeal(answer.appeal_id, by=resident(), at=AT)
    joined = join_case(case.pk, answer.appeal_id, grade="A", by=resident(), at=AT + HOUR)
    assert (joined.grade, joined.appeal_count) == ("A", 2)
    assert running(case)["handle"].due_at == AT + 3 * HOUR < before["handle"].due_at


def test_joining_a_merged_case_leads_to_where_it_went(mei: Actor) -> None:
    a, b, c = dispatched(), dispatched(), dispatched()
    merge(a, b, mei)
    merge(b, c, mei)
    assert lock_standing([a.pk, c.pk]) == {a.pk: fresh(c), c.pk: fresh(c)}
    answer = appeal_of(joins=a.pk, at=AT)
    assert (answer.case_id, fresh(c).appeal_count) == (c.pk, 4)


def test_nobody_joins_what_has_ended_or_never_was() -> None:
    case = stories.closed()
    appeal = voices_of(dispatched())[0]
    with refused("merge_target_ended"):
        join_case(case.pk, appeal, grade="C", by=resident(), at=AT)
    with refused("case_not_found"):
        join_case(uuid4(), appeal, grade="C", by=resident(), at=AT)
    assert (fresh(case).appeal_count, Membership.objects.filter(appeal=appeal).count()) == (1, 1)


# --- taking back -------------------------------------------------------------------------------------
def test_one_of_several_takes_the_appeal_back_and_the_case_goes_on() -> None:
    case = dispatched()
    answer = appeal_of(joins=case.pk, at=AT)
    left = withdraw_appeal(answer.appeal_id, by=resident(), at=AT + HOUR)
    assert (left.pk, left.status, left.appeal_count) == (case.pk, Status.DISPATCHED, 1)
    assert facts_of(left)[-1].kind == "AppealLeft"
    assert answer.appeal_id not in voices_of(case)
    with refused("not_in_case"):
        withdraw_appeal(answer.appeal_id, by=resident(), at=AT + HOUR)


def test_the_last_to_take_the_appeal_back_ends_the_case() -> None:
    case = stories.signed()
    left = withdraw_appeal(voices_of(case)[0], by=resident(), at=AT + HOUR, reason="好了")
    assert (left.status, running(left), left.next_due_at) == (Status.WITHDRAWN, {}, None)
    assert not Task.objects.filter(case=left, state=TaskState.OPEN).exists()
    with refused("not_from_here"):
        withdraw_appeal(voices_of(case)[0], by=resident(), at=AT + HOUR)


def test_an_appeal_is_not_taken_back_from_a_closed_case() -> None:
    case = stories.passed()
    join = appeal_of(joins=case.pk, at=AT)
    stories.close(case)
    with refused("not_from_here"):
        withdraw_appeal(join.appeal_id, by=resident(), at=AT + HOUR)
    assert case_of(join).status == Status.CLOSED


def test_a_later_voice_that_tells_of_many_marks_the_case_and_so_do_five_voices() -> None:
    first = appeal_of(at=AT)
    assert not case_of(first).concerns_many
    appeal_of("我们小区全体业主三百多户联名反映：门口垃圾堆没人清", joins=first.case_id, at=AT)
    assert case_of(first).concerns_many
    other = appeal_of(at=AT, north=1)
    for _ in range(3):
        appeal_of(joins=other.case_id, at=AT)
    assert not case_of(other).concerns_many, "four voices"
    appeal_of(joins=other.case_id, at=AT)
    assert case_of(other).concerns_many, "five voices"


def test_merging_brings_the_mark_of_many_along(mei: Actor) -> None:
    many, one = appeal_of("全体业主联名反映门口垃圾堆没人清", at=AT), appeal_of(at=AT)
    assert case_of(many).concerns_many
    assert not case_of(one).concerns_many
    move_case(case_of(many).pk, "merge", by=mei, at=AT, into=case_of(one).pk)
    assert case_of(one).concerns_many
