"""What departments ask of the street: one admission that ran out, one in force, a refusal, and what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings

from huying.admission.actions import Plea, apply_for_admission, earliest_start, rule_on
from huying.admission.models import Verdict
from huying.admission.terms import mind_terms
from huying.demo.town.timing import SHANGHAI, after_office
from huying.people.queries import unit_book

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterable, Iterator
    from typing import TypeAlias
    from uuid import UUID

    from huying.demo.staff import Roster

STREET = "440399007"
STREET_OFFICE = "yingxi-office"
# The night job looks at terms; so does the demo, early in the morning.
MINDED_AT = time(5, 30)
RULED_AFTER_MINUTES = 3 * 8 * 60
# A moment, and what somebody does then; what follows from it is planned in turn.
Planned: TypeAlias = "tuple[datetime, Callable[[datetime], Iterable[Planned] | None]]"


@dataclass(frozen=True)
class Said:
    """What an area says to an application, some working days after it was asked."""

    area: str
    unit: str
    role: str
    verdict: Verdict
    reason: str


@dataclass(frozen=True)
class Asked:
    """An application of the demo: days before the end of the telling, its term, and what was said to it."""

    unit: str
    name: str
    items: str
    areas: tuple[str, ...]
    level: str
    description: str
    basis: str
    money: str
    people: str
    days_before: int
    term_days: int
    said: tuple[Said, ...] = ()


ASKED = (
    Asked(
        unit="tinglan-tax", name="个体工商户定期定额核定资料代收", items="270103", areas=(STREET,),
        level="street", description="由街道便民服务窗口代收核定资料，每周移交一次，不作审核。",
        basis="《个体工商户税收定期定额征收管理办法》", money="区财政按件拨付，每件八元。",
        people="税务局派驻一人，每周二、周四在窗口值守。", days_before=150, term_days=45,
        said=(Said(STREET, STREET_OFFICE, "leader", Verdict.ADMITTED, "人员经费随事项下沉，同意试行一期。"),),
    ),
    Asked(
        unit="tinglan-services", name="个体工商户登记帮办代办", items="270101", areas=(STREET,),
        level="street", description="由街道市场监管所就近答复登记、变更、注销咨询，帮办网上填报。",
        basis="《中华人民共和国市场主体登记管理条例》", money="年度帮办经费六万元，由区级预算安排。",
        people="服务中心派驻两名帮办员，每季度培训一次。", days_before=110, term_days=365,
        said=(Said(STREET, STREET_OFFICE, "leader", Verdict.ADMITTED, "有人有钱，群众少跑路，同意。"),),
    ),
    Asked(
        unit="tinglan-labour", name="企业用工信息入户采集", items="270109",
        areas=("440399007007", "440399007008"), level="community",
        description="请社区每月上门采集辖区企业缺工岗位、人数和薪酬。", basis="区人力资源局年度工作要点",
        money="未安排专项经费。", people="由网格员兼任。", days_before=70, term_days=180,
        said=(
            Said(
                "440399007007", "community-007", "community_head", Verdict.REFUSED,
                "无法律法规依据，也未配人员和经费；属部门职责，应由部门自行采集。",
            ),
            Said(
                "440399007008", "community-008", "community_head", Verdict.REFUSED,
                "网格员任务已满，重复采集增加基层负担，不予准入。",
            ),
        ),
    ),
    Asked(
        unit="tinglan-services", name="惠企政策上门辅导", items="270102", areas=(STREET,), level="street",
        description="请街道网格员在走访时发放政策清单，收集申报意向，由服务中心逐户辅导。",
        basis="《优化营商环境条例》", money="宣传材料由服务中心印制，另拨工作经费两万元。",
        people="服务中心派四名辅导员分片联系。", days_before=4, term_days=180,
    ),
)  # fmt: skip


def plan_admissions(roster: Roster, *, end: datetime, rng: random.Random) -> Iterator[Planned]:
    """Yield what departments and areas do about admission, each with its moment, and the looks at terms."""
    for asked in ASKED:
        day = end - timedelta(days=asked.days_before)
        at = after_office(day, rng.uniform(20, 240)).replace(microsecond=0)
        yield at, partial(_apply, roster, asked, rng)
    first = (end - timedelta(days=max(asked.days_before for asked in ASKED))).astimezone(SHANGHAI).date()
    for days in range((end.astimezone(SHANGHAI).date() - first).days + 1):
        morning = datetime.combine(first + timedelta(days=days), MINDED_AT, SHANGHAI)
        yield morning, _mind


def _mind(at: datetime) -> None:
    mind_terms(at=at)


def _apply(roster: Roster, asked: Asked, rng: random.Random, at: datetime) -> Iterator[Planned]:
    """Send the application in; return when who rules on it."""
    starts_on = earliest_start(at)
    ends_on = starts_on + timedelta(days=asked.term_days)
    plea = Plea(
        name=asked.name, items=asked.items, level=asked.level, areas=asked.areas,
        description=asked.description, basis=asked.basis, money=asked.money, people=asked.people,
        contact="办公室 0755-0000", starts_on=starts_on, ends_on=ends_on,
        review_on=starts_on + timedelta(days=asked.term_days * 2 // 3),
    )  # fmt: skip
    by = roster.in_unit(asked.unit, "unit_lead", at=at, rng=rng)
    unit = unit_book().by_code[asked.unit]
    application = apply_for_admission(plea, unit=unit, district=settings.DISTRICT, by=by, at=at)
    ruled_at = after_office(at, rng.uniform(0.5, 1.5) * RULED_AFTER_MINUTES).replace(microsecond=0)
    return ((ruled_at, partial(_rule, roster, application.pk, said, rng)) for said in asked.said)


def _rule(roster: Roster, application_id: UUID, said: Said, rng: random.Random, at: datetime) -> None:
    by = roster.in_unit(said.unit, said.role, at=at, rng=rng)
    rule_on(application_id, said.area, verdict=said.verdict, reason=said.reason, by=by, at=at)
