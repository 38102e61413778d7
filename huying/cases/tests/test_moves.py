"""Every move: what it does, by whom, what it needs, and every reason for which it is not made."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from huying.cases.actions import move_case
from huying.cases.effects import EFFECTS
from huying.cases.merging import MERGING
from huying.cases.models import OPEN, Case, Clock, Status, Task, TaskKind, TaskState
from huying.cases.moves import MOVE, MOVES, Hand, Move
from huying.cases.rules import allowed_moves, why_not
from huying.cases.tests import stories
from huying.cases.tests.move_stories import STORIES, STRANGERS, Story
from huying.cases.tests.stories import AT, AT_STATUS, HOUR, dispatched, facts_of, fresh, look, reply, running
from huying.ledger.actor import SYSTEM, Actor
from huying.people.actions import give_post
from huying.people.models import Account, Unit
from huying.testing.cast import resident, staff
from huying.testing.refusals import refused
from huying.testing.town import FOUNDED_ON

pytestmark = pytest.mark.django_db


TOLD = {story.move for story in STORIES}


def actor(name: str) -> Actor:
    if name == "resident":
        return resident()
    return staff(name, at=AT) if name else SYSTEM


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.move)
def test_a_move_changes_state_and_clocks_as_the_table_says_and_leaves_one_fact(story: Story) -> None:
    case = story.start()
    before, facts, clocks = case.status, len(facts_of(case)), running(case)
    move, by, at = MOVE[story.move], actor(story.by), AT + HOUR / 2
    part: dict[str, Any] = {"task": stories.part_of(case)} if "task" in move.needs else {}
    move_case(case.pk, story.move, by=by, at=at, **story.given, **part)
    after = fresh(case)
    assert after.status == (move.to or before)
    newest = facts_of(after)[facts:]
    assert [fact.kind for fact in newest] == [story.fact]
    assert (newest[0].data["before"], newest[0].data["after"]) == (before, after.status)
    assert (newest[0].actor_id, newest[0].actor_kind, newest[0].at) == (by.id, str(by.kind), at)
    stopped = {kind: clock for kind, clock in clocks.items() if Clock(kind) in (*move.meets, *move.ends)}
    for kind, clock in stopped.items():
        clock.refresh_from_db()
        assert (clock.met_at == at) == (Clock(kind) in move.meets)
        assert (clock.ended_at == at) == (Clock(kind) in move.ends)
    assert running(after).keys() == (clocks.keys() - stopped.keys()) | {str(clock) for clock in move.starts}
    # A stage that was called done by a slip began when it began.
    fresh_ones = [clock for clock in move.starts if story.move != "undo_stage"]
    assert all(running(after)[clock].started_at == at for clock in fresh_ones)


def test_every_move_of_the_table_is_told_here_or_beside() -> None:
    beside = {"merge", "unmerge", "split", "follow_up", "reopen"}  # test_merging, and below
    assert TOLD | beside == set(MOVE)
    assert EFFECTS.keys() | MERGING.keys() | {"split"} == MOVE.keys()


def test_the_table_is_sound() -> None:
    assert len(MOVE) == len(MOVES)
    assert {status for move in MOVES for status in move.from_} == set(Status)
    reached = {move.to for move in MOVES if move.to} | {Status.SUBMITTED}
    assert reached == set(Status), "every state can be reached"
    leaving = {status for move in MOVES if move.to for status in move.from_}
    assert set(OPEN) <= leaving, "nobody is stuck in an open state"
    for move in MOVES:
        assert not set(move.meets) & set(move.ends), "a clock is met or ended, not both"
        assert move.hidden or move.right not in Hand or move.also, "what no post may do has no button"


WRONG_PLACES = [(move, status) for move in MOVES for status in Status if status not in move.from_]


@pytest.mark.parametrize(
    ("move", "status"), WRONG_PLACES, ids=lambda value: getattr(value, "key", str(value))
)
def test_a_move_is_not_made_from_another_state(move: Move, status: Status) -> None:
    reason = why_not(Case(status=status), move, by=SYSTEM, at=AT)
    assert reason is not None
    assert reason.key == "not_from_here"


@pytest.mark.parametrize("move", STRANGERS)
def test_who_holds_no_right_is_refused_and_nothing_changes(move: str) -> None:
    story = next(story for story in STORIES if story.move == move)
    case = story.start()
    before = look(case)
    for name in STRANGERS[move]:
        with refused("not_yours"):
            move_case(case.pk, move, by=actor(name), at=AT, **story.given)
    assert look(case) == before


@pytest.mark.parametrize("move", ["rework", "reopen", "close"])
def test_what_follows_from_residents_answers_is_made_by_nobodys_hand(move: str) -> None:
    case = stories.passed()
    before = look(case)
    for name in ("lin", "hao", "mei", "guan", "resident"):
        with refused("not_by_hand"):
            move_case(case.pk, move, by=actor(name), at=AT, reason="", closure="confirmed")
    assert look(case) == before


NEEDS = [(story, need) for story in STORIES for need in MOVE[story.move].needs]


@pytest.mark.parametrize(("story", "need"), NEEDS, ids=lambda value: getattr(value, "move", value))
def test_a_move_that_lacks_something_says_what(story: Story, need: str) -> None:
    case = story.start()
    before = look(case)
    told: dict[str, Any] = {"task": "…", **story.given}
    for lacking in ("", "  \n", None):
        with refused("missing", field=need):
            move_case(case.pk, story.move, by=actor(story.by), at=AT, **{**told, need: lacking})
    assert look(case) == before


def test_a_case_nobody_knows_is_not_found() -> None:
    with refused("case_not_found"):
        move_case(uuid4(), "sign", by=staff("lin"), at=AT)


def test_a_move_on_an_old_screen_is_refused_and_one_on_the_newest_is_made() -> None:
    case = dispatched()
    lin, seen = staff("lin", at=AT), case.fact_seq
    move_case(case.pk, "note", by=lin, at=AT, note="先看看", seen=seen)
    before = look(case)
    with refused("changed_meanwhile"):
        move_case(case.pk, "sign", by=lin, at=AT, seen=seen)
    assert look(case) == before
    assert move_case(case.pk, "sign", by=lin, at=AT, seen=seen + 1).status == Status.IN_PROGRESS


# --- dispatching -------------------------------------------------------------------------------------
def test_dispatch_by_hand_makes_one_lead_and_each_assistant_once() -> None:
    case = stories.waiting()
    given: dict[str, Any] = {"unit": "city", "item": "010101", "assists": ["cleaning", "city", "cleaning"]}
    case = move_case(case.pk, "dispatch", by=staff("mei", at=AT), at=AT, **given)
    parts = [(task.unit.code, task.kind) for task in Task.objects.filter(case=case).order_by("kind")]
    assert parts == [("cleaning", TaskKind.ASSIST), ("city", TaskKind.LEAD)]
    assert (case.held_for, case.dispatch_count, case.first_dispatch_automatic) == ("", 1, False)
    assert case.assignment is not None
    assert not case.assignment.automatic
    assert case.assignment.why["key"] == "chosen_by_dispatcher"
    assert case.assignment.why["rules_said"] == "cleaning"


@pytest.mark.parametrize(
    ("wrong", "key", "about"),
    [
        ({"unit": "nobody"}, "unknown_unit", "unit"),
        ({"item": "999999"}, "unknown_item", "item"),
        ({"item": "01"}, "unknown_item", "item"),
        ({"assists": ["nobody"]}, "unknown_unit", "assists"),
        ({"grade": "Z"}, "missing", "grade"),
    ],
)
def test_dispatch_to_what_does_not_exist_is_refused(wrong: dict[str, Any], key: str, about: str) -> None:
    case = stories.waiting()
    before = look(case)
    with refused(key, field=about):
        given: dict[str, Any] = {"unit": "city", "item": "010101", **wrong}
        move_case(case.pk, "dispatch", by=staff("mei", at=AT), at=AT, **given)
    assert look(case) == before


def test_danger_keeps_its_grade_when_a_person_places_it() -> None:
    case = stories.waiting(text="楼道里电线起火了，冒浓烟")
    Case.objects.filter(pk=case.pk).update(item=None, item_code="")
    case = move_case(case.pk, "dispatch", by=staff("mei", at=AT), at=AT, unit="cleaning", item="010101")
    assert case.grade == "A"


def test_a_default_grade_gives_way_to_the_items_own() -> None:
    case = stories.waiting()
    Case.objects.filter(pk=case.pk).update(item=None, item_code="", grade="C")
    given: dict[str, Any] = {"unit": "city", "item": "020302"}
    assert move_case(case.pk, "dispatch", by=staff("mei", at=AT), at=AT, **given).grade == "D"


def test_redispatch_ends_every_part_and_opens_the_new_lead() -> None:
    case = stories.returned()
    move_case(case.pk, "redispatch", by=staff("mei", at=AT), at=AT + HOUR, unit="city", reason="有理")
    lead = Task.objects.get(case=case, state=TaskState.OPEN)
    assert (lead.unit.code, lead.kind) == ("city", TaskKind.LEAD)
    assert Task.objects.filter(case=case, state=TaskState.ENDED).count() == 2
    assert fresh(case).dispatch_count == 2


def test_redispatch_to_the_unit_that_returned_it_is_refused() -> None:
    case = stories.returned()
    with refused("same_unit", field="unit"):
        move_case(case.pk, "redispatch", by=staff("mei", at=AT), at=AT, unit="cleaning", reason="有理")


# --- returning ---------------------------------------------------------------------------------------
def test_a_return_to_oneself_is_refused() -> None:
    with refused("same_unit", field="unit"):
        given: dict[str, Any] = {"unit": "cleaning", "reason": "不归我们"}
        move_case(dispatched().pk, "return", by=staff("lin", at=AT), at=AT, **given)


def test_a_case_is_returned_once_only() -> None:
    case = stories.returned()
    move_case(case.pk, "refuse_return", by=staff("mei", at=AT), at=AT, reason="仍属环卫")
    before = look(case)
    with refused("returned_already"):
        move_case(case.pk, "return", by=staff("lin", at=AT), at=AT, reason="还是不归", unit="city")
    assert look(case) == before
    assert move_case(case.pk, "sign", by=staff("lin", at=AT), at=AT).status == Status.IN_PROGRESS


def test_a_case_is_not_returned_after_the_time_to_sign() -> None:
    case = dispatched()
    due = running(case)["sign"].due_at
    with refused("sign_window_over"):
        given: dict[str, Any] = {"reason": "不归我们", "unit": "city"}
        move_case(case.pk, "return", by=staff("lin"), at=due + timedelta(seconds=1), **given)
    move_case(case.pk, "return", by=staff("lin"), at=due, reason="不归我们", unit="city")


# --- working and reviewing ---------------------------------------------------------------------------
def test_a_case_is_handed_only_to_who_may_work_on_it_and_does_not_have_it() -> None:
    case, lin = stories.signed(), staff("lin", at=AT)
    # Hao reviews there, Wu works in the next unit, Dong for the community; Lin has it already.
    for name, key in (("hao", "no_colleague"), ("wu", "no_colleague"), ("dong", "no_colleague"),
                      ("nobody", "no_colleague"), ("lin", "handed_already")):  # fmt: skip
        with refused(key):
            move_case(case.pk, "hand_to", by=lin, at=AT, handler=name)
    assert fresh(case).handler_id == lin.id


def test_the_first_contact_is_recorded_once() -> None:
    case = stories.signed()
    lin = staff("lin", at=AT)
    move_case(case.pk, "first_contact", by=lin, at=AT, note="已通话")
    with refused("already_contacted"):
        move_case(case.pk, "first_contact", by=lin, at=AT, note="再次通话")


@pytest.mark.parametrize("solved", ["partly", "no"])
def test_what_is_not_solved_needs_a_reason(solved: str) -> None:
    case = stories.signed()
    before = look(case)
    lin = staff("lin", at=AT)
    with refused("reason_needed", field="unsolved_reason"):
        move_case(case.pk, "reply", by=lin, at=AT, public_text="正在处理", solved=solved)
    assert look(case) == before
    given: dict[str, Any] = {"public_text": "正在处理", "solved": solved, "unsolved_reason": "等待设备"}
    assert move_case(case.pk, "reply", by=lin, at=AT, **given).status == Status.REPLIED


def test_solved_is_yes_partly_or_no() -> None:
    with refused("missing", field="solved"):
        given: dict[str, Any] = {"public_text": "好", "solved": "perhaps"}
        move_case(stories.signed().pk, "reply", by=staff("lin", at=AT), at=AT, **given)


def test_nobody_reviews_their_own_reply() -> None:
    hao = Account.objects.get(username="hao")
    give_post(hao, unit=Unit.objects.get(code="cleaning"), role="handler", valid_from=FOUNDED_ON)
    case = reply(stories.signed(), by="hao")
    before = look(case)
    for move in ("pass_review", "fail_review"):
        with refused("own_work"):
            move_case(case.pk, move, by=staff("hao", at=AT), at=AT, reason="不好")
    assert look(case) == before
    assert move_case(case.pk, "pass_review", by=staff("du", at=AT), at=AT).status == Status.FOLLOW_UP


def test_the_newest_of_replies_at_one_moment_is_the_one_reviewed() -> None:
    case = stories.replied(solved="partly")
    move_case(case.pk, "fail_review", by=staff("hao", at=AT), at=AT, reason="请补照片")
    reply(case, solved="yes")
    case = move_case(case.pk, "pass_review", by=staff("hao", at=AT), at=AT)
    assert case.resolution == "yes"
    assert list(case.replies.order_by("id").values_list("passed", flat=True)) == [False, True]


def test_what_a_reviewer_sends_back_is_not_what_supervision_counts() -> None:
    case = stories.replied()
    move_case(case.pk, "fail_review", by=staff("hao", at=AT), at=AT, reason="请补照片")
    case = reply(case)
    move_case(case.pk, "pass_review", by=staff("hao", at=AT), at=AT)
    case = move_case(case.pk, "rework", by=SYSTEM, at=AT, reason="resident_not_satisfied")
    assert (case.round, case.supervised) == (2, False)
    reply(case)
    move_case(case.pk, "pass_review", by=staff("hao", at=AT), at=AT)
    case = move_case(case.pk, "rework", by=SYSTEM, at=AT, reason="resident_not_satisfied")
    assert (case.round, case.supervised) == (3, True)


def test_evidence_is_kept_with_the_reply() -> None:
    photo = type("Photo", (), {"stored_as": "photo/a", "thumb_as": "thumb/a"})()
    given: dict[str, Any] = {"public_text": "已清", "solved": "yes", "evidence": [photo]}
    case = move_case(stories.signed().pk, "reply", by=staff("lin", at=AT), at=AT, **given)
    evidence = case.replies.get().evidence.get()
    assert (evidence.stored_as, evidence.thumb_as) == ("photo/a", "thumb/a")


def test_control_characters_of_a_reply_are_cleaned_away() -> None:
    given: dict[str, Any] = {"public_text": "已\x00清\u202e运\r\n\r\n\r\n完", "solved": "yes"}
    case = move_case(stories.signed().pk, "reply", by=staff("lin", at=AT), at=AT, **given)
    assert case.replies.get().public_text == "已清运\n\n完"


# --- answering at once, other routes, following up ---------------------------------------------------
def test_an_unknown_statutory_route_is_refused() -> None:
    with refused("unknown_route", field="route"):
        given: dict[str, Any] = {"reason": "已起诉", "route": "nowhere"}
        move_case(stories.waiting().pk, "find_inadmissible", by=staff("shou", at=AT), at=AT, **given)


def test_what_was_answered_at_once_goes_back_to_the_dispatchers_when_contested() -> None:
    case = stories.waiting()
    given: dict[str, Any] = {"public_text": "每天八点清运。"}
    move_case(case.pk, "answer_at_once", by=staff("shou", at=AT), at=AT, **given)
    case = move_case(case.pk, "reopen", by=SYSTEM, at=AT + HOUR, reason="resident_not_satisfied")
    assert (case.status, case.held_for, case.resolution) == ("submitted", "resident_not_satisfied", "")
    assert running(case).keys() == {"receive"}
    by_hand: dict[str, Any] = {"unit": "cleaning", "item": "010101"}
    case = move_case(case.pk, "dispatch", by=staff("mei", at=AT), at=AT + HOUR, **by_hand)
    assert (case.status, case.held_for) == ("dispatched", "")


def test_a_follow_up_call_is_about_a_voice_of_the_case() -> None:
    case, other = stories.passed(), stories.passed()
    dian = staff("dian", at=AT)
    for appeal in (stories.voices_of(other)[0], "nobody"):
        with refused("not_in_case", field="appeal"):
            move_case(case.pk, "follow_up", by=dian, at=AT, appeal=appeal, reached=False)
    appeal = stories.voices_of(case)[0]
    for who in ("lin", "mei", "resident"):
        with refused("not_yours"):
            move_case(case.pk, "follow_up", by=actor(who), at=AT, appeal=appeal, reached=True)
    case = move_case(case.pk, "follow_up", by=dian, at=AT, appeal=appeal, reached=False)
    newest = facts_of(case)[-1]
    assert (newest.kind, newest.data["appeal"], newest.data["reached"]) == ("FollowedUp", str(appeal), False)
    assert case.status == Status.FOLLOW_UP


# --- the buttons -------------------------------------------------------------------------------------
@pytest.mark.parametrize("status", list(AT_STATUS))
def test_the_buttons_shown_are_the_moves_that_go_through(status: Status) -> None:
    case = AT_STATUS[status]()
    for name in ("lin", "hao", "mei", "shou", "wu", "dong"):
        by = staff(name, at=AT)
        shown = {move.key for move in allowed_moves(case, by=by, at=AT)}
        possible = {
            move.key for move in MOVES if not move.hidden and why_not(case, move, by=by, at=AT) is None
        }
        assert shown == possible
        assert "rework" not in shown
    assert {move.right for move in allowed_moves(case, by=resident(), at=AT)} <= {Hand.APPELLANT}
