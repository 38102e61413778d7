"""Asking every appellant once, taking one answer each, and what follows from it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, transaction

from huying.cases.actions import move_case
from huying.cases.models import Status
from huying.cases.tests import stories
from huying.cases.tests.stories import AT, HOUR, facts_of, fresh, reply, running, voices_of
from huying.feedback.actions import Answer, ask_appellants, lapse_questions, rate_reply
from huying.feedback.jobs import ask_after_reply, bring_verdicts, drop_who_left
from huying.feedback.models import Outcome, Rating, RatingRequest
from huying.intake.models import Appeal
from huying.journeys.telling import ask_late_voices
from huying.journeys.withdrawing import take_back
from huying.ledger.models import Fact
from huying.ledger.queries import verify
from huying.testing.cast import appeal_of, resident, staff
from huying.testing.refusals import refused

if TYPE_CHECKING:
    from uuid import UUID

    from huying.cases.models import Case

pytestmark = pytest.mark.django_db
WINDOW = timedelta(days=7)
GLAD = Answer("yes", 5, 5, 5, 5)


def asked(case: Case) -> dict[UUID, str]:
    """Return what became of the questions of this round, by appeal."""
    requests = RatingRequest.objects.filter(case=case, round=fresh(case).round)
    return dict(requests.values_list("appeal_id", "outcome"))


def passed_with_two() -> tuple[Case, UUID, UUID]:
    """Return a case with two voices that waits for both, asked."""
    case = stories.dispatched()
    second = appeal_of(joins=case.pk, at=AT).appeal_id
    move_case(case.pk, "sign", by=staff("lin", at=AT), at=AT)
    reply(case)
    case = move_case(case.pk, "pass_review", by=staff("hao", at=AT), at=AT)
    assert ask_appellants(case.pk, at=AT, window_days=7) == 2
    first = next(voice for voice in voices_of(case) if voice != second)
    return case, first, second


def again(case: Case, *, at: Any = AT) -> Case:  # noqa: ANN401 - a moment
    """Answer a case in rework once more and ask."""
    reply(case, at=at)
    case = move_case(case.pk, "pass_review", by=staff("hao", at=at), at=at)
    ask_appellants(case.pk, at=at, window_days=7)
    return case


# --- asking ------------------------------------------------------------------------------------------
def test_every_appellant_is_asked_once_a_round_and_told_until_when() -> None:
    case, first, second = passed_with_two()
    assert ask_appellants(case.pk, at=AT + HOUR, window_days=7) == 0
    assert asked(case) == {first: Outcome.WAITING, second: Outcome.WAITING}
    for voice in (first, second):
        told = Fact.objects.get(stream=f"appeal:{voice}", kind="RatingAsked")
        assert told.data["closes_at"] == (AT + WINDOW).isoformat()
    assert verify().broken is None


def test_nobody_is_asked_about_a_case_that_waits_for_nobody() -> None:
    assert ask_appellants(stories.replied().pk, at=AT, window_days=7) == 0


def test_the_passed_reply_asks_through_its_handler(settings: Any) -> None:  # noqa: ANN401 - pytest-django's
    settings.RATING_WINDOW_DAYS = 3
    case = stories.passed()
    ask_after_reply(facts_of(case)[-1])
    request = RatingRequest.objects.get(case=case)
    assert (request.asked_at, request.closes_at) == (AT, AT + timedelta(days=3))


def test_who_joins_while_residents_are_waited_for_is_asked_too_and_waited_for() -> None:
    case, first, second = passed_with_two()
    late = appeal_of(joins=case.pk, at=AT + HOUR).appeal_id
    for voice in (first, second):
        rate_reply(voice, GLAD, by=resident(), at=AT + HOUR)
    assert fresh(case).status == Status.FOLLOW_UP, "not closed over the head of the third"
    ask_late_voices(facts_of(case)[-1])
    rate_reply(late, GLAD, by=resident(), at=AT + HOUR)
    assert fresh(case).status == Status.CLOSED


def test_who_came_with_a_merged_case_is_asked_too() -> None:
    case, other = stories.passed(), stories.dispatched()
    ask_appellants(case.pk, at=AT, window_days=7)
    move_case(other.pk, "merge", by=staff("mei", at=AT), at=AT, into=case.pk)
    ask_late_voices(facts_of(case)[-1])
    assert len(asked(case)) == 2


def test_who_left_with_a_case_that_was_merged_by_mistake_is_neither_asked_nor_waited_for() -> None:
    case, other = stories.passed(), stories.dispatched()
    (left,), (first,) = voices_of(other), voices_of(case)
    mei = staff("mei", at=AT)
    move_case(other.pk, "merge", by=mei, at=AT, into=case.pk)
    ask_appellants(case.pk, at=AT, window_days=7)
    move_case(other.pk, "unmerge", by=mei, at=AT)
    with refused("not_asked"):
        rate_reply(left, Answer("no"), by=resident(), at=AT)
    rate_reply(first, GLAD, by=resident(), at=AT)
    assert (fresh(case).status, fresh(case).closure) == (Status.CLOSED, "confirmed")
    drop_who_left(next(fact for fact in facts_of(case) if fact.kind == "AppealLeft"))
    assert asked(case)[left] == Outcome.DROPPED


def test_who_comes_back_with_the_case_is_asked_again() -> None:
    case, other = stories.passed(), stories.dispatched()
    (voice,) = voices_of(other)
    mei = staff("mei", at=AT)
    for _ in range(2):
        move_case(other.pk, "merge", by=mei, at=AT, into=case.pk)
        ask_appellants(case.pk, at=AT, window_days=7)
        assert asked(case)[voice] == Outcome.WAITING
        move_case(other.pk, "unmerge", by=mei, at=AT)
        drop_who_left(facts_of(case)[-1])
        assert asked(case)[voice] == Outcome.DROPPED


# --- whose word counts after merging and splitting -------------------------------------------------------
def merged_and_asked() -> tuple[Case, Case, UUID, UUID]:
    """Return a case that waits for its own voice and for one that came with another case, and both voices."""
    case, other = stories.passed(), stories.dispatched()
    (own,), (came,) = voices_of(case), voices_of(other)
    move_case(other.pk, "merge", by=staff("mei", at=AT), at=AT, into=case.pk)
    ask_appellants(case.pk, at=AT, window_days=7)
    return case, other, own, came


def undone(case: Case, other: Case, *, at: Any = AT) -> None:  # noqa: ANN401 - a moment
    move_case(other.pk, "unmerge", by=staff("mei", at=at), at=at)
    drop_who_left(next(fact for fact in reversed(facts_of(case)) if fact.kind == "AppealLeft"))


def test_after_a_merge_was_undone_the_word_of_who_left_closes_nothing() -> None:
    case, other, _own, came = merged_and_asked()
    rate_reply(came, GLAD, by=resident(), at=AT)
    undone(case, other)
    assert fresh(case).status == Status.FOLLOW_UP
    lapse_questions(at=AT + timedelta(days=8))
    assert (fresh(case).status, fresh(case).closure) == (Status.CLOSED, "unconfirmed")
    assert fresh(other).status == Status.DISPATCHED, "and it speaks of its own case when that is answered"


def test_a_closure_that_rested_on_who_left_is_said_anew_once() -> None:
    case, other, _own, came = merged_and_asked()
    rate_reply(came, GLAD, by=resident(), at=AT)
    lapse_questions(at=AT + timedelta(days=8))
    assert (fresh(case).status, fresh(case).closure) == (Status.CLOSED, "confirmed")
    undone(case, other, at=AT + timedelta(days=9))
    left = fresh(case)
    assert (left.status, left.closure, left.resolution) == (Status.CLOSED, "unconfirmed", "yes")
    assert [fact.kind for fact in facts_of(case)][-2:] == ["AppealLeft", "ClosureRestated"]
    drop_who_left(next(fact for fact in reversed(facts_of(case)) if fact.kind == "AppealLeft"))
    assert facts_of(case)[-1].kind == "ClosureRestated", "the job run twice says it once"
    assert len(facts_of(case)) == fresh(case).fact_seq
    assert verify().broken is None


def test_a_closure_its_own_voice_confirmed_stays_whoever_leaves() -> None:
    case, other, own, came = merged_and_asked()
    rate_reply(own, GLAD, by=resident(), at=AT)
    rate_reply(came, GLAD, by=resident(), at=AT)
    undone(case, other)
    assert fresh(case).closure == "confirmed"
    assert facts_of(case)[-1].kind == "AppealLeft"


def test_after_a_split_each_verdict_stands_with_its_voice_and_the_reply_it_is_about() -> None:
    case, first, second = passed_with_two()
    rate_reply(second, Answer("no", result=1), by=resident(), at=AT)
    assert fresh(case).status == Status.IN_PROGRESS
    mei = staff("mei", at=AT)
    split = move_case(case.pk, "split", by=mei, at=AT, appeals=[second], reason="两回事")
    off = next(fact for fact in facts_of(split) if fact.kind == "CaseSplitOff")
    for _ in range(2):  # the job run twice moves them once
        bring_verdicts(off)
    assert set(RatingRequest.objects.filter(case=split).values_list("appeal_id", "round")) == {(second, 0)}
    assert set(RatingRequest.objects.filter(case=case).values_list("appeal_id", "round")) == {(first, 0)}
    for one, voice in ((fresh(case), first), (fresh(split), second)):
        again(one)
        assert asked(one) == {voice: Outcome.WAITING}, "each is asked of its own case"
    rate_reply(first, GLAD, by=resident(), at=AT)
    assert (fresh(case).status, fresh(case).closure) == (Status.CLOSED, "confirmed")
    assert fresh(split).status == Status.FOLLOW_UP, "the other's word is not spoken for"


# --- answering ---------------------------------------------------------------------------------------
def test_the_case_is_closed_as_confirmed_when_all_are_content() -> None:
    case, first, second = passed_with_two()
    rate_reply(first, GLAD, by=resident(), at=AT + HOUR)
    assert fresh(case).status == Status.FOLLOW_UP
    rate_reply(second, Answer("yes"), by=resident(), at=AT + HOUR)
    case = fresh(case)
    assert (case.status, case.closure, case.resolution, case.closed_at) == (
        Status.CLOSED, "confirmed", "yes", AT + HOUR,
    )  # fmt: skip
    assert running(case) == {}


def test_at_the_first_no_the_case_goes_back_to_work_and_the_others_are_asked_later() -> None:
    case, first, second = passed_with_two()
    rate_reply(second, Answer("no", result=1, comment="还在\x00漏"), by=resident(), at=AT + HOUR)
    case = fresh(case)
    assert (case.status, case.round, case.supervised, case.resolution) == (Status.IN_PROGRESS, 1, False, "")
    assert running(case).keys() == {"handle"}
    outcomes = dict(RatingRequest.objects.filter(case=case).values_list("appeal_id", "outcome"))
    assert outcomes == {first: Outcome.DROPPED, second: Outcome.UNSATISFIED}
    assert Rating.objects.get(request__appeal=second).comment == "还在漏"
    with refused("not_asked"):
        rate_reply(first, GLAD, by=resident(), at=AT + HOUR)
    again(case)
    assert asked(case) == {first: Outcome.WAITING, second: Outcome.WAITING}


def test_the_second_time_it_is_supervised() -> None:
    case = stories.asked()
    (voice,) = voices_of(case)
    for number, supervised in ((1, False), (2, True), (3, True)):
        rate_reply(voice, Answer("partly"), by=resident(), at=AT)
        case = fresh(case)
        assert (case.status, case.round, case.supervised) == (Status.IN_PROGRESS, number, supervised)
        case = again(case)
    rate_reply(voice, GLAD, by=resident(), at=AT)
    assert (fresh(case).status, fresh(case).supervised) == (Status.CLOSED, True)


def test_an_answer_at_once_that_is_contested_goes_to_the_dispatchers() -> None:
    case = stories.waiting()
    given: dict[str, Any] = {"public_text": "每天八点清运。"}
    move_case(case.pk, "answer_at_once", by=staff("shou", at=AT), at=AT, **given)
    ask_appellants(case.pk, at=AT, window_days=7)
    rate_reply(voices_of(case)[0], Answer("no"), by=resident(), at=AT)
    assert (fresh(case).status, fresh(case).held_for) == (Status.SUBMITTED, "resident_not_satisfied")


@pytest.mark.parametrize(
    ("answer", "content"),
    [
        (Answer("yes"), True),
        (Answer("yes", 5, 3, 5, 5), True),
        (Answer("yes", result=2), False),
        (Answer("yes", 1, 3, 3, 3), False),
        (Answer("yes", speed=1), False),
        (Answer("yes", 3, 3, 3, 3), True),
        (Answer("partly", 5, 5, 5, 5), False),
        (Answer("no"), False),
    ],
)
def test_content_is_who_says_solved_and_rates_nothing_poor(answer: Answer, content: bool) -> None:  # noqa: FBT001 - a column of the table
    assert answer.content is content


@pytest.mark.parametrize(
    ("answer", "key", "about"),
    [
        (Answer(""), "solved_missing", "solved"),
        (Answer("perhaps"), "solved_missing", "solved"),
        (Answer("yes", speed=0), "stars_impossible", "speed"),
        (Answer("yes", process=6), "stars_impossible", "process"),
        (Answer("yes", result=-1), "stars_impossible", "result"),
    ],
)
def test_an_impossible_answer_is_refused_and_the_question_stays(answer: Answer, key: str, about: str) -> None:
    case = stories.asked()
    with refused(key, field=about):
        rate_reply(voices_of(case)[0], answer, by=resident(), at=AT)
    assert set(asked(case).values()) == {Outcome.WAITING}


def test_a_reply_is_rated_once() -> None:
    case, first, _ = passed_with_two()
    rate_reply(first, GLAD, by=resident(), at=AT)
    with refused("answered_already"):
        rate_reply(first, Answer("no"), by=resident(), at=AT)
    assert fresh(case).status == Status.FOLLOW_UP


def test_who_was_not_asked_cannot_rate() -> None:
    with refused("not_asked"):
        rate_reply(voices_of(stories.passed())[0], GLAD, by=resident(), at=AT)
    with refused("not_asked"):
        rate_reply(voices_of(stories.signed())[0], GLAD, by=resident(), at=AT)


def test_the_window_closes_after_its_last_moment() -> None:
    case, first, second = passed_with_two()
    rate_reply(first, GLAD, by=resident(), at=AT + WINDOW)
    with refused("window_closed"):
        rate_reply(second, GLAD, by=resident(), at=AT + WINDOW + timedelta(seconds=1))
    assert asked(case)[second] == Outcome.WAITING


def test_a_telephone_rating_says_who_asked() -> None:
    case = stories.asked()
    rating = rate_reply(voices_of(case)[0], GLAD, by=staff("dian", at=AT), at=AT)
    assert rating.by_kind == "staff"
    told = Fact.objects.get(stream=f"appeal:{rating.request.appeal_id}", kind="ReplyRated")
    assert (told.actor_name, told.data["solved"], told.data["speed"]) == ("田话", "yes", 5)


# --- silence -----------------------------------------------------------------------------------------
def test_silence_is_unconfirmed_and_never_counted_as_content() -> None:
    case, first, second = passed_with_two()
    assert lapse_questions(at=AT + WINDOW) == 0
    assert lapse_questions(at=AT + WINDOW + HOUR) == 2
    case = fresh(case)
    assert (case.status, case.closure) == (Status.CLOSED, "unconfirmed")
    assert asked(case) == {first: Outcome.UNCONFIRMED, second: Outcome.UNCONFIRMED}
    assert Fact.objects.filter(stream=f"appeal:{first}", kind="RatingLapsed").count() == 1
    assert lapse_questions(at=AT + WINDOW + HOUR) == 0
    with refused("window_closed"):
        rate_reply(first, GLAD, by=resident(), at=AT + WINDOW + HOUR)


def test_one_content_and_one_silent_is_confirmed_with_the_silence_kept_apart() -> None:
    case, first, second = passed_with_two()
    rate_reply(first, GLAD, by=resident(), at=AT)
    lapse_questions(at=AT + WINDOW + HOUR)
    assert (fresh(case).closure, asked(case)[second]) == ("confirmed", Outcome.UNCONFIRMED)


def test_many_lapse_in_portions() -> None:
    cases = [stories.asked() for _ in range(3)]
    late = AT + WINDOW + HOUR
    assert [lapse_questions(at=late, limit=2) for _ in range(3)] == [2, 1, 0]
    assert {fresh(case).status for case in cases} == {Status.CLOSED}


# --- taking back -------------------------------------------------------------------------------------
def test_who_takes_the_appeal_back_is_no_longer_waited_for() -> None:
    case, first, second = passed_with_two()
    rate_reply(first, GLAD, by=resident(), at=AT)
    take_back(second, by=resident(), at=AT + HOUR, reason="不等了")
    assert (fresh(case).status, fresh(case).closure) == (Status.CLOSED, "confirmed")
    assert asked(case)[second] == Outcome.DROPPED
    assert Appeal.objects.get(pk=second).withdrawn_at == AT + HOUR
    assert verify().broken is None


def test_with_only_silence_left_nothing_is_confirmed() -> None:
    case, first, second = passed_with_two()
    take_back(second, by=resident(), at=AT)
    lapse_questions(at=AT + WINDOW + HOUR)
    assert (fresh(case).closure, asked(case)[first]) == ("unconfirmed", Outcome.UNCONFIRMED)


def test_a_late_voice_that_leaves_before_it_was_asked_holds_nobody_up() -> None:
    case, first, second = passed_with_two()
    late = appeal_of(joins=case.pk, at=AT).appeal_id
    for voice in (first, second):
        rate_reply(voice, GLAD, by=resident(), at=AT)
    assert fresh(case).status == Status.FOLLOW_UP
    take_back(late, by=resident(), at=AT)
    assert fresh(case).status == Status.CLOSED


def test_the_last_one_to_take_back_withdraws_the_case() -> None:
    case = stories.asked()
    (voice,) = voices_of(case)
    take_back(voice, by=resident(), at=AT)
    assert (fresh(case).status, asked(case)[voice]) == (Status.WITHDRAWN, Outcome.DROPPED)
    with refused("not_asked"):
        rate_reply(voice, GLAD, by=resident(), at=AT)


# --- the database keeps the promise ------------------------------------------------------------------
def test_the_database_refuses_a_second_question_and_impossible_stars() -> None:
    case = stories.asked()
    request = RatingRequest.objects.get(case=case)
    with pytest.raises(IntegrityError, match="an_appellant_is_asked_once_a_round"), transaction.atomic():
        RatingRequest.objects.create(
            case=case, appeal_id=request.appeal_id, round=request.round, asked_at=AT, closes_at=AT
        )
    for axis in ("speed", "result", "service", "process"):
        for star in (0, 6):
            with pytest.raises(IntegrityError, match=f"{axis}_is_one_to_five_stars"), transaction.atomic():
                Rating.objects.create(
                    request=request, solved="yes", by_kind="resident", at=AT, **{axis: star}
                )
    Rating.objects.create(request=request, solved="yes", by_kind="resident", at=AT, speed=1, process=5)
