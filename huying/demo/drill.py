"""A drill of the demo town: a storm is led from one place, as an example residents see nothing of."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from huying.board.incidents import IncidentDraft, end_task, form_group, open_incident, set_task
from huying.board.reporting import report_day
from huying.board.speaking import decide_statement, draft_statement
from huying.people.models import Account
from huying.people.queries import actor_of, unit_book
from huying.places.queries import town_map

if TYPE_CHECKING:
    from datetime import datetime

    from huying.ledger.actor import Actor
    from huying.people.queries import UnitCard

BEGAN = timedelta(hours=5)
HOUR = timedelta(hours=1)
CLEARING, VISITING = "清障抢险组", "走访转移组"


def drill(end: datetime) -> None:
    """Open the drill some hours ago: two groups, tasks done and to do, a statement approved, a report."""
    at = end - BEGAN
    leader, supervisor, handler, head = (
        _known(role, at) for role in ("leader", "supervisor", "handler", "community-head")
    )
    tops = [grant.area_path for grant in leader.grants if grant.area_path]
    area = town_map().by_code(tops[0].rpartition("/")[2]) if tops else None
    if area is None:
        return
    speaks, clears, visits = (_unit_of(one) for one in (supervisor, handler, head))
    told = IncidentDraft("防台风应急演练", "storm", area, at - HOUR / 2, speaks, is_drill=True)
    incident = open_incident(told, by=leader, at=at)
    clearing, visiting = (
        form_group(incident.pk, name, lead=unit, members=[], by=leader, at=at, lead_post="值班负责人")
        for name, unit in ((CLEARING, clears), (VISITING, visits))
    )
    trees, pumps, _left_for_the_visitor = (
        set_task(incident.pk, group.pk, words, due_at=at + hours * HOUR, by=leader, at=at)
        for group, words, hours in (
            (clearing, "巡查行道树和围挡，险情就地处置", 2), (clearing, "低洼路段布设排水泵和警示牌", 4),
            (visiting, "逐户提醒低层住户转移贵重物品", 8),
        )
    )  # fmt: skip
    proof = "行道树修剪加固12处，围挡拆除2处，照片存档"
    end_task(incident.pk, trees.pk, proof=proof, by=handler, at=at + HOUR)
    proof = "布设水泵4台、警示牌9块，已试机"
    end_task(incident.pk, pumps.pk, proof=proof, by=handler, at=at + 3 * HOUR)
    text = "【演练】台风临近，请减少外出，低洼路段注意绕行。"
    draft_statement(incident.pk, text, by=supervisor, at=at + HOUR / 2)
    decide_statement(incident.pk, 1, approved=True, by=leader, at=at + HOUR)
    report_day(incident.pk, by=leader, at=at + 4 * HOUR)


def _known(role: str, at: datetime) -> Actor:
    return actor_of(Account.objects.get(username=f"demo-{role}"), at=at)


def _unit_of(by: Actor) -> UnitCard:
    return unit_book().by_id[by.unit_ids[0]]
