"""Walks brought to where a test begins: Dong plans them for the community, Ge and Wu take part."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from huying.cases.tests.stories import AT
from huying.catalogue.core.calendar import local_day
from huying.journeys.walk_finding import Noted, WalkFinding, record_finding
from huying.testing.cast import staff
from huying.testing.town import EAST
from huying.walks.actions import LineDraft, StopDraft, WalkDraft, plan_walk, set_checklist, set_theme
from huying.walks.models import Theme, Walk

if TYPE_CHECKING:
    from datetime import datetime

LINES = (
    LineDraft("垃圾桶满溢、垃圾堆积", "看桶边", "010101"),
    LineDraft("井盖异常", "踩一踩"),
)


def theme(name: str = "市容环境", *, at: datetime = AT) -> Theme:
    """Return a theme of the eastern community with two lines to look at."""
    made = set_theme(name, area=EAST, by=staff("dong", at=at), at=at)
    set_checklist(made.pk, LINES, seen=0, by=staff("dong", at=at), at=at)
    return made


def drafted(of: Theme, *, at: datetime = AT, **more: Any) -> WalkDraft:  # noqa: ANN401 - as WalkDraft
    """Return the draft of a walk of today by the community's grid workers, to two estates."""
    told: dict[str, Any] = {
        "area": EAST, "on": local_day(at), "theme": of.pk, "walkers": (("east", "grid_worker"),),
        "stops": (StopDraft("", place_code="E1"), StopDraft("菜市场后巷")), "guests": "居民代表2人",
    }  # fmt: skip
    return WalkDraft(**(told | more))


def planned(*, at: datetime = AT, by: str = "dong", key: UUID | None = None, **more: Any) -> Walk:  # noqa: ANN401
    """Return a walk planned for today."""
    of = more.pop("of", None) or Theme.objects.first() or theme(at=at)
    draft = drafted(of, at=at, **more)
    return plan_walk(draft, key=key or uuid4(), by=staff(by, at=at), at=at)


def found(walk: Walk, *, by: str = "ge", at: datetime = AT, **more: Any) -> Noted:  # noqa: ANN401 - as WalkFinding
    """Let somebody report a full bin at the first place of a walk."""
    told: dict[str, Any] = {
        "key": uuid4(), "walk": walk.pk, "stop": walk.stops.all()[0].pk,
        "line": walk.checklist.lines.all()[0].pk,
    }  # fmt: skip
    return record_finding(WalkFinding(**(told | more)), by=staff(by, at=at), at=at)


DAY = timedelta(days=1)
