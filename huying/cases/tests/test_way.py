"""The whole way of a case, from dispatch to an honest closure."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from huying.cases.actions import move_case
from huying.cases.models import Status
from huying.feedback.actions import Answer, ask_appellants, rate_reply
from huying.ledger.queries import verify
from huying.testing.cast import appeal_of, case_of, resident, staff

pytestmark = pytest.mark.django_db


def test_a_case_is_dispatched_signed_answered_reviewed_rated_and_closed() -> None:
    taken = appeal_of()
    case = case_of(taken)
    assert (case.status, taken.unit_name) == (Status.DISPATCHED, "环卫所")
    assert taken.due_at is not None
    assert taken.due_at > timezone.now()
    lin, hao = staff("lin"), staff("hao")
    at = timezone.now()
    move_case(case.pk, "sign", by=lin, at=at)
    move_case(case.pk, "first_contact", by=lin, at=at, note="已电话联系")
    move_case(case.pk, "reply", by=lin, at=at, public_text="垃圾已清走。", solved="yes")
    move_case(case.pk, "pass_review", by=hao, at=at)
    assert ask_appellants(case.pk, at=at, window_days=7) == 1
    rate_reply(taken.appeal_id, Answer("yes", 5, 5, 5, 5), by=resident(), at=at + timedelta(hours=1))
    case.refresh_from_db()
    assert (case.status, case.resolution, case.closure) == (Status.CLOSED, "yes", "confirmed")
    assert verify().broken is None
