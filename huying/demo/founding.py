"""Founds the demo town before its first appeal: map, catalogue, channels, units, people and a few rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from huying.admission.actions import set_starter_gates
from huying.catalogue.actions import load_starter
from huying.demo.staff import DISCIPLINE, hire
from huying.dispatch.actions import set_duty_rule
from huying.intake.models import Adapter, Channel
from huying.journeys.founding import found_channels
from huying.ledger.actor import SYSTEM
from huying.people.actions import UnitDraft, make_api_key, set_starter_roles, set_up_units
from huying.people.models import Account, AccountKind
from huying.people.phones import fold_phone
from huying.places.actions import AreaDraft, Former, PlaceDraft, draw_areas, name_places, set_levels
from huying.places.models import Area
from huying.supervision.meetings import set_starter_bodies

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from huying.demo.town import Town
    from huying.demo.town.rows import Resident
    from huying.people.models import Unit

# The town stands this long before its first appeal: nothing in it is younger than what it is used for.
OLDER_BY = timedelta(days=400)
API_CHANNEL = "api"
# Channels of the demo beyond the starter's: data over adapters that are there already.
MORE_CHANNELS = (("wechat", Adapter.WEB, "微信小程序", "WeChat mini program"),)


@dataclass(frozen=True)
class Founded:
    """A founded town: what its people sign in with, and the key its machine files with (told once)."""

    password: str
    api_key: str


@dataclass(frozen=True)
class Rule:
    """A duty rule to begin with: item prefix, area code, lead and assisting units by code, and why."""

    items: str
    area: str | None
    lead: str
    assists: tuple[str, ...]
    note: str


# Examples of what duty rules are for; everything else goes by duty roles.
RULES = (
    Rule(
        "010301", "440399007007", "yingxi-urban", ("community-007", "yingxi-market"), "竹垅市场周边联合整治"
    ),
    Rule(
        "100101",
        "440399007008",
        "tinglan-site-safety",
        ("yingxi-urban", "community-008"),
        "澄岸二期夜间施工专班",
    ),
    Rule(
        "050301",
        "440399007009",
        "tinglan-housing",
        ("yingxi-property", "community-009"),
        "望禾安居苑渗漏专班",
    ),
)


def found_town(town: Town, *, district: str, password: str, at: datetime) -> Founded:
    """Write the town; call inside a transaction, in an empty database. `at` is when the demo's days begin."""
    at -= OLDER_BY
    set_levels()
    set_starter_roles()
    _draw(town, at=at)
    load_starter(district=district, by=SYSTEM, at=at)
    found_channels()
    set_starter_gates()
    set_starter_bodies()
    for key, adapter, name, name_en in MORE_CHANNELS:
        Channel.objects.create(key=key, adapter=adapter, name=name, name_en=name_en)
    units = set_up_units(
        [
            UnitDraft(row.code, row.name, row.name_en, row.short_names, row.parent, row.roles, row.area)
            for row in town.organisation.units
        ]
        + [UnitDraft(DISCIPLINE, "区纪检监察组", "District Discipline Office", area=district)]
    )
    hire(town.organisation, units, password=password)
    _sign_up(town.known_resident)
    _rule(units, district=district, at=at)
    return Founded(password, make_api_key("示范：公园巡查系统", channel=API_CHANNEL))


def _draw(town: Town, *, at: datetime) -> None:
    areas = [
        AreaDraft(
            code=row["code"], level=row["level"], name=row["name"], parent=row["parent"],
            aliases=tuple(row["aliases"]), boundary=row["boundary"], lat=row["lat"], lon=row["lon"],
            old_names=tuple(Former(name, used_until=year) for name, year in row["old_names"]),
        )
        for row in town.areas
    ]  # fmt: skip
    draw_areas(areas, valid_from=at.date(), by=SYSTEM, at=at)
    name_places(
        [
            PlaceDraft(
                code=row["id"], kind=row["kind"], name=row["name"], area=row["area"],
                aliases=tuple(row["aliases"]), lat=row["lat"], lon=row["lon"],
                old_names=tuple(Former(name, used_until=year) for name, year in row["old_names"]),
            )
            for row in town.places
        ]
    )  # fmt: skip


def _sign_up(resident: Resident) -> None:
    """Give the resident of the sign-in page an account; a code is asked for as everywhere."""
    Account.objects.create_user(
        "demo-resident", name=resident.name, phone=fold_phone(resident.phone), kind=AccountKind.RESIDENT
    )


def _rule(units: Mapping[str, Unit], *, district: str, at: datetime) -> None:
    areas = {
        area.code: area for area in Area.objects.filter(code__in=[rule.area for rule in RULES if rule.area])
    }
    for rule in RULES:
        set_duty_rule(
            items=rule.items, area=areas[rule.area] if rule.area else None, lead=units[rule.lead],
            assists=[units[code] for code in rule.assists], note=rule.note,
            district=district, by=SYSTEM, at=at,
        )  # fmt: skip
