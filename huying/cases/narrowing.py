"""What a list is narrowed to, as conditions of the lists' statement and as a filter of the search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from huying.cases.models import Application, AskState, Status
from huying.people.queries import unit_book
from huying.places.queries import town_map

if TYPE_CHECKING:
    from collections.abc import Iterator

    from huying.ledger.actor import Actor

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Whoever reads the list; nobody yet.
ME, NOBODY = "me", "nobody"
HANDLERS = (ME, NOBODY)
ANY = "any"


@dataclass(frozen=True)
class Narrow:
    """What a list is narrowed to; empty means everything. `item` is the beginning of an item code.

    `unit` and `area` are codes; an area takes in everything below it. `handler` is `ME` or `NOBODY`. Days are
    Shanghai's, both included. `many` means more than one appeal, `supervision` the colour, `noted` that a
    leader left an instruction. `asked` is a kind of application nobody ruled on, `ANY` for every kind.
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
    supervision: str = ""
    asked: str = ""
    urged: bool = False
    noted: bool = False
    major: bool = False
    concerns_many: bool = False
    confidential: bool = False
    suspended: bool = False

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
    yield from _marks(narrow, parameters)


# Marks a case carries: the condition in the lists' statement, and the same as a filter.
MARKS: dict[str, tuple[str, Q]] = {
    "supervised": ("c.supervised", Q(supervised=True)),
    "rework": ("c.round > 0", Q(round__gt=0)),
    "many": ("c.appeal_count > 1", Q(appeal_count__gt=1)),
    "urged": ("c.urged_count > 0", Q(urged_count__gt=0)),
    "noted": ("c.leader_noted", Q(leader_noted=True)),
    "major": ("c.major", Q(major=True)),
    "concerns_many": ("c.concerns_many", Q(concerns_many=True)),
    "confidential": ("c.confidential", Q(confidential=True)),
    "suspended": (f"c.status = '{Status.SUSPENDED}'", Q(status=Status.SUSPENDED)),
}
_ASKED = (
    "AND EXISTS (SELECT 1 FROM cases_application a WHERE a.case_id = c.id AND a.state = 'open' "
    "AND a.kind = %(asked)s)"
)


def _marks(narrow: Narrow, parameters: dict[str, Any]) -> Iterator[str]:
    for mark, (condition, _filter) in MARKS.items():
        if getattr(narrow, mark):
            yield f"AND {condition}"
    if narrow.supervision:
        parameters["supervision"] = narrow.supervision
        yield "AND c.supervision = %(supervision)s"
    if narrow.asked:
        yield "AND c.open_asks > 0"
    if narrow.asked not in ("", ANY):
        parameters["asked"] = narrow.asked
        yield _ASKED


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
    return fits & _marked(narrow)


def _marked(narrow: Narrow) -> Q:
    fits = Q()
    for mark, (_condition, marked) in MARKS.items():
        if getattr(narrow, mark):
            fits &= marked
    if narrow.supervision:
        fits &= Q(supervision=narrow.supervision)
    if narrow.asked:
        fits &= Q(open_asks__gt=0)
    if narrow.asked not in ("", ANY):
        asked = Application.objects.filter(kind=narrow.asked, state=AskState.OPEN)
        fits &= Q(pk__in=asked.values("case_id"))
    return fits
