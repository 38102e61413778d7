"""Follow-up by telephone: the desk writes down what residents say, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from huying.cases.models import Case, Status
from huying.cases.queries import voices
from huying.feedback.models import Rating
from huying.home.tests.desks import asked_case, desk_of, replied_case
from huying.ledger.models import Fact

if TYPE_CHECKING:
    from django.test import Client
    from django.test.client import _MonkeyPatchedWSGIResponse

pytestmark = pytest.mark.django_db


def ring(client: Client, case: Case, **told: object) -> _MonkeyPatchedWSGIResponse:
    """Record a call to the resident of a case."""
    appeal = voices(case).get()
    form = {"seen": Case.objects.get(pk=case.pk).fact_seq} | told
    return client.post(f"/desk/cases/{case.number}/calls/{appeal.number}/", form)


def test_a_resident_who_is_content_on_the_telephone_closes_the_case() -> None:
    case, dian = asked_case(), desk_of("dian")
    assert "Follow-up by telephone" in dian.get(f"/desk/cases/{case.number}/").content.decode()
    told = {"reached": "yes", "solved": "yes", "speed": 5, "result": 4, "comment": "打扫得很干净"}
    assert ring(dian, case, **told).status_code == 302
    case.refresh_from_db()
    assert (case.status, case.closure) == (Status.CLOSED, "confirmed")
    rating = Rating.objects.get()
    assert (rating.by_kind, rating.speed, rating.process, rating.comment) == (
        "staff",
        5,
        None,
        "打扫得很干净",
    )
    page = desk_of("lin").get(f"/desk/cases/{case.number}/").content.decode()
    assert "taken by telephone" in page
    assert "打扫得很干净" in page


def test_a_resident_who_is_not_sends_it_back_to_work() -> None:
    case = asked_case()
    assert ring(desk_of("dian"), case, reached="yes", solved="no").status_code == 302
    assert Case.objects.get(pk=case.pk).status == Status.IN_PROGRESS


def test_nobody_answering_is_recorded_and_the_question_stays_open() -> None:
    case, dian = asked_case(), desk_of("dian")
    assert ring(dian, case, reached="no", solved="yes").status_code == 302
    assert Case.objects.get(pk=case.pk).status == Status.FOLLOW_UP
    assert not Rating.objects.exists()
    assert Fact.objects.get(kind="FollowedUp").data["reached"] is False
    assert ring(dian, case, reached="yes", solved="yes").status_code == 302
    assert Case.objects.get(pk=case.pk).status == Status.CLOSED


def test_a_call_without_saying_whether_anybody_answered_is_asked_back_with_what_was_typed() -> None:
    case = asked_case()
    answer = ring(desk_of("dian"), case, comment="改天再打")
    assert answer.status_code == 400
    assert "改天再打" in answer.content.decode()
    assert not Fact.objects.filter(kind="FollowedUp").exists()


def test_two_clicks_record_one_call() -> None:
    case, dian = asked_case(), desk_of("dian")
    seen = case.fact_seq
    answers = [ring(dian, case, reached="no", seen=seen).status_code for _ in range(2)]
    assert answers == [302, 409]
    assert Fact.objects.filter(kind="FollowedUp").count() == 1


@pytest.mark.parametrize("username", ["lin", "hao", "mei", "wu", "dong"])
def test_whoever_is_not_of_the_telephone_desk_rates_nothing(username: str) -> None:
    case = asked_case()
    assert ring(desk_of(username), case, reached="yes", solved="yes").status_code in (403, 404)
    assert not Rating.objects.exists()


def test_nobody_is_called_about_a_case_that_is_not_answered_yet() -> None:
    case, dian = replied_case(), desk_of("dian")
    assert "Follow-up by telephone" not in dian.get(f"/desk/cases/{case.number}/").content.decode()
    assert ring(dian, case, reached="yes", solved="yes").status_code == 409
