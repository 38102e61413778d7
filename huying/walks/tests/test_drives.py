"""Drives and indices: cases by rule and by hand, ledgers nobody rewrites, tables taken in whole or not."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from huying.cases.models import Case
from huying.cases.tests.stories import AT, dispatched
from huying.journeys.drive_numbers import cases_of, cleared_of, compare
from huying.kit.tabular import read_table
from huying.testing.cast import staff
from huying.testing.refusals import refused
from huying.testing.town import EAST, STREET, WEST
from huying.walks.driving import (
    ClearedDraft,
    DriveDraft,
    enter_cleared,
    mark_case,
    set_drive,
    strike_cleared,
)
from huying.walks.indices import judge_values, read_day, read_number, read_values, take_in
from huying.walks.models import Cleared, Drive, IndexRun, IndexSeries, IndexValue
from huying.walks.tests.stories import DAY

if TYPE_CHECKING:
    from huying.walks.indices import Told

pytestmark = pytest.mark.django_db
TODAY = AT.date()


def drive(**more: object) -> Drive:
    """Return a drive of ten days about rubbish in the eastern community, that began nine days ago."""
    told: dict[str, object] = {
        "name": "百日攻坚", "area": EAST, "items": ("0101",), "starts_on": TODAY - 9 * DAY, "ends_on": TODAY,
    }  # fmt: skip
    draft = DriveDraft(**(told | more))  # type: ignore[arg-type] # a test's shorthand
    return set_drive(draft, key=uuid4(), by=staff("dong"), at=AT)


def told(text: str) -> list[Told]:
    """Return the values of a CSV."""
    with read_table(f"指数,片区,日期,数值,单位,来源\n{text}".encode(), name="a.csv") as table:
        return read_values(table)


# --- drives ------------------------------------------------------------------------------------------
def test_a_drive_is_set_up_once_by_whom_it_is_given() -> None:
    key, draft = uuid4(), DriveDraft("攻坚", EAST, TODAY, TODAY)
    first, second = (set_drive(draft, key=key, by=staff("dong"), at=AT) for _click in range(2))
    assert first == second
    with refused("not_yours_to_drive"):
        drive(area=WEST)
    with refused("drive_backwards", field="ends_on"):
        drive(ends_on=TODAY - 20 * DAY)
    with refused("drive_item_unknown", field="items"):
        drive(items=("ZZ",))
    with refused("not_yours_to_drive"):
        set_drive(draft, key=uuid4(), by=staff("ge"), at=AT)


def test_its_cases_are_those_of_the_rule_and_those_hands_put_in_or_took_out() -> None:
    inside, early, next_door = dispatched(), dispatched(at=AT - 20 * DAY), dispatched(east=1)
    one = drive()
    assert set(Case.objects.filter(cases_of(one))) == {inside}
    mark_case(one.pk, early.number, is_in=True, reason="同一原因", by=staff("dong"), at=AT)
    mark_case(one.pk, inside.number, is_in=False, reason="另有原因", by=staff("dong"), at=AT)
    assert set(Case.objects.filter(cases_of(one))) == {early}
    with refused("drive_case_not_found", field="number"):
        mark_case(one.pk, next_door.number, is_in=True, reason="x", by=staff("dong"), at=AT)
    with refused("walk_missing", field="reason"):
        mark_case(one.pk, early.number, is_in=True, reason=" ", by=staff("dong"), at=AT)


def test_it_is_compared_with_as_many_days_before_and_says_what_that_cannot_tell() -> None:
    for days in (1, 12, 13, 14):
        dispatched(at=AT - days * DAY)
    dispatched(at=AT - 2 * DAY, text="听澜花园旁边的公厕很脏很臭，没有人打扫")
    compared = compare(drive(), at=AT)
    assert [(one.key, one.days, one.cases, one.others) for one in compared.periods] == [
        ("before", 10, 3, 0), ("during", 10, 1, 1),
    ]  # fmt: skip
    assert len(compared.caveats) >= 3
    after = compare(drive(), at=AT + 10 * DAY)
    assert [(one.key, one.days) for one in after.periods] == [("before", 10), ("during", 10), ("after", 10)]
    dispatched(at=AT - timedelta(days=400))
    assert compare(drive(), at=AT).periods[-1].key == "year"
    assert compare(drive(starts_on=TODAY + DAY, ends_on=TODAY + DAY), at=AT).periods == ()


def test_a_ledger_adds_up_without_what_was_struck_out_and_a_second_click_enters_nothing() -> None:
    one, key = drive(), uuid4()
    line = ClearedDraft(TODAY, "共享单车", Decimal("120.5"), "辆", cost=Decimal(300))
    for _click in range(2):
        enter_cleared(one.pk, line, key=key, by=staff("dong"), at=AT)
    other = enter_cleared(one.pk, line, key=uuid4(), by=staff("dong"), at=AT)
    assert [(sum_.quantity, sum_.lines, sum_.cost) for sum_ in cleared_of(one)] == [
        (Decimal("241.00"), 2, Decimal("600.00")),
    ]  # fmt: skip
    strike_cleared(other.pk, reason="重复登记", by=staff("dong"), at=AT)
    assert cleared_of(one)[0].quantity == Decimal("120.50")
    assert Cleared.objects.count() == 2
    with refused("struck_already"):
        strike_cleared(other.pk, reason="再来", by=staff("dong"), at=AT)
    with refused("nothing_cleared", field="quantity"):
        enter_cleared(one.pk, ClearedDraft(TODAY, "a", Decimal(0), "b"), key=uuid4(), by=staff("dong"), at=AT)
    with refused("not_yours_to_drive"):
        enter_cleared(one.pk, line, key=uuid4(), by=staff("wu"), at=AT)


# --- indices -----------------------------------------------------------------------------------------
GOOD = "环卫指数,竹影社区,2026-08,88.5,分,市城管局\n环卫指数,荷塘社区,2026年8月1日,86,分,市城管局"


def test_a_table_is_taken_in_whole_and_again_replaces_what_stood_for_the_day() -> None:
    for value in ("88.5", "90"):
        text = GOOD.replace("88.5", value)
        take_in(told(text), owner=STREET, file_name="a.csv", sha256=value, by=staff("ling"), at=AT)
    values = IndexValue.objects.order_by("area__code").values_list("on", "value")
    assert list(values) == [(date(2026, 8, 1), Decimal(90)), (date(2026, 8, 1), Decimal(86))]
    take_in(told(GOOD), owner=STREET, file_name="a.csv", sha256="90", by=staff("ling"), at=AT)
    assert (IndexRun.objects.count(), IndexSeries.objects.get().fact_seq) == (2, 2)


def test_one_wrong_line_keeps_all_of_them_out_and_each_is_named() -> None:
    wrong = (
        "环卫指数,无名社区,2026-08,1,分,市局", "环卫指数,竹影社区,八月,1,分,市局",
        ",竹影社区,2026-09,1,分,市局",
        "环卫指数,竹影社区,2026-09,好,分,市局", "环卫指数,竹影社区,2026-08-01,9,分,市局",
        "环卫指数,竹影社区,2026-09,9,分,",
    )  # fmt: skip
    rows = told("\n".join((GOOD, *wrong)))
    _sound, flaws = judge_values(rows, owner=STREET, by=staff("ling"))
    assert [(flaw.line, flaw.key) for flaw in flaws] == [
        (4, "area"), (5, "day"), (6, "series"), (7, "value"), (8, "twice"), (9, "source"),
    ]  # fmt: skip
    with refused("index_flawed"):
        take_in(rows, owner=STREET, file_name="a.csv", sha256="a", by=staff("ling"), at=AT)
    assert not IndexValue.objects.exists()
    assert not IndexSeries.objects.exists()


def test_a_community_takes_in_nothing_of_its_neighbour_or_of_its_street() -> None:
    with refused("not_yours_to_drive"):
        take_in(told(GOOD), owner=STREET, file_name="a.csv", sha256="a", by=staff("dong"), at=AT)
    _sound, flaws = judge_values(told(GOOD), owner=EAST, by=staff("dong"))
    assert [flaw.key for flaw in flaws] == ["area"]


def test_a_table_without_a_needed_column_or_a_value_is_refused() -> None:
    with refused("index_column"), read_table("指数,片区\na,b".encode(), name="a.csv") as table:
        read_values(table)
    with refused("index_empty"):
        told("")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-08", date(2026, 8, 1)), ("2026年8月", date(2026, 8, 1)), ("2026/8/5", date(2026, 8, 5)),
        ("46266", date(2026, 9, 1)), ("2026-08-05 00:00:00", date(2026, 8, 5)), ("八月", None), ("", None),
        ("2026-13", None), ("99999999", None),
    ],
)  # fmt: skip
def test_days_are_read_in_every_usual_form(text: str, day: date | None) -> None:
    assert read_day(text) == day


def test_numbers_are_read_and_what_is_none_is_not() -> None:
    assert [read_number(text) for text in ("1,234.5", "95%", "好", "NaN", "1e30")] == [
        Decimal("1234.5"), Decimal(95), None, None, None,
    ]  # fmt: skip
