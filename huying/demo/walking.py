"""Walks of the demo: this month's and last month's theme, a few walks with findings, a drive and an index."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from huying.catalogue.core.calendar import local_day
from huying.journeys.walk_finding import WalkFinding, record_finding
from huying.walks.actions import StopDraft, WalkDraft, plan_month, plan_walk
from huying.walks.driving import ClearedDraft, DriveDraft, enter_cleared, set_drive
from huying.walks.going import end_walk
from huying.walks.indices import Told, take_in
from huying.walks.starting import set_starter_themes

if TYPE_CHECKING:
    from datetime import datetime

    from huying.demo.staff import Roster
    from huying.ledger.actor import Actor
    from huying.walks.models import Theme, Walk

STREET, OFFICE = "440399007", "yingxi-office"
COMMUNITIES = (("440399007007", "community-007"), ("440399007008", "community-008"))
# What each walk found: (days before the end, community, theme, words; empty for none).
WALKS = (
    (9, 0, 0, ("人行道地砖松动，下雨天溅水", "公交站旁垃圾桶满溢")),
    (12, 1, 1, ("楼道口停满电动自行车，堵住疏散门",)),
    (6, 0, 0, ()),
    (3, 1, 0, ("路口共享单车堆到盲道上", "绿化带里有建筑垃圾")),
)
DRIVE_DAYS = 30
CLEARED = (("共享单车", "460", "辆"), ("卫生死角", "17", "处"), ("建筑垃圾", "38.5", "吨"))
MONTHS_OF_INDEX = 8


def walk_around(roster: Roster, end: datetime, *, seed: int) -> None:
    """Let the street walk, run a drive and take an index in, in the last weeks before the end."""
    rng = random.Random(f"walks:{seed}")
    begin = end - timedelta(days=40)
    leader = roster.in_unit(OFFICE, "leader", at=begin, rng=rng)
    themes = set_starter_themes(STREET, by=leader, at=begin)
    today = local_day(end)
    for month, key_task in ((_before(today, 1), "背街小巷整治"), (_before(today, 0), "共享单车停放秩序")):
        plan_month(STREET, month, theme=themes[0].pk, key_task=key_task, by=leader, at=begin)
    for days, community, theme, words in WALKS:
        at = end - timedelta(days=days)
        _walk(roster, rng, _plan(roster, rng, at, COMMUNITIES[community], themes[theme]), words)
    _plan(roster, rng, end, COMMUNITIES[0], themes[0])
    _drive(leader, rng, end)
    _index(leader, end)


def _before(day: date, months: int) -> date:
    """Return the first day of the month so many months before a day."""
    at = day.year * 12 + day.month - 1 - months
    return date(at // 12, at % 12 + 1, 1)


def _key(rng: random.Random) -> UUID:
    return UUID(int=rng.getrandbits(128), version=4)


def _plan(roster: Roster, rng: random.Random, at: datetime, where: tuple[str, str], theme: Theme) -> Walk:
    area, unit = where
    draft = WalkDraft(
        area=area, on=local_day(at), theme=theme.pk, walkers=((unit, "community_head"), (OFFICE, "leader")),
        stops=(StopDraft("社区主干道"), StopDraft("老旧小区集中片")), meeting="9:00 社区门口",
        guests="居民代表2人",
    )  # fmt: skip
    by = roster.in_unit(unit, "community_head", at=at, rng=rng)
    return plan_walk(draft, key=_key(rng), by=by, at=at)


def _walk(roster: Roster, rng: random.Random, walk: Walk, words: tuple[str, ...]) -> None:
    """Find what there is on a walk, and end it."""
    at = walk.planned_at
    by = roster.in_unit(walk.walkers.order_by("pk")[0].unit.code, "community_head", at=at, rng=rng)
    stops, lines = list(walk.stops.all()), list(walk.checklist.lines.all())
    for place, text in enumerate(words):
        found = WalkFinding(
            key=_key(rng), walk=walk.pk, stop=stops[place % 2].pk, line=lines[place].pk, text=text
        )
        record_finding(found, by=by, at=at + timedelta(minutes=10 * place))
    end_walk(
        walk.pk, summary="沿线巡看完毕。", seen=[stop.pk for stop in stops], fine=[lines[-1].pk], by=by,
        at=at + timedelta(hours=1),
    )  # fmt: skip


def _drive(by: Actor, rng: random.Random, end: datetime) -> None:
    today = local_day(end)
    draft = DriveDraft(
        "市容环境百日攻坚", STREET, today - timedelta(days=DRIVE_DAYS), today + timedelta(days=69), ("01",),
        aim="背街小巷、卫生死角、共享单车乱停放集中整治。",
    )  # fmt: skip
    drive = set_drive(draft, key=_key(rng), by=by, at=end - timedelta(days=DRIVE_DAYS))
    for place, (what, quantity, measure) in enumerate(CLEARED):
        at = end - timedelta(days=20 - 6 * place)
        line = ClearedDraft(local_day(at), what, Decimal(quantity), measure)
        enter_cleared(drive.pk, line, key=_key(rng), by=by, at=at)


def _index(by: Actor, end: datetime) -> None:
    """Take in an invented index of the street, month by month."""
    today = local_day(end)
    told = [
        Told(
            2 + step, "环卫指数（示例）", STREET, _before(today, MONTHS_OF_INDEX - step).isoformat(),
            str(value), "分", "示例数据",
        )
        for step, value in enumerate((81.5, 82, 80.9, 83.4, 84.1, 85.6, 86.2, 87))
    ]  # fmt: skip
    take_in(told, owner=STREET, file_name="示例.csv", sha256="0" * 64, by=by, at=end)
