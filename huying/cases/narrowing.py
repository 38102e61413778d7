"""What a list is narrowed to, as conditions of the lists' statement and as a filter of the search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from huying.people.queries import unit_book
from huying.places.queries import town_map

if TYPE_CHECKING:
    from collections.abc import Iterator

    from huying.ledger.actor import Actor

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Whoever reads the list; nobody yet.
ME, NOBODY = "me", "nobody"
HANDLERS = (ME, NOBODY)


@dataclass(frozen=True)
class Narrow:
    """What a list is narrowed to; empty means everything. `item` is the beginning of an item code.

    `unit` and `area` are codes; an area takes in everything below it. `handler` is `ME` or `NOBODY`. Days are
    Shanghai's, both included. `many` means more than one appeal.
    """

    item: str = ""
    grade: str = ""
    unit: str = ""
    area: str = ""
    handler: str = ""
    opened_from: date | None = None
    opened_to: date | None = None
    supervised: bool = False
    rework: bool = False
    many: bool = False

    def __bool__(self) -> bool:
        return self != ALL

    @property
    def opened_since(self) -> datetime | None:
        """Return the first moment of the days asked for."""
        return _midnight(self.opened_from) if self.opened_from else None

    @property
    def opened_before(self) -> datetime | None:
        """Return the first moment after the days asked for."""
        return _midnight(self.opened_to + timedelta(days=1)) if self.opened_to else None


ALL = Narrow()


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def conditions(narrow: Narrow, parameters: dict[str, Any], *, by: Actor) -> Iterator[str]:
    """Yield the conditions on `cases_case c`, and put what they need into `parameters`."""
    if narrow.item:
        parameters["item"] = f"{narrow.item}%"
        yield "AND c.item_code LIKE %(item)s"
    if narrow.grade:
        parameters["grade"] = narrow.grade
        yield "AND c.grade = %(grade)s"
    if narrow.unit:
        card = unit_book().by_code.get(narrow.unit)
        parameters["unit"] = card.id if card else None
        yield "AND c.unit_id = %(unit)s"
    if narrow.area:
        area = town_map().by_code(narrow.area)
        parameters |= {"area": area.path if area else "", "area_below": f"{area.path}/%" if area else ""}
        yield "AND (c.area_path = %(area)s OR c.area_path LIKE %(area_below)s)"
    if narrow.handler == ME:
        parameters["handler"] = by.id
        yield "AND c.handler_id = %(handler)s"
    if narrow.handler == NOBODY:
        yield "AND c.handler_id IS NULL"
    if narrow.opened_since:
        parameters["opened_since"] = narrow.opened_since
        yield "AND c.opened_at >= %(opened_since)s"
    if narrow.opened_before:
        parameters["opened_before"] = narrow.opened_before
        yield "AND c.opened_at < %(opened_before)s"
    yield from _marks(narrow)


def _marks(narrow: Narrow) -> Iterator[str]:
    if narrow.supervised:
        yield "AND c.supervised"
    if narrow.rework:
        yield "AND c.round > 0"
    if narrow.many:
        yield "AND c.appeal_count > 1"


def fitting(narrow: Narrow, *, by: Actor) -> Q:
    """Return the same as a filter over cases."""
    fits = Q()
    if narrow.item:
        fits &= Q(item_code__startswith=narrow.item)
    if narrow.grade:
        fits &= Q(grade=narrow.grade)
    if narrow.unit:
        card = unit_book().by_code.get(narrow.unit)
        fits &= Q(unit_id=card.id) if card else Q(pk__in=[])
    if narrow.area:
        area = town_map().by_code(narrow.area)
        fits &= Q(area_path=area.path) | Q(area_path__startswith=f"{area.path}/") if area else Q(pk__in=[])
    if narrow.handler:
        fits &= Q(handler_id=by.id) if narrow.handler == ME else Q(handler=None)
    if narrow.opened_since:
        fits &= Q(opened_at__gte=narrow.opened_since)
    if narrow.opened_before:
        fits &= Q(opened_at__lt=narrow.opened_before)
    marks = {"supervised": narrow.supervised, "round__gt": narrow.rework, "appeal_count__gt": narrow.many}
    values = {"supervised": True, "round__gt": 0, "appeal_count__gt": 1}
    return fits & Q(**{name: values[name] for name, wanted in marks.items() if wanted})
