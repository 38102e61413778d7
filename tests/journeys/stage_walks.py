"""What must be in the small town before the pages of walks, drives and indices show all they can show."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from django.utils import timezone

from huying.testing.cast import staff
from huying.testing.town import EAST
from huying.walks.actions import plan_month
from huying.walks.driving import ClearedDraft, DriveDraft, enter_cleared, set_drive
from huying.walks.going import end_walk
from huying.walks.indices import Told, take_in
from huying.walks.tests.stories import found, planned, theme


def walks() -> list[str]:
    """Let Dong's community walk, run a drive and take an index in; return the pages that show most."""
    at, dong, today = timezone.now(), staff("dong"), timezone.localdate()
    of = theme(at=at)
    plan_month(EAST, today.replace(day=1), theme=of.pk, key_task="背街小巷整治", by=dong, at=at)
    walked, to_come = planned(at=at, of=of), planned(at=at, of=of, on=today + timedelta(days=1))
    (
        found(walked, at=at, text="菜市场后巷的垃圾桶满溢"),
        found(walked, at=at, stop=None, text="井盖松动，踩上去会响"),
    )
    end_walk(
        walked.pk, summary="后巷两处问题", seen=[walked.stops.all()[0].pk],
        fine=[walked.checklist.lines.all()[1].pk], by=dong, at=at,
    )  # fmt: skip
    planned(at=at, of=of, stops=())  # one of today, for the phone
    here = f"/desk/walks/{walked.pk}/"
    return [here, f"{here}topic/", f"/desk/walks/{to_come.pk}/change/", _drive(), _index()]


def _drive() -> str:
    at, dong, today = timezone.now(), staff("dong"), timezone.localdate()
    draft = DriveDraft(
        "背街小巷攻坚", EAST, today - timedelta(days=9), today + timedelta(days=9), ("0101",), "east",
        "卫生死角集中整治。",
    )  # fmt: skip
    drive = set_drive(draft, key=uuid4(), by=dong, at=at)
    line = ClearedDraft(today, "清运垃圾", Decimal("12.5"), "吨", Decimal(3600), "菜市场后巷")
    enter_cleared(drive.pk, line, key=uuid4(), by=dong, at=at)
    return f"/desk/drives/{drive.pk}/"


def _index() -> str:
    at, today = timezone.now(), timezone.localdate()
    told = [
        Told(
            2 + month,
            "环卫指数",
            EAST,
            (today - timedelta(days=31 * month)).isoformat(),
            value,
            "分",
            "第三方测评",
        )
        for month, value in enumerate(("87", "85.6", "84.1", "83.4"))
    ]
    take_in(told, owner=EAST, file_name="环卫指数.csv", sha256="0" * 64, by=staff("dong"), at=at)
    return "/desk/indices/"
