"""The dispatchers' queue: the best suggestions at one click, everything else in the full form."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huying.cases.models import Case, Status
from huying.home.tests.desks import UNCLEAR, desk_of, move, waiting_case
from huying.testing.cast import appeal_of, case_of
from huying.triage.models import Verdict

pytestmark = pytest.mark.django_db


def unsure_case() -> Case:
    """Return a case the model had two thoughts about, none sure enough."""
    case = case_of(appeal_of(UNCLEAR))
    suggestions = [
        {"code": "010201", "confidence": 0.41}, {"code": "010101", "confidence": 0.33},
        {"code": "999999", "confidence": 0.2},
    ]  # fmt: skip
    Verdict.objects.filter(appeal__memberships__case=case).update(suggestions=suggestions)
    return case


def test_each_waiting_case_comes_with_what_the_rules_would_make_of_the_best_guesses() -> None:
    case = unsure_case()
    answer = desk_of("mei").get("/desk/queue/")
    page = answer.content.decode()
    picks = answer.context["waiting"][0]["picks"]
    assert [(pick["item"].code, pick["unit"].name, pick["percent"]) for pick in picks] == [
        ("010201", "环卫所", 41),
        ("010101", "环卫所", 33),
    ]
    assert UNCLEAR in page
    assert case.number in page
    assert "41%" in page


def test_one_click_dispatches_and_comes_back_to_the_queue() -> None:
    case, mei = unsure_case(), desk_of("mei")
    answer = move(mei, case, "dispatch", item="010201", unit="cleaning", next="/desk/queue/")
    assert answer.headers["Location"] == "/desk/queue/"
    case.refresh_from_db()
    assert (case.status, case.item_code) == (Status.DISPATCHED, "010201")
    page = mei.get("/desk/queue/").content.decode()
    assert f"{case.number} is dispatched to 环卫所." in page
    assert "Nothing waits" in page


def test_two_dispatchers_clicking_at_once_dispatch_once_and_the_second_is_told() -> None:
    case, mei = unsure_case(), desk_of("mei")
    assert move(mei, case, "dispatch", item="010201", unit="cleaning").status_code == 302
    shou = desk_of("shou")
    assert move(shou, case, "dispatch", item="010201", unit="city").status_code == 409
    assert Case.objects.get(pk=case.pk).dispatch_count == 1


def test_a_receiver_sees_the_queue_and_answers_but_has_no_button_to_dispatch() -> None:
    case, shou = waiting_case(), desk_of("shou")
    page = shou.get("/desk/queue/").content.decode()
    assert f"/desk/cases/{case.number}/moves/answer_at_once/" in page
    assert f"/desk/cases/{case.number}/moves/dispatch/" not in page
    assert move(shou, case, "dispatch", item="010201", unit="cleaning").status_code == 403
    assert move(shou, case, "answer_at_once", public_text="您好，请说明具体事项。").status_code == 302
    assert Case.objects.get(pk=case.pk).status == Status.FOLLOW_UP


def test_the_place_nobody_answers_for_is_said_and_only_the_unit_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case, mei = unsure_case(), desk_of("mei")
    monkeypatch.setattr("huying.dispatch.duties.DutyBook.decide", lambda *_: None)
    page = mei.get("/desk/queue/").content.decode()
    assert "Nobody is named for it at this place" in page
    address = f"/desk/cases/{case.number}/moves/dispatch/?item=010201"
    assert f'href="{address}#act-dispatch"' in page
    assert 'value="公厕脏臭、无人保洁"' in mei.get(address).content.decode()


def test_the_queue_costs_the_same_statements_however_long_it_is() -> None:
    unsure_case()
    mei = desk_of("mei")
    mei.get("/desk/queue/")
    with CaptureQueriesContext(connection) as few:
        mei.get("/desk/queue/")
    for _ in range(8):
        unsure_case()
    with CaptureQueriesContext(connection) as many:
        mei.get("/desk/queue/")
    assert len(many) == len(few) <= 14
