"""Reading the catalogue: the published edition, the working calendar, the limits of the town."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from huying.catalogue.core.calendar import Calendar, Day, DayKind, Hours, Span
from huying.catalogue.core.clock import Limit, Unit
from huying.catalogue.models import (
    CalendarDay,
    CatalogueVersion,
    ClockPolicy,
    DangerPhrase,
    DutyRole,
    Item,
    StatutoryRoute,
    VersionState,
    WorkingHours,
)
from huying.catalogue.policies import PERCENT, POLICIES, SHARES, with_derived
from huying.ledger.snapshots import Snapshot, edition_now

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

CATALOGUE = "catalogue"
CALENDAR = "calendar"
USUAL_SPANS = (Span.parse("09:00-12:00"), Span.parse("14:00-18:00"))


@dataclass(frozen=True)
class ItemCard:
    """An item of the published catalogue as every other room needs it."""

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
    )


def _build_catalogue() -> CatalogueBook:
    version = CatalogueVersion.objects.filter(state=VersionState.PUBLISHED).first()
    items = Item.objects.filter(version=version).select_related("version").order_by("code") if version else ()
    return CatalogueBook(version, [_card(item) for item in items])


_CATALOGUE = Snapshot(_build_catalogue, CATALOGUE)


def published() -> CatalogueBook:
    """Return the catalogue in force."""
    return _CATALOGUE.get()


def item_card(item_id: UUID | None) -> ItemCard | None:
    """Return an item by key, of whatever version: a case keeps the one it was opened under."""
    if item_id is None:
        return None
    return published().by_id.get(item_id) or _card(Item.objects.select_related("version").get(pk=item_id))


@dataclass(frozen=True)
class TownClock:
    """The calendar and limits every deadline is computed from.

    `shares` are clocks that are a part of another limit: rework, the reminder before a limit ends.
    """

    calendar: Calendar
    edition: int
    policies: dict[str, Limit]
    shares: dict[str, Fraction]


def _build_clock() -> TownClock:
    edition = edition_now(CALENDAR)
    days = [
        Day(day.on, _kind(day.kind), day.name, provisional=day.provisional)
        for day in CalendarDay.objects.all()
    ]
    policies, shares = dict(POLICIES), dict(SHARES)
    for policy in ClockPolicy.objects.all():
        if policy.unit == PERCENT:
            shares[policy.key] = Fraction(policy.amount, 100)
        else:
            policies[policy.key] = Limit(policy.amount, Unit(policy.unit))
    calendar = Calendar(days, _hours(), f"calendar-{edition}")
    return TownClock(calendar, edition, with_derived(policies, shares), shares)


def _kind(kind: str) -> DayKind:
    return "holiday" if kind == "holiday" else "makeup" if kind == "makeup" else "workday"


def _hours() -> list[Hours]:
    # Of several that cover a day the last in the list counts, so open-ended rows in order of date will do.
    rows = WorkingHours.objects.order_by("valid_from")
    return [
        Hours(USUAL_SPANS),
        *(
            Hours(tuple(Span.parse(f"{start}-{end}") for start, end in row.spans), from_on=row.valid_from)
            for row in rows
        ),
    ]


_CLOCK = Snapshot(_build_clock, CALENDAR)


def town_clock() -> TownClock:
    """Return the working calendar and limits in force."""
    return _CLOCK.get()


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
    _CLOCK.clear()
