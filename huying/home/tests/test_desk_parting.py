"""Parts and applications on the page of a case: shown to all, moved by whose part it is; and splitting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from huying.cases.models import Case, Task
from huying.cases.tests import stories
from huying.cases.tests.stories import fresh, voices_of
from huying.home.tests.desks import desk_of
from huying.testing.cast import appeal_of

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

pytestmark = pytest.mark.django_db


def post(client: Client, case: Case, key: str, **told: str) -> HttpResponse:
    """Send the form of a part as the page does."""
    address = reverse("desk:part", args=[case.number, stories.part_of(case), key])
    return client.post(address, {"seen": fresh(case).fact_seq, **told})  # type: ignore[return-value] # the test client's response


def page(client: Client, case: Case) -> str:
    """Return the page of a case."""
    return client.get(reverse("desk:case", args=[case.number])).content.decode()


def test_a_unit_that_was_called_in_comes_and_says_what_it_did() -> None:
    case, dong = stories.called_in(), desk_of("dong")
    assert "请到现场" in page(dong, case)
    assert post(dong, case, "attend", note="到了").status_code == 302
    assert post(dong, case, "finish_task", note="已处置完毕").status_code == 302
    task = Task.objects.get(case=case, unit__code="east")
    assert (task.state, task.result) == ("done", "已处置完毕")
    assert "已处置完毕" in page(desk_of("lin"), case)


def test_nobody_else_does_a_unit_s_part_and_an_empty_report_is_refused() -> None:
    case = stories.helped()
    assert post(desk_of("lin"), case, "finish_task", note="我来写").status_code == 403
    assert post(desk_of("dong"), case, "finish_task", note=" ").status_code == 400
    assert post(desk_of("dian"), case, "end_task", reason="不用了").status_code == 403
    assert Task.objects.get(pk=stories.part_of(case)).state == "open"
    assert post(desk_of("lin"), case, "end_task", reason="不用了").status_code == 302


def test_what_is_asked_for_stands_on_the_page_with_its_reason_and_ruling() -> None:
    case = stories.suspension_asked()
    shown = page(desk_of("du"), case)
    assert "等待立项" in shown
    assert "列入下季度改造" in shown
    assert reverse("desk:move", args=[case.number, "suspend"]) in shown
    assert reverse("desk:move", args=[case.number, "suspend"]) not in page(desk_of("lin"), case)


def test_some_appeals_are_split_off_and_the_rest_stay() -> None:
    case, mei = stories.dispatched(), desk_of("mei")
    appeal_of(joins=case.pk)
    address = reverse("desk:split", args=[case.number])
    first, second = voices_of(case)
    assert address in page(mei, case)
    seen = fresh(case).fact_seq
    whole = {"seen": seen, "appeals": [str(first), str(second)], "reason": "两件事"}
    assert mei.post(address, whole).status_code == 400
    answer = mei.post(address, {"seen": seen, "appeals": [str(second)], "reason": "两件事"})
    assert answer.status_code == 302
    other = Case.objects.get(memberships__appeal=second, memberships__until_at=None)
    assert other.pk != case.pk
    assert (voices_of(case), fresh(case).appeal_count, other.appeal_count) == ([first], 1, 1)
    assert (other.status, other.unit_id, other.due_at) == (case.status, case.unit_id, fresh(case).due_at)
    again = mei.post(address, {"seen": seen, "appeals": [str(second)], "reason": "两件事"})
    assert again.status_code == 409
    assert (
        desk_of("lin").post(address, {"seen": seen, "appeals": [str(first)], "reason": "x"}).status_code
        == 403
    )


def test_a_suspended_case_shows_that_its_clocks_stand_still() -> None:
    case = stories.suspended()
    shown = desk_of("du").get(reverse("desk:case", args=[case.number])).context["clocks"]
    state = {str(clock["label"]): (clock["running"], clock["paused"]) for clock in shown}
    assert sorted(state.values()).count((False, True)) == 2, "contact and handling"
    assert (True, False) in state.values(), "the day to look at it again"
