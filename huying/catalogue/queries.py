"""Reading the catalogue: the published edition, the working calendar, the clocks and grades of the town."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from django.utils import timezone

from huying.catalogue.core.calendar import Calendar, Day, DayKind, Hours, Season, Span, local_day
from huying.catalogue.core.clock import Limit, Unit
from huying.catalogue.grades import USUAL_GRADES, GradeTable, row_of
from huying.catalogue.limits import Stage
from huying.catalogue.models import (
    CalendarDay,
    CatalogueVersion,
    ClockPolicy,
    DangerPhrase,
    DutyRole,
    GradeRule,
    Item,
    StatutoryRoute,
    VersionState,
    WorkingHours,
)
from huying.catalogue.policies import PERCENT, POLICIES, SHARES, with_derived
from huying.ledger.snapshots import Snapshot, edition_now

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime
    from uuid import UUID

    from django.db.models import QuerySet

CATALOGUE = "catalogue"
CALENDAR = "calendar"
CLOCKS = "clocks"
USUAL_SPANS = (Span.parse("09:00-12:00"), Span.parse("14:00-18:00"))


@dataclass(frozen=True)
class ItemCard:
    """An item of the published catalogue as every other room needs it.

    `limit` is its handling limit, `stages` several that run one after another instead. `limits` are clocks it
    sets for itself, by clock and grade ("" for every grade); `limits.limit_for` chooses.
    """

    id: UUID
    code: str
    parent_code: str
    level: int
    is_leaf: bool
    name: str
    name_en: str
    grade: str
    urgent: bool
    public: bool
    limit: Limit
    lead: str
    assists: tuple[str, ...]
    fallback: str
    keywords: tuple[str, ...]
    examples: tuple[str, ...]
    closing: str
    basis: str
    catalogue_number: int
    stages: tuple[Stage, ...] = ()
    limits: Mapping[tuple[str, str], Limit] = field(default_factory=dict)


class CatalogueBook:
    """The published catalogue in memory."""

    def __init__(self, version: CatalogueVersion | None, items: Iterable[ItemCard]) -> None:
        self.version_id = version.pk if version else None
        self.number = version.number if version else None
        self.name = version.name if version else ""
        self.by_code = {item.code: item for item in items}
        self.by_id = {item.id: item for item in self.by_code.values()}

    @property
    def leaves(self) -> list[ItemCard]:
        """Return the items an appeal can be given to, by code."""
        return [item for _, item in sorted(self.by_code.items()) if item.is_leaf]

    def line(self, code: str) -> tuple[ItemCard, ...]:
        """Return the item and what it lies under, widest first."""
        found: list[ItemCard] = []
        item = self.by_code.get(code)
        while item is not None and item not in found:
            found.append(item)
            item = self.by_code.get(item.parent_code)
        return tuple(reversed(found))

    def group_of(self, code: str) -> str:
        """Return the code of the second level an item lies under (its own when it is wider)."""
        line = self.line(code)
        return line[min(1, len(line) - 1)].code if line else code


def _card(item: Item) -> ItemCard:
    return ItemCard(
        id=item.pk,
        code=item.code,
        parent_code=item.parent_code,
        level=item.level,
        is_leaf=item.is_leaf,
        name=item.name,
        name_en=item.name_en,
        grade=item.grade,
        urgent=item.urgent,
        public=item.public,
        limit=Limit(item.handle_amount, Unit(item.handle_unit)),
        lead=item.lead,
        assists=tuple(item.assists),
        fallback=item.fallback,
        keywords=tuple(item.keywords),
        examples=tuple(item.examples),
        closing=item.closing,
        basis=item.basis,
        catalogue_number=item.version.number,
        stages=tuple(
            Stage(stage.name, stage.name_en, Limit(stage.amount, Unit(stage.unit)))
            for stage in item.stages.all()
        ),
        limits={(own.clock, own.grade): Limit(own.amount, Unit(own.unit)) for own in item.limits.all()},
    )


def _items() -> QuerySet[Item]:
    return Item.objects.select_related("version").prefetch_related("stages", "limits")


def _build_catalogue() -> CatalogueBook:
    version = CatalogueVersion.objects.filter(state=VersionState.PUBLISHED).first()
    items = _items().filter(version=version).order_by("code") if version else ()
    return CatalogueBook(version, [_card(item) for item in items])


_CATALOGUE = Snapshot(_build_catalogue, CATALOGUE)


def published() -> CatalogueBook:
    """Return the catalogue in force."""
    return _CATALOGUE.get()


def item_card(item_id: UUID | None) -> ItemCard | None:
    """Return an item by key, of whatever version: a case keeps the one it was opened under."""
    if item_id is None:
        return None
    return published().by_id.get(item_id) or _card(_items().get(pk=item_id))


@dataclass(frozen=True)
class TownClock:
    """The calendar, clocks and grades every deadline is computed from, with the edition of each.

    `shares` are clocks that are a part of another limit: rework, the reminder before a limit ends.
    """

    calendar: Calendar
    edition: int
    policies: dict[str, Limit]
    shares: dict[str, Fraction]
    policy_edition: int = 0
    grades: GradeTable = USUAL_GRADES


@dataclass
class _Clocks:
    """Everything that is in force now or will be, and what was made of it for a day already."""

    calendar: Calendar
    edition: int
    policy_edition: int
    grades: GradeTable
    changes: list[ClockPolicy]
    made: dict[int, TownClock] = field(default_factory=dict)

    def on(self, day: date) -> TownClock:
        """Return the clocks of a day: of each the row that began last."""
        begun = [row for row in self.changes if row.valid_from <= day]
        clock = self.made.get(len(begun))
        if clock is None:
            # Rows are in order of their first day, so how many have begun says which.
            clock = self.made[len(begun)] = self._make(begun)
        return clock

    def _make(self, begun: list[ClockPolicy]) -> TownClock:
        policies, shares = dict(POLICIES), dict(SHARES)
        for row in begun:
            if row.unit == PERCENT:
                shares[row.key] = Fraction(row.amount, 100)
            else:
                policies[row.key] = Limit(row.amount, Unit(row.unit))
        limits = with_derived(policies, shares)
        return TownClock(self.calendar, self.edition, limits, shares, self.policy_edition, self.grades)


def _build_clocks() -> _Clocks:
    edition = edition_now(CALENDAR)
    days = [
        Day(day.on, _kind(day.kind), day.name, provisional=day.provisional, spans=spans_of(day.spans))
        for day in CalendarDay.objects.all()
    ]
    return _Clocks(
        calendar=Calendar(days, [Hours(USUAL_SPANS), *_hours()], f"calendar-{edition}"),
        edition=edition,
        policy_edition=edition_now(CLOCKS),
        grades=_grades(),
        changes=list(ClockPolicy.objects.order_by("valid_from", "edition")),
    )


def _kind(kind: str) -> DayKind:
    return "holiday" if kind == "holiday" else "makeup" if kind == "makeup" else "workday"


def spans_of(told: Iterable[Iterable[str]]) -> tuple[Span, ...]:
    """Return working spans from pairs such as ("09:00", "12:00"), as the tables keep them."""
    return tuple(Span.parse("-".join(pair)) for pair in told)


def _hours() -> list[Hours]:
    # Of several that cover a day the last in the list counts: the one of the latest day, a season before the
    # whole year.
    rows = WorkingHours.objects.order_by("valid_from", "season_from", "id")
    return [
        Hours(
            spans_of(row.spans),
            from_on=row.valid_from,
            until_on=row.valid_until,
            season=Season.parse(row.season_from, row.season_until) if row.season_from else None,
        )
        for row in rows
    ]


def _grades() -> GradeTable:
    """Return the town's grades; those it has not set are as shipped."""
    own = {row["key"]: row_of(row) for row in GradeRule.objects.values()}
    return GradeTable({**USUAL_GRADES.by_key, **own}.values())


_CLOCKS = Snapshot(_build_clocks, CALENDAR, CLOCKS)


def town_clock(at: datetime | None = None) -> TownClock:
    """Return the working calendar, clocks and grades in force at a moment (now, when none is given)."""
    return _CLOCKS.get().on(local_day(at or timezone.now()))


def grade_table() -> GradeTable:
    """Return the town's grades, gravest first."""
    return _CLOCKS.get().grades


def danger_phrases() -> list[DangerPhrase]:
    """Return the words that mean danger to life or property, by key."""
    return list(DangerPhrase.objects.order_by("key"))


def find_route(key: str) -> StatutoryRoute | None:
    """Return the statutory route with this key."""
    return StatutoryRoute.objects.filter(pk=key).first()


def find_duty_role(key: str) -> DutyRole | None:
    """Return the duty role with this key."""
    return DutyRole.objects.filter(pk=key).first()


def clear() -> None:
    """Forget what is held in memory (between tests)."""
    _CATALOGUE.clear()
    _CLOCKS.clear()


# How long before the known days end people are warned: a quarter.
QUARTER = timedelta(days=92)


def known_until(at: datetime) -> tuple[date | None, bool]:
    """Return the last day the calendar is certain of, and whether that ends within a quarter."""
    until = town_clock(at).calendar.known_until
    return until, until is None or until - local_day(at) < QUARTER
