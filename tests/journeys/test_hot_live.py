"""Live, from the door to the duty board: six neighbours write, and the worker puts their matter together."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from huying.testing.town import middle
from tests.town import until

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.town import Town

pytestmark = pytest.mark.journey
LIFT = (
    "塘边村3栋的电梯又停了，困了人十几分钟，老人不敢坐",
    "塘边村3栋电梯坏了一个多星期，天天停，没人修",
    "3栋电梯运行时抖得厉害，塘边村老人小孩都不敢坐电梯",
    "塘边村3栋电梯突然停在半空，困人了，请物业赶紧修",
    "塘边村3栋的电梯三天两头停运，高层住户只能爬楼",
    "电梯又坏了，塘边村3栋，困了一个小孩，什么时候能修好",
)
_MATTER = """
SELECT s.id, s.count, s.appellants FROM intake_appeal a JOIN insight_hotmark k ON k.appeal_id = a.id
JOIN insight_hotspot s ON s.id = k.spot_id WHERE a.number = %s
"""


def test_the_last_of_six_finds_its_matter_counted_and_alerted_once_without_the_nights_pass(
    town: Town,
) -> None:
    numbers = [_filed(town, place, text) for place, text in enumerate(LIFT)]

    def of_last() -> Sequence[Any]:
        found = _asked(town, _MATTER, numbers[-1])
        return found[0] if found else (None, 0, 0)

    until(lambda: of_last()[1] == len(LIFT), "the matter of the last appeal was never counted whole")
    spot, _count, appellants = of_last()
    assert appellants == len(LIFT)
    assert {_asked(town, _MATTER, number)[0][0] for number in numbers} == {spot}
    # Two workers' appeals may be counted together, and then the early sign is passed over.
    alerts = _alerts(town, spot)
    assert alerts in (["early", "rising"], ["rising"])
    # A client that did not hear the answer sends again; nothing moves.
    assert [_filed(town, place, text, again=True) for place, text in enumerate(LIFT)] == numbers
    until(lambda: not _asked(town, _WAITING), "the worker never came to an end")
    assert of_last()[1] == len(LIFT)
    assert _alerts(town, spot) == alerts


_WAITING = "SELECT 1 FROM procrastinate_jobs WHERE queue_name = 'facts' AND status IN ('todo', 'doing')"


def _alerts(town: Town, spot: object) -> list[str]:
    sql = "SELECT stage FROM insight_hotalert WHERE spot_id = %s ORDER BY at, id"
    return [row[0] for row in _asked(town, sql, spot)]


def _asked(town: Town, sql: str, *told: object) -> list[tuple[Any, ...]]:
    with psycopg.connect(town.database_url()) as connection:
        return connection.execute(sql.encode(), told).fetchall()


def _filed(town: Town, place: int, text: str, *, again: bool = False) -> str:
    """File one appeal through the API, each by a neighbour of its own; return its number."""
    lat, lon = middle(1, 1)
    body = {
        "text": text, "point": {"lat": lat + place * 1e-5, "lon": lon},
        "person": {"name": "乔居民", "phone": f"1380000{2000 + place}"},
    }  # fmt: skip
    headers = {
        "Authorization": f"Bearer {town.api_key}", "Content-Type": "application/json",
        "Idempotency-Key": f"lift-{place}",
    }  # fmt: skip
    connection = http.client.HTTPConnection("127.0.0.1", town.port, timeout=60)
    try:
        connection.request("POST", "/api/v1/appeals", json.dumps(body).encode(), headers)
        answer = connection.getresponse()
        told = json.loads(answer.read())
    finally:
        connection.close()
    assert answer.status == (200 if again else 201), told
    return str(told["number"])
