"""What tests of admission share: a bureau of the district that applies, and the areas that rule."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from huying.admission.actions import Plea, apply_for_admission, earliest_start, rule_on
from huying.admission.models import Application, GatedItem, Ruling
from huying.admission.queries import ADMISSION
from huying.cases.tests.stories import AT
from huying.catalogue.core.calendar import local_day
from huying.ledger.snapshots import announce
from huying.people.actions import UnitDraft, give_post, make_staff, set_up_units
from huying.people.models import Unit
from huying.people.queries import unit_book
from huying.testing.cast import staff
from huying.testing.town import DISTRICT, EAST, FOUNDED_ON, PASSWORD

if TYPE_CHECKING:
    from datetime import datetime

    from huying.people.queries import UnitCard

TERM = 365
LABOUR = "1601"


def found_bureau() -> None:
    """Found the labour bureau of the district, its head Bo, and Qu, who guards the district; once."""
    if Unit.objects.filter(code="bureau").exists():
        return
    units = set_up_units([UnitDraft("bureau", "人力资源局", area=DISTRICT, roles=("labour-inspection",))])
    for username, name, unit, role in (
        ("bo", "薄局", units["bureau"], "unit_lead"),
        ("qu", "区准", Unit.objects.get(code="dispatch"), "gatekeeper"),
    ):
        give_post(
            make_staff(username, name=name, password=PASSWORD), unit=unit, role=role, valid_from=FOUNDED_ON
        )


def unit(code: str = "bureau") -> UnitCard:
    """Return a unit of the town."""
    return unit_book().by_code[code]


def close(items: str = LABOUR, level: str = "community") -> None:
    """Gate some items from a level downward."""
    GatedItem.objects.create(items=items, level_id=level, basis="《保障农民工工资支付条例》第七条")
    announce(ADMISSION)


def plea(at: datetime = AT, **more: Any) -> Plea:  # noqa: ANN401 - whatever else a plea says
    """Return what the bureau says when it applies at a moment."""
    starts_on = earliest_start(at)
    told: dict[str, Any] = {
        "name": "欠薪线索摸排", "items": LABOUR, "level": "community", "areas": (EAST,),
        "description": "每月一次走访工地登记欠薪线索", "basis": "《保障农民工工资支付条例》",
        "money": "每社区每年两万元",
        "people": "派驻协理员一名", "contact": "薄局 0755-00000000", "starts_on": starts_on,
        "ends_on": starts_on + timedelta(days=TERM), "review_on": starts_on + timedelta(days=TERM // 2),
    } | more  # fmt: skip
    return Plea(**told)


def applied(at: datetime = AT, **more: Any) -> Application:  # noqa: ANN401 - likewise
    """Return an application of the bureau."""
    return apply_for_admission(plea(at, **more), unit=unit(), district=DISTRICT, by=staff("bo"), at=at)


def admit(
    application: Application,
    who: str = "dong",
    area: str = EAST,
    *,
    at: datetime = AT,
    **term: Any,  # noqa: ANN401 - a ruling's
) -> Ruling:
    """Let somebody admit for an area."""
    return rule_on(application.pk, area, verdict="admitted", by=staff(who), at=at, **term)


def refuse(
    application: Application,
    who: str = "dong",
    area: str = EAST,
    *,
    at: datetime = AT,
    reason: str = "人手不足",
) -> Ruling:
    """Let somebody refuse for an area."""
    return rule_on(application.pk, area, verdict="refused", reason=reason, by=staff(who), at=at)


def day_of(application: Application, days: int = 1) -> date:
    """Return a day of the term, counted from its first."""
    return application.starts_on + timedelta(days=days - 1)


def noon_of(day: date) -> datetime:
    """Return a moment in the middle of a day."""
    return AT + timedelta(days=(day - local_day(AT)).days)
