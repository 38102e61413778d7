"""Machines ask first, as the residents' page does: which place, what is left open; a plate's code places."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from huying.cases.models import Case
from huying.intake.models import Appeal, Inbound
from huying.people.actions import make_api_key
from huying.testing.cast import RUBBISH
from huying.testing.town import EAST, WEST, middle

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
LAT, LON = middle(0, 0)
# Nothing says what it is, so nothing says that the same unit answers in both places.
UNCLEAR = "嗯嗯好的"


@pytest.fixture
def key() -> str:
    """Make a machine's key."""
    return make_api_key("test", channel="api")


def post(client: Client, key: str, path: str, **body: object) -> Any:  # noqa: ANN401 - Django's test answer
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": str(uuid4())}
    return client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers)


def case_at(answer: Any) -> Case:  # noqa: ANN401 - Django's test answer
    assert answer.status_code == 201, answer.content
    return Case.objects.get(memberships__appeal__number=answer.json()["number"])


def test_one_question_is_asked_and_its_answer_is_kept(client: Client, key: str) -> None:
    told: dict[str, object] = {
        "text": UNCLEAR, "place": "荷风雅居", "point": {"lat": LAT, "lon": LON}
    }  # fmt: skip
    seen = post(client, key, "appeals/preview", **told).json()
    assert [choice["name"] for choice in seen["choices"]][1:] == ["荷风雅居"]
    assert not Inbound.objects.exists(), "nothing is kept of what was only looked at"
    chosen = seen["choices"][1]["code"]
    case = case_at(post(client, key, "appeals", **told, place_code=chosen, place_chosen=True))
    assert f"/{WEST}/" in case.area_path


def test_where_the_same_unit_answers_in_both_places_nothing_is_asked(client: Client, key: str) -> None:
    told = {"text": RUBBISH, "place": "荷风雅居", "point": {"lat": LAT, "lon": LON}}
    seen = post(client, key, "appeals/preview", **told).json()
    assert (seen["choices"], seen["place_known"]) == ([], True)
    assert "since_when" not in seen["left_open"]


def test_the_code_of_a_plate_places_an_appeal_that_says_nothing_else(client: Client, key: str) -> None:
    case = case_at(post(client, key, "appeals", text="垃圾没人清", place_code="E4"))
    assert f"/{WEST}/" in case.area_path
    assert case.place is not None
    assert case.place.name == "塘边村"


def test_a_code_nobody_knows_costs_no_appeal_and_a_long_one_is_refused(client: Client, key: str) -> None:
    assert post(client, key, "appeals", text=RUBBISH, place_code="no-such").status_code == 201
    assert post(client, key, "appeals", text=RUBBISH, place_code="x" * 41).status_code == 422
    assert Appeal.objects.count() == 1


def test_a_look_takes_a_key_and_tells_danger_and_gaps(client: Client, key: str) -> None:
    assert post(client, "wrong", "appeals/preview", text=RUBBISH).status_code == 401
    assert post(client, key, "appeals/preview", text="").status_code == 400
    seen = post(client, key, "appeals/preview", text="三栋起火了，浓烟滚滚").json()
    assert seen["dangers"]
    assert "where" in post(client, key, "appeals/preview", text="灯不亮了").json()["left_open"]
    assert post(client, key, "appeals/preview", text=RUBBISH, place_code=EAST).json()["place_known"]
