"""Two at once: exactly one wins, the other is told why, and nobody waits in a circle."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from huying.cases.actions import join_case, lock_case, move_case, withdraw_appeal
from huying.cases.models import Case, Deadline, Membership, Status, Task
from huying.cases.tests import stories
from huying.cases.tests.stories import AT, dispatched, facts_of, fresh, voices_of
from huying.feedback.actions import Answer, drop_questions, lapse_questions, rate_reply
from huying.feedback.models import Rating
from huying.journeys.withdrawing import take_back
from huying.ledger.queries import verify
from huying.testing.apart import keys_of, race, race_behind
from huying.testing.cast import appeal_of, resident, staff

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.usefixtures("apart")
ROUNDS = 4


@pytest.fixture(autouse=True)
def _chains_hold() -> Iterator[None]:
    yield
    assert verify().broken is None


def waiting_behind(case: Case) -> partial[Case]:
    return partial(lock_case, case.pk)


def test_the_same_move_made_twice_at_once_is_made_once() -> None:
    case, lin = dispatched(), staff("lin", at=AT)
    sign = partial(move_case, case.pk, "sign", by=lin, at=AT)
    assert keys_of(race_behind(waiting_behind(case), sign, sign, sign)) == [
        "",
        "not_from_here",
        "not_from_here",
    ]
    assert [fact.kind for fact in facts_of(case)].count("CaseSigned") == 1
    assert fresh(case).status == Status.IN_PROGRESS


def test_signing_and_returning_at_once_only_one_is_done() -> None:
    case, lin = dispatched(), staff("lin", at=AT)
    sign = partial(move_case, case.pk, "sign", by=lin, at=AT)
    give_back = partial(move_case, case.pk, "return", by=lin, at=AT, reason="不归我们", unit="city")
    assert keys_of(race_behind(waiting_behind(case), sign, give_back)) == ["", "not_from_here"]
    assert fresh(case).status in (Status.IN_PROGRESS, Status.RETURN_REVIEW)


def test_two_dispatchers_at_once_make_one_lead() -> None:
    case, mei = stories.waiting(), staff("mei", at=AT)
    acts = [
        partial(move_case, case.pk, "dispatch", by=mei, at=AT, unit=unit, item="010101")
        for unit in ("city", "cleaning", "east")
    ]
    assert keys_of(race_behind(waiting_behind(case), *acts)) == ["", "not_from_here", "not_from_here"]
    assert Task.objects.filter(case=case).count() == 1
    assert Deadline.objects.filter(case=case, met_at=None, ended_at=None).count() == 3
    assert fresh(case).dispatch_count == 1


def test_of_two_who_saw_the_same_screen_the_later_is_told() -> None:
    case, lin = dispatched(), staff("lin", at=AT)
    note = partial(move_case, case.pk, "note", by=lin, at=AT, note="看过", seen=case.fact_seq)
    assert keys_of(race_behind(waiting_behind(case), note, note)) == ["", "changed_meanwhile"]
    assert fresh(case).fact_seq == case.fact_seq + 1


def test_merging_crosswise_ends_well_for_one_and_waits_for_nobody() -> None:
    mei = staff("mei", at=AT)
    for _ in range(ROUNDS):
        one, other = dispatched(), dispatched()
        there = partial(move_case, one.pk, "merge", by=mei, at=AT, into=other.pk)
        back = partial(move_case, other.pk, "merge", by=mei, at=AT, into=one.pk)
        lost = keys_of(race(there, back))
        assert lost[0] == ""
        assert lost[1] in {"not_from_here", "merge_target_ended"}
        assert sorted([fresh(one).status, fresh(other).status]) == [Status.DISPATCHED, Status.MERGED]
        assert len(voices_of(one)) + len(voices_of(other)) == 2


def test_joining_while_the_case_is_merged_or_split_loses_no_voice() -> None:
    mei = staff("mei", at=AT)
    for turn in range(ROUNDS):
        case, into, extra = dispatched(), dispatched(), dispatched()
        if turn % 2:
            move_case(case.pk, "merge", by=mei, at=AT, into=into.pk)
        key = "unmerge" if turn % 2 else "merge"
        given: dict[str, Any] = {} if turn % 2 else {"into": into.pk}
        (voice,) = voices_of(extra)
        Membership.objects.filter(appeal=voice).update(until_at=AT)
        Case.objects.filter(pk=extra.pk).update(appeal_count=0)
        answers = race(
            partial(move_case, case.pk, key, by=mei, at=AT, **given),
            partial(join_case, case.pk, voice, grade="C", by=resident(), at=AT),
        )
        assert keys_of(answers) == ["", ""]
        home = Membership.objects.get(appeal=voice, until_at=None).case
        assert home.pk in {case.pk, into.pk}
        assert home.status == Status.DISPATCHED
        for one in (fresh(case), fresh(into)):
            assert one.appeal_count == len(voices_of(one))


def test_two_voices_of_one_case_taken_back_at_once_end_it_once() -> None:
    case = dispatched()
    other = appeal_of(joins=case.pk, at=AT)
    (first, second) = voices_of(case)
    assert second == other.appeal_id
    acts = [partial(withdraw_appeal, voice, by=resident(), at=AT) for voice in (first, second)]
    assert keys_of(race_behind(waiting_behind(case), *acts)) == ["", ""]
    assert (fresh(case).status, fresh(case).appeal_count) == (Status.WITHDRAWN, 1)
    assert [fact.kind for fact in facts_of(case)][-2:] == ["AppealLeft", "CaseWithdrawn"]


def test_two_ratings_of_one_reply_count_once() -> None:
    case = stories.asked()
    (voice,) = voices_of(case)
    yes = partial(rate_reply, voice, Answer("yes"), by=resident(), at=AT)
    no = partial(rate_reply, voice, Answer("no"), by=resident(), at=AT)
    assert keys_of(race_behind(waiting_behind(case), yes, no)) == ["", "answered_already"]
    assert Rating.objects.filter(request__case=case).count() == 1
    assert fresh(case).status in (Status.CLOSED, Status.IN_PROGRESS)


def test_rating_lapsing_and_taking_back_at_once_have_one_outcome() -> None:
    for _ in range(ROUNDS):
        case = stories.asked()
        (voice,) = voices_of(case)
        late = AT + timedelta(days=7)
        race(
            partial(rate_reply, voice, Answer("yes"), by=resident(), at=late),
            partial(lapse_questions, at=late + timedelta(seconds=1)),
            partial(take_back, voice, by=resident(), at=late),
            partial(drop_questions, [voice], case_id=case.pk, at=late),
        )
        end = fresh(case)
        assert end.status in (Status.CLOSED, Status.WITHDRAWN)
        assert [fact.kind for fact in facts_of(case)].count("CaseClosed") == (end.status == Status.CLOSED)
        if Rating.objects.filter(request__case=case).exists():
            assert end.closure == "confirmed"
