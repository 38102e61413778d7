"""Every write to the catalogue: reading a version in, publishing it, and what a new town starts with."""

from __future__ import annotations

import csv
import hashlib
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from huying.catalogue import reasons
from huying.catalogue.core.seed import seed_days
from huying.catalogue.exchange import LineProblem, read_catalogue
from huying.catalogue.facts import CatalogueDrafted, CataloguePublished, CatalogueRetired
from huying.catalogue.grades import usual_lines
from huying.catalogue.models import (
    CalendarDay,
    CatalogueVersion,
    ClockPolicy,
    DangerPhrase,
    DutyRole,
    GradeRule,
    Item,
    ItemLimit,
    ItemStage,
    StatutoryRoute,
    VersionState,
    WorkingHours,
)
from huying.catalogue.policies import USUAL
from huying.catalogue.queries import CALENDAR, CATALOGUE, CLOCKS, town_clock
from huying.kit.errors import Refusal
from huying.kit.tabular import read_table
from huying.ledger.actions import record
from huying.ledger.snapshots import announce, edition_now

if TYPE_CHECKING:
    from datetime import datetime

    from huying.ledger.actor import Actor

DANGERS = "dangers"
ALWAYS = date(2000, 1, 1)
STARTER_NAME = "呼应起步事项目录"


def draft_catalogue(
    data: bytes, *, file_name: str, name: str, district: str, by: Actor, at: datetime
) -> tuple[CatalogueVersion, list[LineProblem]]:
    """Read a CSV or Excel file into a new draft version; return it with the lines that were not taken."""
    with read_table(data, name=file_name) as table:
        read = read_catalogue(table, town_clock(at).policies)
    with transaction.atomic():
        number = (CatalogueVersion.objects.aggregate(last=Max("number"))["last"] or 0) + 1
        version = CatalogueVersion(number=number, name=name[:80], made_at=at)
        body = CatalogueDrafted(
            number=number, name=version.name, items=len(read.items), sha256=hashlib.sha256(data).hexdigest()
        )
        record(version, body, district=district, by=by, at=at)
        version.save()
        for item in read.items:
            item.version = version
        Item.objects.bulk_create(read.items, batch_size=500)
        ItemStage.objects.bulk_create(read.stages)
        ItemLimit.objects.bulk_create(read.limits)
    return version, read.problems


def publish_catalogue(
    version: CatalogueVersion, *, district: str, by: Actor, at: datetime
) -> CatalogueVersion:
    """Put a draft in force and retire what was; cases keep the version they were opened under."""
    with transaction.atomic():
        version = CatalogueVersion.objects.select_for_update().get(pk=version.pk)
        if version.state != VersionState.DRAFT:
            raise Refusal(reasons.NOT_A_DRAFT)
        for old in CatalogueVersion.objects.select_for_update().filter(state=VersionState.PUBLISHED):
            old.state, old.retired_at = VersionState.RETIRED, at
            record(old, CatalogueRetired(number=old.number), district=district, by=by, at=at)
            old.save()
        version.state, version.published_at = VersionState.PUBLISHED, at
        record(version, CataloguePublished(number=version.number), district=district, by=by, at=at)
        version.save()
        announce(CATALOGUE)
        return version


def load_starter(*, district: str, by: Actor, at: datetime) -> CatalogueVersion:
    """Give a new town the starter catalogue, duty roles, routes, danger phrases, calendar, clocks, grades."""
    with transaction.atomic():
        _load_words()
        load_calendar()
        load_clocks(at=at)
        data = files("huying.catalogue.starter").joinpath("items.csv").read_bytes()
        version, problems = draft_catalogue(
            data, file_name="items.csv", name=STARTER_NAME, district=district, by=by, at=at
        )
        if problems:
            raise ValueError(f"the starter catalogue has lines that cannot be read: {problems[:3]}")
        return publish_catalogue(version, district=district, by=by, at=at)


def _starter(name: str) -> list[dict[str, str]]:
    text = files("huying.catalogue.starter").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _load_words() -> None:
    for model, name in ((DutyRole, "duty_roles.csv"), (StatutoryRoute, "statutory_routes.csv")):
        for row in _starter(name):
            values = {"name": row["name"], "name_en": row["name_en"], "about": row["about"]}
            model.objects.update_or_create(key=row["key"], defaults=values)
    for row in _starter("danger_phrases.csv"):
        danger: dict[str, str | list[str]] = {
            "kind": row["kind"],
            "phrases": row["phrases"].split("|"),
            "emergency_number": row["emergency_number"],
            "not_phrases": [phrase for phrase in row["not_phrases"].split("|") if phrase],
            "advice": row["advice"],
        }
        DangerPhrase.objects.update_or_create(key=row["key"], defaults=danger)
    announce(DANGERS)


def load_calendar() -> int:
    """Write the shipped calendar's days and the usual office hours; return how many days were new.

    Days a town has set itself stay.
    """
    there = CalendarDay.objects.count()
    rows = [
        CalendarDay(
            on=line.day.on,
            kind=line.day.kind,
            name=line.day.name,
            source=line.source,
            provisional=line.day.provisional,
        )
        for line in seed_days()
    ]
    CalendarDay.objects.bulk_create(rows, ignore_conflicts=True)
    WorkingHours.objects.get_or_create(
        valid_from=ALWAYS, defaults={"spans": [["09:00", "12:00"], ["14:00", "18:00"]]}
    )
    announce(CALENDAR)
    return CalendarDay.objects.count() - there


def load_clocks(*, at: datetime) -> None:
    """Write the usual clocks and grades with their sources; what a town has set itself stays."""
    announce(CLOCKS)
    edition = edition_now(CLOCKS)
    there = set(ClockPolicy.objects.values_list("key", flat=True))
    ClockPolicy.objects.bulk_create(
        ClockPolicy(
            key=usual.key,
            valid_from=ALWAYS,
            amount=usual.amount,
            unit=usual.unit,
            basis=usual.basis,
            edition=edition,
            made_at=at,
            made_by="",
        )
        for usual in USUAL.values()
        if usual.key not in there
    )
    GradeRule.objects.bulk_create(
        (
            GradeRule(
                **{name: value or None if name.endswith("_amount") else value for name, value in line.items()}
            )
            for line in usual_lines()
        ),
        ignore_conflicts=True,
    )
