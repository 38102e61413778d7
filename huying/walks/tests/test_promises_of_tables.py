"""The database keeps the promises of walks and drives by itself: what each refuses and what it lets pass."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError, models, transaction

from huying.cases.tests.stories import AT
from huying.journeys.tests.test_more_constraints import (
    DAY,
    TODAY,
    Once,
    Promise,
    add,
    check,
    once,
    row_of,
    table_of,
    undone,
)

pytestmark = pytest.mark.django_db
OTHER = uuid4()
DRIVE = {"starts_on": TODAY, "ends_on": TODAY}

CHECKS = [
    check("a_theme_has_a_name", wrong=[{"name": ""}], right=[{"name": "市容"}]),
    check("a_line_to_look_at_has_words", wrong=[{"text": ""}], right=[{"text": "井盖"}]),
    check(
        "a_plan_is_of_a_whole_month",
        wrong=[{"month": TODAY.replace(day=2)}],
        right=[{"month": TODAY.replace(day=1)}],
    ),
    check(
        "a_month_has_a_key_task",
        given={"month": TODAY.replace(day=1)},
        wrong=[{"key_task": ""}],
        right=[{"key_task": "清理"}],
    ),
    check(
        "an_ended_walk_says_when",
        wrong=[{"state": "ended"}, {"state": "planned", "ended_at": AT}],
        right=[{"state": "ended", "ended_at": AT}, {"state": "planned"}],
    ),
    check(
        "a_walk_called_off_says_why",
        wrong=[{"state": "called_off"}, {"state": "planned", "called_off_for": "雨"}],
        right=[{"state": "called_off", "called_off_for": "雨"}],
    ),
    check("a_place_to_walk_to_has_a_name", wrong=[{"name": ""}], right=[{"name": "后巷"}]),
    check(
        "a_place_to_walk_to_has_a_whole_point_or_none",
        wrong=[{"lat": 22.7}, {"lon": 114.0}],
        right=[{"lat": 22.7, "lon": 114.0}, {}],
    ),
    check("a_drive_has_a_name", given=DRIVE, wrong=[{"name": ""}], right=[{"name": "百日攻坚"}]),
    check(
        "a_drive_ends_after_it_began",
        given={"starts_on": TODAY},
        wrong=[{"ends_on": TODAY - DAY}],
        right=[{"ends_on": TODAY}],
    ),
    check("a_case_is_marked_for_a_drive_with_a_reason", given={"is_in": True}, wrong=[{"reason": ""}],
          right=[{"reason": "同一原因"}]),
    check(
        "what_was_cleared_is_more_than_nothing",
        wrong=[{"quantity": 0}, {"quantity": -1}],
        right=[{"quantity": "0.5"}],
    ),
    check(
        "a_cost_is_not_negative",
        given={"quantity": 1},
        wrong=[{"cost": -1}],
        right=[{"cost": 0}, {"cost": None}],
    ),
    check(
        "a_line_struck_out_says_why",
        given={"quantity": 1},
        wrong=[{"struck_at": AT}, {"struck_for": "重复"}],
        right=[{"struck_at": AT, "struck_for": "重复"}, {}],
    ),
    check("a_series_has_a_name", wrong=[{"name": ""}], right=[{"name": "环卫指数"}]),
    check(
        "a_value_says_where_it_comes_from",
        given={"value": 1},
        wrong=[{"source": ""}],
        right=[{"source": "市城管局"}],
    ),
]  # fmt: skip

ONCES = [
    once("an_area_names_a_theme_once", {"area_id": OTHER}, {"name": "另一个"}),
    once("a_theme_numbers_its_checklists_once", {"theme_id": OTHER}, {"number": 2}),
    once("a_checklist_orders_its_lines", {"checklist_id": OTHER}, {"order": 2}),
    once("an_area_plans_a_month_once", {"area_id": OTHER}, given={"month": TODAY.replace(day=1)}),
    once("a_post_takes_part_in_a_walk_once", {"walk_id": OTHER}, {"unit_id": OTHER}, {"role": "handler"}),
    once("a_walk_orders_its_places", {"walk_id": OTHER}, {"order": 2}),
    once("a_walk_checks_a_line_once", {"walk_id": OTHER}, {"line_id": OTHER}),
    once("a_case_is_marked_for_a_drive_once", {"drive_id": OTHER}, {"case_id": OTHER},
         given={"is_in": True}),
    once("an_area_names_a_series_once", {"area_id": OTHER}, {"name": "另一个"}),
    once("an_area_has_one_value_of_a_series_on_a_day", {"series_id": OTHER}, {"area_id": OTHER},
         {"on": TODAY - DAY}, given={"value": 1}),
]  # fmt: skip


@pytest.mark.parametrize("promise", CHECKS, ids=lambda promise: promise.name)
def test_a_row_is_refused_by_its_check_and_only_when_it_breaks_it(promise: Promise) -> None:
    model, _ = table_of(promise.name)
    for values in promise.wrong:
        with pytest.raises(IntegrityError, match=f'"{promise.name}"'), undone():
            add(row_of(model, values))
    for values in promise.right:
        with undone():
            add(row_of(model, values))


@pytest.mark.parametrize("promise", ONCES, ids=lambda promise: promise.name)
def test_what_is_there_once_is_refused_a_second_time_and_another_is_not(promise: Once) -> None:
    model, constraint = table_of(promise.name)
    assert isinstance(constraint, models.UniqueConstraint)
    with undone():
        first = row_of(model, promise.given)
        add(first)
        columns = [field.attname for field in model._meta.concrete_fields if field.name in constraint.fields]
        same = promise.given | {column: getattr(first, column) for column in columns}
        with pytest.raises(IntegrityError, match=f'"{promise.name}"'), transaction.atomic():
            add(row_of(model, same))
        for differing in promise.differing:
            with undone():
                add(row_of(model, same | differing))
