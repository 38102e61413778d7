"""Versions of the catalogue: drafted, put in force, retired; one at a time, with facts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, transaction

from huying.cases.tests.stories import AT
from huying.catalogue.actions import draft_catalogue, load_calendar, load_starter, publish_catalogue
from huying.catalogue.models import (
    CalendarDay,
    CatalogueVersion,
    DutyRole,
    Item,
    StatutoryRoute,
    WorkingHours,
)
from huying.catalogue.queries import find_route, item_card, published, town_clock
from huying.ledger.actor import SYSTEM
from huying.ledger.queries import timeline, verify
from huying.ledger.snapshots import edition_now
from huying.testing.refusals import refused
from huying.testing.town import DISTRICT

if TYPE_CHECKING:
    from huying.catalogue.exchange import LineProblem

pytestmark = pytest.mark.django_db
LITTLE = "code,parent,name,lead\n01,,环境,\n0101,01,垃圾,sanitation\n"
WHO: dict[str, Any] = {"district": DISTRICT, "by": SYSTEM, "at": AT}


def draft(text: str = LITTLE, name: str = "小目录") -> tuple[CatalogueVersion, list[LineProblem]]:
    return draft_catalogue(text.encode(), file_name="items.csv", name=name, **WHO)


def test_a_draft_changes_nothing_in_force() -> None:
    before = published()
    version, problems = draft()
    assert (version.state, problems) == ("draft", [])
    assert version.number == (before.number or 0) + 1
    assert published() is before
    assert [fact.kind for fact in timeline(f"catalogueversion:{version.pk}")] == ["CatalogueDrafted"]


def test_lines_that_cannot_be_read_are_told_and_the_rest_is_drafted() -> None:
    version, problems = draft(LITTLE + ",01,没有编码,\n")
    assert [(problem.line, problem.reason) for problem in problems] == [(4, "code_missing")]
    assert version.items.count() == 2


def test_a_file_that_is_no_catalogue_leaves_no_version() -> None:
    before = CatalogueVersion.objects.count()
    with refused("columns_unknown"):
        draft("姓名,电话\n王,138\n")
    assert CatalogueVersion.objects.count() == before


def test_publishing_retires_what_was_and_old_items_stay_readable() -> None:
    old = CatalogueVersion.objects.get(state="published")
    kept = published().leaves[0]
    version, _ = draft()
    publish_catalogue(version, **WHO)
    old.refresh_from_db()
    assert (old.state, old.retired_at) == ("retired", AT)
    assert [item.code for item in published().leaves] == ["0101"]
    assert published().number == version.number
    assert item_card(kept.id) == kept
    assert [fact.kind for fact in timeline(f"catalogueversion:{old.pk}")][-1] == "CatalogueRetired"
    assert verify().broken is None


def test_only_a_draft_is_published() -> None:
    standing = CatalogueVersion.objects.get(state="published")
    with refused("not_a_draft"):
        publish_catalogue(standing, **WHO)


def test_the_database_lets_one_catalogue_be_in_force_and_each_code_once() -> None:
    with pytest.raises(IntegrityError, match="one_catalogue_is_published"), transaction.atomic():
        CatalogueVersion.objects.create(number=90, name="x", state="published", made_at=AT)
    version = CatalogueVersion.objects.create(number=91, name="x", state="draft", made_at=AT)
    CatalogueVersion.objects.create(number=92, name="x", state="draft", made_at=AT)
    Item.objects.create(version=version, code="01", level=1, name="环境")
    wrong: dict[str, dict[str, Any]] = {
        "a_code_names_one_item_of_a_version": {"code": "01", "level": 1},
        "an_item_has_level_one_to_three": {"code": "02", "level": 4},
        "an_item_has_a_limit": {"code": "03", "level": 1, "handle_amount": 0},
    }
    for name, fields in wrong.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Item.objects.create(version=version, name="错", **fields)
    Item.objects.create(version=version, code="04", level=3, name="对", handle_amount=1)


def test_the_starter_can_be_loaded_again_beside_what_a_town_changed() -> None:
    CalendarDay.objects.filter(on=date(2026, 10, 1)).update(kind="workday", name="改了")
    WorkingHours.objects.filter(valid_from=date(2000, 1, 1)).update(spans=[["08:00", "12:00"]])
    assert load_calendar() == 0
    assert CalendarDay.objects.get(on=date(2026, 10, 1)).name == "改了"
    assert WorkingHours.objects.get(valid_from=date(2000, 1, 1)).spans == [["08:00", "12:00"]]
    before = edition_now("catalogue")
    version = load_starter(**WHO)
    assert (version.state, edition_now("catalogue")) == ("published", before + 1)


def test_what_the_starter_brings_is_there() -> None:
    assert len(published().leaves) >= 200
    assert DutyRole.objects.filter(key="sanitation").exists()
    assert StatutoryRoute.objects.count() >= 10
    route = find_route("litigation")
    assert route is not None
    assert find_route("nowhere") is None
    assert town_clock().edition == edition_now("calendar")


def test_a_line_of_the_catalogue_is_told_widest_first() -> None:
    book = published()
    leaf = book.leaves[0]
    line = book.line(leaf.code)
    assert [item.level for item in line] == list(range(1, leaf.level + 1))
    assert book.group_of(leaf.code) == line[min(1, len(line) - 1)].code
    assert (book.line("nothing"), book.group_of("nothing")) == ((), "nothing")
    assert item_card(None) is None
