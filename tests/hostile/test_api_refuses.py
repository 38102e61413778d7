"""What the JSON channel refuses: with the right status and reason, nothing stored, and the key still free."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.hostile.reading import problem_of, reason_of, wrong_fields

if TYPE_CHECKING:
    from tests.hostile.conftest import Machine, Stored

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
GOOD = {"text": "听澜花园门口的垃圾堆了三天没人清"}
UNREADABLE, NOT_VALID = (400, "json_not_readable"), (422, "field_not_valid")

NOT_JSON = {
    "half an object": b'{"text": "',
    "something after the end": b'{"text": "x"} {"text": "y"}',
    "a trailing comma": b'{"text": "x",}',
    "single quotes": b"{'text': 'x'}",
    "a form": b"text=x&title=y",
    "bytes of a picture": b"\x89PNG\r\n\x1a\n\x00\x00",
    "gb18030": '{"text": "路灯坏了"}'.encode("gb18030"),
    "big5": '{"text": "路燈壞了"}'.encode("big5"),
    "utf-8 cut in the middle of a character": '{"text": "路灯"}'.encode()[:-4] + b'"}',
    "overlong utf-8": b'{"text": "\xc0\xae"}',
    "a NUL byte inside a text": b'{"text": "a\x00b"}',
    "NUL bytes alone": b"\x00" * 64,
    "a bomb of arrays": b"[" * 100_000,
    "a closed bomb of arrays": b'{"text": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "a bomb of objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "a number of 5,000 digits": b'{"text": "x", "point": {"lat": ' + b"9" * 5000 + b', "lon": 114}}',
}


@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON)
def test_what_is_no_json_is_refused_and_leaves_nothing(machine: Machine, stored: Stored, body: bytes) -> None:
    assert reason_of(machine.post(body, key="again")) == UNREADABLE
    assert stored.grown() == {}
    assert machine.post(GOOD, key="again").status_code == 201


OTHER_SHAPES = {
    "nothing": (b"", ""),
    "null": (b"null", ""),
    "a number": (b"1", ""),
    "a text": (b'"x"', ""),
    "a list of appeals": (b'[{"text": "x"}]', ""),
    "a field nobody knows": ({**GOOD, "priority": "A"}, "priority"),
    "a field that would be an attack elsewhere": ({**GOOD, "__proto__": {"is_staff": True}}, "__proto__"),
    "a field of the inside": ({**GOOD, "number": "SQ1"}, "number"),
    "a text that is a number": ({"text": 1}, "text"),
    "a text that is a list": ({"text": ["x"]}, "text"),
    "a text that is null": ({"text": None}, "text"),
    "half a surrogate pair": (b'{"text": "\\ud83d"}', "text"),
    "a surrogate in UTF-8": (b'{"text": "\xed\xa0\x80"}', "text"),
    "half a surrogate pair in a name": (b'{"text": "x", "person": {"name": "\\udc00"}}', "person.name"),
    "a title of 2,001 characters": ({**GOOD, "title": "长" * 2001}, "title"),
    "a name of 41 characters": ({**GOOD, "person": {"name": "名" * 41}}, "person.name"),
    "a person with another field": ({**GOOD, "person": {"ethnicity": "x"}}, "person.ethnicity"),
    "a point in a list": ({**GOOD, "point": [22.7, 114.0]}, "point"),
    "half a point": ({**GOOD, "point": {"lat": 22.7}}, "point.lon"),
    "a point of words": ({**GOOD, "point": {"lat": "north", "lon": 114}}, "point.lat"),
    "not a number": (b'{"text": "x", "point": {"lat": NaN, "lon": 114}}', "point.lat"),
    "not a number, as text": ({**GOOD, "point": {"lat": "NaN", "lon": "114"}}, "point.lat"),
    "infinity": (b'{"text": "x", "point": {"lat": Infinity, "lon": 114}}', "point.lat"),
    "a number beyond all numbers": (b'{"text": "x", "point": {"lat": 1e999, "lon": 114}}', "point.lat"),
    "a system of another world": (
        {**GOOD, "point": {"lat": 22, "lon": 114, "system": "mars"}},
        "point.system",
    ),
    "a time without a zone": ({**GOOD, "occurred_at": "2026-01-01T00:00:00"}, "occurred_at"),
    "a time in words": ({**GOOD, "occurred_at": "yesterday"}, "occurred_at"),
    "a time beyond all times": ({**GOOD, "occurred_at": 99999999999999999999}, "occurred_at"),
    "a day that does not exist": ({**GOOD, "occurred_at": "2026-02-30T00:00:00Z"}, "occurred_at"),
}


@pytest.mark.parametrize(("body", "field"), OTHER_SHAPES.values(), ids=OTHER_SHAPES)
def test_json_of_another_shape_is_refused_with_its_field_and_leaves_nothing(
    machine: Machine, stored: Stored, body: object, field: str
) -> None:
    answer = machine.post(body, key="again")
    assert reason_of(answer) == NOT_VALID
    assert wrong_fields(answer) == [field]
    assert stored.grown() == {}
    assert machine.post(GOOD, key="again").status_code == 201


OTHER_MEANINGS = {
    "no words at all": ({}, 400, "text_missing"),
    "only blanks": ({"text": " \t\n\u3000 "}, 400, "text_missing"),
    "only control characters": ({"text": "\x00\x07\u200b\u202e"}, 400, "text_missing"),
    "20,001 characters": ({"text": "长" * 20_001}, 413, "text_too_long"),
    "a million characters": ({"text": "a" * 1_000_000}, 413, "text_too_long"),
    "a body of three megabytes": ({"text": "a" * 3_000_000}, 413, "body_too_large"),
    "a swapped point": ({**GOOD, "point": {"lat": 114.0, "lon": 22.7}}, 422, "coordinate_swapped"),
    "the point where devices are lost": ({**GOOD, "point": {"lat": 0, "lon": 0}}, 422, "coordinate_zero"),
    "metres": ({**GOOD, "point": {"lat": 2_512_345.6, "lon": 505_432.1}}, 422, "coordinate_projected"),
    "beyond the pole": ({**GOOD, "point": {"lat": 90.01, "lon": 114}}, 422, "coordinate_out_of_range"),
    "beyond the date line": ({**GOOD, "point": {"lat": 22, "lon": -180.5}}, 422, "coordinate_out_of_range"),
    "in two hours or in a thousand years": (
        {**GOOD, "occurred_at": "2999-01-01T00:00:00Z"}, 400, "time_in_future",
    ),
    "at the end of time": ({**GOOD, "occurred_at": "9999-12-31T23:59:59-14:00"}, 400, "time_in_future"),
    "before the beginning of time": (
        {**GOOD, "occurred_at": "0001-01-01T00:00:00+14:00"}, 400, "time_not_readable",
    ),
    "a phone of two lines": ({**GOOD, "person": {"phone": "13800\n138000"}}, 400, "phone_not_readable"),
    "a phone that is a query": ({**GOOD, "person": {"phone": "1' OR '1'='1"}}, 400, "phone_not_readable"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "status", "reason"), OTHER_MEANINGS.values(), ids=OTHER_MEANINGS)
def test_what_cannot_be_is_refused_with_its_reason_and_leaves_nothing(
    machine: Machine, stored: Stored, body: object, status: int, reason: str
) -> None:
    assert reason_of(machine.post(body, key="again")) == (status, reason)
    assert stored.grown() == {}
    assert machine.post(GOOD, key="again").status_code == 201


def test_a_refusal_does_not_repeat_what_was_sent(machine: Machine) -> None:
    secret = "<script>alert('13800138000')</script>"
    for body in ({"text": "x", secret: 1}, {"text": "x", "person": {"phone": secret}}, {"text": [secret]}):
        answer = machine.post(body)
        problem_of(answer)
        assert "<script>" not in answer.content.decode() or secret in str(body.keys())
        assert "13800138000" not in json.dumps(problem_of(answer).get("title"))


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_another_method_on_the_channel_changes_nothing(machine: Machine, stored: Stored, method: str) -> None:
    answer = getattr(machine.client, method)(
        "/api/v1/appeals", headers={"Authorization": f"Bearer {machine.api_key}", "Idempotency-Key": "k"}
    )
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    assert stored.grown() == {}
