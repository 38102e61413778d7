"""Matters for tests: a smelling pit told of in many words, and what else comes from the same estate."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection

from huying.cases.tests.stories import AT
from huying.insight.models import HotMark, HotSpot
from huying.ledger.handlers import TASK, react
from huying.testing.cast import appeal_of

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from huying.journeys.appeal import Taken

DAY = timedelta(days=1)
PIT = (
    "听澜花园2栋楼下化粪池满了，臭味飘到家里，晚上不敢开窗",
    "化粪池好久没有清掏，听澜花园2栋这边臭味很大，没法开窗",
    "听澜花园2栋的化粪池又满出来了，臭味熏得人头晕，求清掏",
    "楼下化粪池臭味太大了，听澜花园2栋的住户都不敢开窗",
    "听澜花园2栋化粪池外溢，满地脏水，臭味很大，请尽快清掏",
    "反映听澜花园2栋旁边化粪池臭味，老人小孩都受不了，几天没清掏",
)
OTHER = (
    "听澜花园门口的路灯坏了两盏，晚上黑漆漆的，走路害怕",
    "听澜花园电动车在楼道里充电，有火灾隐患，请物业管一管",
    "听澜花园旁边工地半夜还在打桩，吵得睡不着觉",
)


def told(text: str, *, who: int = 0, at: datetime = AT, **more: Any) -> Taken:  # noqa: ANN401 - a draft's
    """File an appeal of one of many neighbours and let follow what follows."""
    taken = appeal_of(text, at=at, phone=f"1380000{1000 + who}", **more)
    follow()
    return taken


def follow() -> None:
    """Run what waits of the facts, as a worker would."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE task_name = %s "
            "RETURNING args->>'handler', array(SELECT jsonb_array_elements_text(args->'facts'))",
            [TASK],
        )
        jobs = cursor.fetchall()
    for handler, facts in jobs:
        react(handler, facts)


def pit(number: int = 4, *, at: datetime = AT, first: int = 0, **more: Any) -> list[UUID]:  # noqa: ANN401
    """Let so many neighbours tell of the pit, an hour apart; return their appeals."""
    return [
        told(PIT[place % len(PIT)], who=place, at=at + timedelta(hours=place), **more).appeal_id
        for place in range(first, first + number)
    ]


def the_spot() -> HotSpot:
    """Return the one matter there is."""
    return HotSpot.objects.exclude(state="merged").get()


def members(spot: HotSpot) -> set[UUID]:
    """Return the appeals of a matter."""
    return set(HotMark.objects.filter(spot=spot).values_list("pk", flat=True))
