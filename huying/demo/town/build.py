"""Puts the demo town together: one call, plain data, the same bytes for the same arguments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from huying.demo.town import appeals, geography, names, organisation
from huying.demo.town.cast import KNOWN
from huying.demo.town.geography import AreaRow, PlaceRow, RoadLine
from huying.demo.town.items import ItemRow, starter_items
from huying.demo.town.organisation import Organisation
from huying.demo.town.rows import AppealRow, Resident
from huying.demo.town.voices import APPEALS

SEED = 20260101


@dataclass(frozen=True, slots=True)
class Town:
    """The whole town: its names, its map, its organisation and its appeals in order of time.

    `known_resident` is the one the sign-in page of the demo names.
    """

    city: str
    district: str
    street: str
    areas: list[AreaRow]
    places: list[PlaceRow]
    roads: list[RoadLine]
    organisation: Organisation
    appeals: list[AppealRow]
    known_resident: Resident


def build_town(
    seed: int = SEED, *, until: date, items: Sequence[ItemRow] | None = None, count: int = APPEALS
) -> Town:
    """Return the demo town as it stands at `until`.

    `until` is a day (the demo ends at the midnight in which it begins, Asia/Shanghai) or an aware
    datetime. `items` are the leaves of the catalogue the appeals are to be judged by; the starter
    catalogue if left out. `count` is how many appeals.
    The map and the people do not depend on the seed, the appeals do.
    """
    rows = tuple(items) if items is not None else starter_items()
    staff = organisation.organisation(rows, until)
    return Town(
        city=names.CITY,
        district=names.DISTRICT,
        street=names.STREET,
        areas=geography.areas(),
        places=geography.places(),
        roads=geography.road_lines(),
        organisation=staff,
        appeals=appeals.appeals(rows, staff, seed, until, count),
        known_resident=KNOWN,
    )
