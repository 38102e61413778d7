"""Undoing a slip of the hand: by the same hand, soon, while nothing else has happened; both facts stay."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huying.cases import reasons
from huying.cases.actions import move_case
from huying.cases.models import Status, Task, TaskState
from huying.cases.tests import stories
from huying.cases.tests.stories import AT, facts_of, fresh, look, running
from huying.cases.undoing import UNDO_WITHIN
from huying.testing.cast import staff
from huying.testing.refusals import refused

pytestmark = pytest.mark.django_db
SOON = AT + timedelta(minutes=2)


def test_signing_is_undone_once_and_both_stand_in_the_ledger() -> None:
    case, lin = stories.signed(), staff("lin", at=AT)
    case = move_case(case.pk, "undo_sign", by=lin, at=SOON)
    assert (case.status, case.handler_id, case.signed_at) == (Status.DISPATCHED, None, None)
    assert "sign" in running(case)
    assert [fact.kind for fact in facts_of(case)][-2:] == ["CaseSigned", "SignUndone"]
    move_case(case.pk, "sign", by=lin, at=SOON)
    with refused(reasons.NOTHING_TO_UNDO.key):
        move_case(case.pk, "undo_sign", by=lin, at=SOON)


def test_a_wrong_dispatch_comes_back_before_it_is_signed() -> None:
    case, mei = stories.by_hand(), staff("mei", at=AT)
    case = move_case(case.pk, "recall_dispatch", by=mei, at=SOON)
    assert (case.status, case.unit_id, case.held_for) == (Status.SUBMITTED, None, "dispatch_recalled")
    assert set(running(case)) == {"receive"}
    assert not Task.objects.filter(case=case, state=TaskState.OPEN).exists()
    again = move_case(case.pk, "dispatch", by=mei, at=SOON, unit="cleaning", item="010101")
    assert again.status == Status.DISPATCHED


@pytest.mark.parametrize(("move", "who"), [("undo_sign", "lin"), ("recall_dispatch", "mei")])
def test_what_is_old_or_was_followed_by_something_or_done_by_another_stays(move: str, who: str) -> None:
    case = stories.signed() if move == "undo_sign" else stories.by_hand()
    by = staff(who, at=AT)
    before = look(case)
    with refused(reasons.NOTHING_TO_UNDO.key):
        move_case(case.pk, move, by=by, at=AT + UNDO_WITHIN + timedelta(seconds=1))
    assert look(case) == before
    move_case(case.pk, "note", by=by, at=AT, note="看过了")
    with refused(reasons.NOTHING_TO_UNDO.key):
        move_case(case.pk, move, by=by, at=SOON)


def test_what_the_rules_dispatched_or_a_return_led_to_is_no_slip() -> None:
    mei = staff("mei", at=AT)
    with refused(reasons.NOTHING_TO_UNDO.key):
        move_case(stories.dispatched().pk, "recall_dispatch", by=mei, at=SOON)
    ruled = move_case(stories.returned().pk, "redispatch", by=mei, at=AT, unit="city", reason="有理")
    with refused(reasons.NOTHING_TO_UNDO.key):
        move_case(fresh(ruled).pk, "recall_dispatch", by=mei, at=SOON)
