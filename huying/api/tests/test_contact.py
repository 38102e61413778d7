"""Seeing a resident's contact over the API: the same right, the same reason, the same log as at the desk."""

from __future__ import annotations

from typing import Any

import pytest

from huying.home.tests.desks import desk_of
from huying.people.models import PersonalAccess
from huying.testing.cast import appeal_of, case_of

pytestmark = pytest.mark.django_db
TOILET = "听澜花园旁边的公厕很脏很臭，没有人打扫"  # of the cleaners alone
WHY = {"reason": "first_contact"}


def ask(who: str, told: Any, *, other: str = "") -> Any:  # noqa: ANN401 - whatever is sent
    taken = appeal_of(TOILET, name="李小花", phone="13800138000", email="li@mail.example")
    path = f"/api/v1/cases/{case_of(taken).number}/appeals/{other or taken.number}/contact"
    return desk_of(who).post(path, told, content_type="application/json")


def test_who_says_why_sees_the_contact_and_it_is_written_down() -> None:
    answer = ask("lin", WHY)
    assert answer.status_code == 200
    told = answer.json()
    assert (told["name"], told["phone"], told["email"]) == ("李小花", "13800138000", "li@mail.example")
    look = PersonalAccess.objects.get()
    assert (look.reason, look.page, look.account_name) == ("first_contact", "api:contact", "林清")


@pytest.mark.parametrize(
    ("who", "told", "status"),
    [
        ("lin", {"reason": "curious"}, 400),
        ("lin", {"reason": "other", "words": " "}, 400),
        ("lin", {}, 422),
        ("mei", WHY, 404),
        ("wu", WHY, 404),
    ],
)
def test_nobody_sees_it_without_a_reason_or_the_right(who: str, told: dict[str, str], status: int) -> None:
    answer = ask(who, told)
    assert answer.status_code == status
    assert "13800138000" not in answer.content.decode()
    assert not PersonalAccess.objects.exists()


def test_an_appeal_of_another_case_is_not_there() -> None:
    assert ask("lin", WHY, other="SQ000000000000").status_code == 404
    assert not PersonalAccess.objects.exists()
