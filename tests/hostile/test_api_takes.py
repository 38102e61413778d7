"""Odd but honest input is taken: found again by its key, raw payload byte for byte, its text harmless."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from huying.intake.models import Appeal, Inbound
from huying.ledger.queries import verify

if TYPE_CHECKING:
    from tests.hostile.conftest import Machine

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def raw(text: str) -> bytes:
    return json.dumps({"text": text}, ensure_ascii=False).encode()


# Body as it is sent, and the text that residents and staff read afterwards.
TAKEN = {
    "UTF-16 that says so": ('{"text": "路灯坏了"}'.encode("utf-16"), "路灯坏了"),
    "UTF-32 that says so": ('{"text": "路灯坏了"}'.encode("utf-32"), "路灯坏了"),
    "a byte order mark": (b"\xef\xbb\xbf" + raw("路灯坏了"), "路灯坏了"),
    "blanks and line breaks around": (b"\r\n\t " + raw("路灯坏了") + b"\n\n", "路灯坏了"),
    "the same field twice": (b'{"text": "first", "text": "second"}', "second"),
    "escapes": (b'{"text": "\\u8def\\u706f"}', "路灯"),
    "a whole surrogate pair": (b'{"text": "\\ud83d\\ude00"}', "\U0001f600"),
    "characters of the second plane": (raw("𠮷𡃁"), "𠮷𡃁"),
    "an escaped NUL": (b'{"text": "a\\u0000b"}', "ab"),
    "control characters": (raw("a\x07b\x1b[31mc\x7f\x9b"), "ab[31mc"),
    "bidi overrides": (raw("photo\u202egpj.exe\u202c \u2066x\u2069"), "photogpj.exe x"),
    "invisible characters": (raw("a\u200bb\u200dc\ufeffd"), "abcd"),
    "all kinds of line breaks": (raw("a\r\nb\rc\n\n\n\n\nd"), "a\nb\nc\n\nd"),
    "decomposed letters": (raw("re\u0301sume\u0301"), "r\u00e9sum\u00e9"),
    "HTML and script": (raw("<script>alert(1)</script><img src=x>"), "<script>alert(1)</script><img src=x>"),
    "a template": (raw("{{ 7*7 }}{% debug %}${7*7}#{7*7}"), "{{ 7*7 }}{% debug %}${7*7}#{7*7}"),
    "a query": (raw("'); DROP TABLE intake_appeal; --"), "'); DROP TABLE intake_appeal; --"),
    "placeholders": (raw("%s %(x)s {number} {0.__class__} $1"), "%s %(x)s {number} {0.__class__} $1"),
    "a formula": (raw("=cmd|' /C calc'!A1"), "=cmd|' /C calc'!A1"),
    "a log line": (raw('{"level": "ERROR"}\n{"level": "INFO"}'), '{"level": "ERROR"}\n{"level": "INFO"}'),
    "one character": (raw("x"), "x"),
    "20,000 characters": (raw("长" * 20_000), "长" * 20_000),
    "one word of 20,000 letters": (raw("a" * 20_000), "a" * 20_000),
    "marks on marks": (raw("a" + "\u0301" * 500), "\u00e1" + "\u0301" * 499),
}


@pytest.mark.parametrize(("body", "text"), TAKEN.values(), ids=TAKEN)
def test_what_is_taken_is_found_again_as_it_came(machine: Machine, body: bytes, text: str) -> None:
    answer = machine.post(body, key="odd", content_type="application/json")
    assert answer.status_code == 201, answer.content[:300]
    inbound = Inbound.objects.get(channel="api", key="odd")
    assert bytes(inbound.body) == body
    appeal = Appeal.objects.get(pk=inbound.appeal_id)
    assert appeal.number == json.loads(answer.content)["number"]
    assert appeal.text == text
    assert machine.post(body, key="odd").status_code == 200
    assert verify().broken is None


POINTS = {
    "numbers as texts": ({"lat": "22.7025", "lon": "114.0025"}, 22.7025, 114.0025),
    "many digits": ({"lat": 22.70250000000000001, "lon": 114.00250000000000001}, 22.7025, 114.0025),
    "the other side of the world": ({"lat": -33.45, "lon": -70.66}, -33.45, -70.66),
    "the pole": ({"lat": 90, "lon": 180}, 90, 180),
    "exponents": ({"lat": 2.27025e1, "lon": 1.140025e2}, 22.7025, 114.0025),
}


@pytest.mark.parametrize(("point", "lat", "lon"), POINTS.values(), ids=POINTS)
def test_a_possible_point_is_kept_with_its_original(
    machine: Machine, point: dict[str, object], lat: float, lon: float
) -> None:
    assert machine.post({"text": "路灯坏了", "point": point}, key="odd").status_code == 201
    appeal = Appeal.objects.get(inbound__key="odd")
    assert (appeal.lat, appeal.lon) == pytest.approx((lat, lon), abs=1e-6)
    assert appeal.point_original == {"lat": float(str(point["lat"])), "lon": float(str(point["lon"]))}


def test_a_name_cannot_smuggle_lines_into_a_letter(machine: Machine) -> None:
    person = {
        "name": "乔\r\nBcc: all@example.org\r\n\r\n<b>",
        "email": "a@example.org\nBcc: b@example.org\x00",
        "phone": "13800138000",
    }
    answer = machine.post({"text": "路灯坏了", "person": person}, key="odd")
    assert answer.status_code == 201
    party = Appeal.objects.get(inbound__key="odd").party
    for kept in (party.name, party.email, party.phone):
        assert not set(kept) & set("\r\x00"), kept
        assert "\n" not in kept, kept


def test_deep_but_legal_text_and_long_place_are_cut_to_what_is_shown_and_kept_whole_in_the_raw_payload(
    machine: Machine,
) -> None:
    body = {"text": "路灯坏了", "title": "题" * 2000, "place": "听澜花园" * 500, "language": "x" * 10}
    answer = machine.post(body, key="odd")
    assert answer.status_code == 201
    inbound = Inbound.objects.get(channel="api", key="odd")
    assert json.loads(bytes(inbound.body)) == body
    appeal = Appeal.objects.get(pk=inbound.appeal_id)
    assert (len(appeal.title), len(appeal.place_words)) == (200, 200)
