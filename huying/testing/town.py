"""A small invented town: one street, two communities, four grids, and the units and people tests tell of."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from huying.catalogue.actions import load_starter
from huying.catalogue.models import DutyRole
from huying.journeys.founding import found_channels
from huying.ledger.actor import SYSTEM
from huying.people.actions import UnitDraft, give_post, make_staff, set_starter_roles, set_up_units
from huying.places.actions import AreaDraft, PlaceDraft, draw_areas, name_places, set_levels
from huying.supervision.meetings import set_starter_bodies

if TYPE_CHECKING:
    from huying.people.models import Unit

DISTRICT, STREET = "440399", "440399001"
EAST, WEST = "440399001001", "440399001002"
PASSWORD = "a long enough password"  # noqa: S105 - of an invented cast, in tests only
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - likewise
FOUNDED_ON = date(2025, 1, 1)
FOUNDED_AT = datetime(2025, 1, 1, 1, tzinfo=UTC)
# South-west corner of the town, and the side of a grid's square in degrees (about 500 m).
LAT, LON, SIDE = 22.70, 114.00, 0.005


def square(north: int, east: int, high: int = 1, wide: int = 1) -> dict[str, Any]:
    """Return a GeoJSON square, counted in grids from the town's corner."""
    south, west = LAT + north * SIDE, LON + east * SIDE
    top, right = south + high * SIDE, west + wide * SIDE
    ring = [[west, south], [right, south], [right, top], [west, top], [west, south]]
    return {"type": "Polygon", "coordinates": [[[round(x, 6), round(y, 6)] for x, y in ring]]}


def middle(north: int, east: int) -> tuple[float, float]:
    """Return (lat, lon) of the middle of a grid's square."""
    return round(LAT + (north + 0.5) * SIDE, 6), round(LON + (east + 0.5) * SIDE, 6)


def found_town() -> None:
    """Write the small town: areas, places, catalogue, units, roles, people and channels."""
    set_levels()
    set_starter_roles()
    draw_areas(_areas(), valid_from=FOUNDED_ON, by=SYSTEM, at=FOUNDED_AT)
    name_places(_places())
    load_starter(district=DISTRICT, by=SYSTEM, at=FOUNDED_AT)
    found_channels()
    set_starter_bodies()
    units = set_up_units(_units())
    _people(units)


def _areas() -> list[AreaDraft]:
    areas = [
        AreaDraft(DISTRICT, "district", "澜湾区", boundary=square(0, 0, 2, 2)),
        AreaDraft(STREET, "street", "映溪街道", DISTRICT, boundary=square(0, 0, 2, 2)),
    ]
    for east, (code, name) in enumerate(((EAST, "竹影社区"), (WEST, "荷塘社区"))):
        block = f"{code}B01"
        areas.append(AreaDraft(code, "community", name, STREET, boundary=square(0, east, 2, 1)))
        areas.append(AreaDraft(block, "block", f"{name[:2]}街区", code, boundary=square(0, east, 2, 1)))
        for north in range(2):
            grid = f"{code}{north + 1:03d}"
            areas.append(
                AreaDraft(grid, "grid", f"{name[:2]}第{north + 1}网格", block, boundary=square(north, east))
            )
            areas.append(
                AreaDraft(
                    f"{grid}01", "cell", f"{name[:2]}{north + 1}-1格", grid, boundary=square(north, east)
                )
            )
    return areas


def _places() -> list[PlaceDraft]:
    named = (
        ("E1", "听澜花园", 0, 0),
        ("E2", "竹溪苑", 1, 0),
        ("E3", "荷风雅居", 0, 1),
        ("E4", "塘边村", 1, 1),
    )
    drafts = []
    for code, name, north, east in named:
        lat, lon = middle(north, east)
        cell = f"{(EAST, WEST)[east]}{north + 1:03d}01"
        drafts.append(PlaceDraft(code, "estate", name, cell, lat=lat, lon=lon))
    return drafts


def _units() -> list[UnitDraft]:
    taken = {"community", "comprehensive-dispatch", "urban-management", "sanitation"}
    others = tuple(DutyRole.objects.exclude(key__in=taken).values_list("key", flat=True))
    return [
        UnitDraft("street", "映溪街道办事处", area=STREET, roles=others),
        UnitDraft("dispatch", "分拨中心", parent="street", area=DISTRICT, roles=("comprehensive-dispatch",)),
        UnitDraft("cleaning", "环卫所", parent="street", area=STREET, roles=("sanitation",)),
        UnitDraft("city", "城管执法队", parent="street", area=STREET, roles=("urban-management",)),
        UnitDraft("discipline", "区纪检监察组", area=DISTRICT),
        UnitDraft("east", "竹影社区工作站", parent="street", area=EAST, roles=("community",)),
        UnitDraft("west", "荷塘社区工作站", parent="street", area=WEST, roles=("community",)),
    ]


# The cast: user name, name, unit, role. Lin cleans, Hao reviews her work, Mei dispatches, Wu works next door.
CAST = (
    ("lin", "林清", "cleaning", "handler"),
    ("hao", "郝正", "cleaning", "reviewer"),
    ("mei", "梅分", "dispatch", "dispatcher"),
    ("shou", "寿理", "dispatch", "receiver"),
    ("dian", "田话", "dispatch", "phone_desk"),
    ("wu", "吴邻", "city", "handler"),
    ("dong", "董东", "east", "community_head"),
    ("ge", "葛格", "east", "grid_worker"),
    ("du", "杜督", "dispatch", "supervisor"),
    ("ling", "凌导", "street", "leader"),
    ("guan", "管理", "street", "admin"),
    ("an", "安全", "street", "admin_security"),
    ("shen", "沈计", "street", "admin_audit"),
    ("ji", "纪检", "discipline", "discipline"),
    ("lian", "廉正", "discipline", "discipline_lead"),
)


def _people(units: dict[str, Unit]) -> None:
    for username, name, unit, role in CAST:
        account = make_staff(username, name=name, password=PASSWORD)
        if role.startswith("admin"):
            account.totp_secret = TOTP_SECRET  # administrators sign in with a second step
            account.save(update_fields=["totp_secret"])
        give_post(account, unit=units[unit], role=role, valid_from=FOUNDED_ON)
