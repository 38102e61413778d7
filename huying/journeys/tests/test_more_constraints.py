"""The database keeps the promises by itself, row by row: what each constraint refuses and what it lets pass.

Each row is filled from the fields of its table: only what a promise speaks of is written here. Its foreign
keys point nowhere; PostgreSQL looks at those at the end of a transaction, and no row here lives that long.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from huying.cases.tests.stories import AT, HOUR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.django_db
Values = dict[str, Any]
TODAY = AT.date()
DAY = timedelta(days=1)
ONE, OTHER = uuid4(), uuid4()
_numbers = count(9_000)


@dataclass(frozen=True)
class Promise:
    """A CHECK by its name, rows it refuses, and rows it lets pass."""

    name: str
    wrong: tuple[Values, ...]
    right: tuple[Values, ...]


@dataclass(frozen=True)
class Once:
    """A UNIQUE by its name, what else its rows need, and how a second row may differ to be let pass."""

    name: str
    differing: tuple[Values, ...]
    given: Values


def check(name: str, *, wrong: list[Values], right: list[Values], given: Values | None = None) -> Promise:
    """Write down a CHECK; what is given goes into every row of it."""
    both = given or {}
    return Promise(name, tuple(both | row for row in wrong), tuple(both | row for row in right))


def once(name: str, *differing: Values, given: Values | None = None) -> Once:
    """Write down a UNIQUE."""
    return Once(name, differing, given or {})


CHECKS = [
    # Insight
    check(
        "a_merged_hot_spot_names_where_it_went",
        wrong=[{"state": "merged"}, {"state": "open", "merged_into_id": OTHER}],
        right=[{"state": "merged", "merged_into_id": OTHER}, {"state": "confirmed"}],
    ),
    check(
        "a_hot_spot_is_not_merged_into_itself",
        given={"state": "merged", "id": ONE},
        wrong=[{"merged_into_id": ONE}],
        right=[{"merged_into_id": OTHER}],
    ),
    check(
        "a_dismissed_hot_spot_has_a_reason",
        given={"state": "dismissed"},
        wrong=[{"decided_reason": ""}],
        right=[{"decided_reason": "同一人的演练"}],
    ),
    check(
        "a_hot_spot_has_a_whole_point_or_none",
        wrong=[{"lat": 22.7}, {"lon": 114.0}],
        right=[{"lat": 22.7, "lon": 114.0}, {}],
    ),
    check(
        "nothing_moves_into_itself",
        given={"source_id": ONE, "appeals": [], "pinned": []},
        wrong=[{"target_id": ONE}],
        right=[{"target_id": OTHER}],
    ),
    check("a_threshold_stays_within_reason", wrong=[{"heat": 0.5}, {"heat": 51.0}], right=[{"heat": 6.25}]),
    check("a_lexicon_was_learnt_of_texts", wrong=[{"texts": 0}], right=[{"texts": 1}]),
    check(
        "a_contact_is_an_address_or_an_openid",
        given={"channel": "email", "address": "lin@example.cn"},
        wrong=[{"address": ""}, {"channel": "sms"}],
        right=[{}, {"channel": "wechat"}],
    ),
    # Triage
    check(
        "a_model_in_force_says_since_when",
        wrong=[{"state": "in_force"}],
        right=[{"state": "in_force", "in_force_at": AT}, {"state": "candidate"}, {"state": "kept_out"}],
    ),
    # People
    check(
        "an_access_has_a_reason",
        given={"seen": "contact"},
        wrong=[{"reason": ""}],
        right=[{"reason": "call"}],
    ),
    check(
        "an_administrator_is_confirmed_by_somebody_else",
        given={"account_id": ONE, "proposed_by_id": OTHER, "decided_at": AT},
        wrong=[
            {"confirmed": True, "decided_by_id": ONE},
            {"confirmed": True, "decided_by_id": OTHER},
            {"confirmed": True, "decided_by_id": None},
        ],
        right=[
            {"confirmed": True, "decided_by_id": uuid4()},
            {"confirmed": False, "decided_by_id": OTHER},
            {"confirmed": None, "decided_at": None},
        ],
    ),
    check(
        "power_has_a_reason",
        given={"ends_at": AT + HOUR},
        wrong=[{"reason": ""}],
        right=[{"reason": "换角色"}],
    ),
    # The catalogue
    check("a_stage_has_a_length", wrong=[{"amount": 0}], right=[{"amount": 1}]),
    check("an_item_limit_has_a_length", wrong=[{"amount": 0}], right=[{"amount": 1}]),
    check("a_clock_has_a_length", wrong=[{"amount": 0}], right=[{"amount": 1}]),
    *(
        check(
            name,
            given={"key": "Z"},
            wrong=[
                {f"{clock}_amount": 1, f"{clock}_unit": ""},
                {f"{clock}_amount": 0, f"{clock}_unit": "working_hours"},
            ],
            right=[
                {f"{clock}_amount": 1, f"{clock}_unit": "working_hours"},
                {f"{clock}_amount": None, f"{clock}_unit": ""},
            ],
        )
        for clock, name in (
            ("sign", "a_grade_names_amount_and_unit_to_sign_or_neither"),
            ("contact", "a_grade_names_amount_and_unit_to_contact_or_neither"),
            ("handle", "a_grade_names_amount_and_unit_to_handle_or_neither"),
        )
    ),
    check(
        "a_season_of_hours_has_both_ends",
        wrong=[
            {"season_from": "07-01", "season_until": ""},
            {"season_from": "", "season_until": "09-30"},
        ],
        right=[
            {"season_from": "07-01", "season_until": "09-30"},
            {"season_from": "", "season_until": ""},
        ],
    ),
    check(
        "hours_do_not_end_before_they_begin",
        given={"valid_from": TODAY},
        wrong=[{"valid_until": TODAY - DAY}],
        right=[{"valid_until": TODAY}, {"valid_until": None}],
    ),
    # Admission
    check(
        "a_review_falls_into_the_term",
        given={"starts_on": TODAY, "ends_on": TODAY + 9 * DAY},
        wrong=[{"review_on": TODAY - DAY}, {"review_on": TODAY + 10 * DAY}],
        right=[{"review_on": TODAY}, {"review_on": TODAY + 9 * DAY}],
    ),
    # Intake
    check(
        "personal_data_is_kept_a_day_to_ten_years",
        given={"kind": "something"},
        wrong=[{"days": 0}, {"days": 3651}],
        right=[{"days": 1}, {"days": 3650}],
    ),
    check("a_hold_has_a_reason", wrong=[{"reason": ""}], right=[{"reason": "法院来函"}]),
    # The workbench
    check(
        "a_phrase_has_a_title_and_words",
        given={"owner_id": ONE},
        wrong=[{"title": "", "text": "已到场"}, {"title": "到场", "text": ""}],
        right=[{"title": "到场", "text": "已到场"}],
    ),
    check("a_view_has_a_name", wrong=[{"name": ""}], right=[{"name": "今日到期"}]),
    check(
        "a_view_shared_with_a_unit_names_it",
        wrong=[
            {"shared_with": "unit", "unit_id": None},
            {"shared_with": "nobody", "unit_id": ONE},
            {"shared_with": "everyone", "unit_id": ONE},
        ],
        right=[{"shared_with": "unit", "unit_id": ONE}, {"shared_with": "everyone", "unit_id": None}],
    ),
    check(
        "what_is_refused_has_a_reason",
        wrong=[{"state": "refused", "reason": ""}, {"state": "done", "reason": "moved_on"}],
        right=[{"state": "refused", "reason": "moved_on"}, {"state": "done", "reason": ""}],
    ),
    check("a_list_taken_out_has_a_reason", wrong=[{"why": ""}], right=[{"why": "季度汇报"}]),
    check(
        "only_a_ready_list_has_a_file_and_its_end",
        wrong=[
            {"state": "ready", "stored_as": "", "delete_at": AT},
            {"state": "ready", "stored_as": "list", "delete_at": None},
            {"state": "deleted", "stored_as": "list", "delete_at": AT},
        ],
        right=[
            {"state": "ready", "stored_as": "list", "delete_at": AT},
            {"state": "deleted", "stored_as": "", "delete_at": AT},
        ],
    ),
    check(
        "a_post_goes_to_another_post",
        given={"post_id": ONE},
        wrong=[{"new_post_id": ONE}],
        right=[{"new_post_id": OTHER}],
    ),
    check(
        "a_shift_ends_after_it_starts",
        given={"starts_at": AT},
        wrong=[{"ends_at": AT}, {"ends_at": AT - HOUR}],
        right=[{"ends_at": AT + HOUR}],
    ),
    # What the public sees
    check(
        "what_is_taken_back_from_the_public_has_a_reason",
        wrong=[{"withdrawn_at": AT, "withdraw_reason": ""}],
        right=[{"withdrawn_at": AT, "withdraw_reason": "认得出人"}, {"withdrawn_at": None}],
    ),
    # Sealed reports
    check(
        "a_report_has_one_to_five_stars",
        wrong=[{"stars": 0}, {"stars": 6}],
        right=[{"stars": 1}, {"stars": 5}, {"stars": None}],
    ),
    check(
        "a_closed_report_says_when",
        given={"outcome": "confirmed"},
        wrong=[{"state": "closed", "closed_at": None}],
        right=[{"state": "closed", "closed_at": AT}, {"state": "replied", "closed_at": None}],
    ),
    check(
        "an_answered_report_says_what_was_found",
        given={"closed_at": AT},
        wrong=[{"state": "replied", "outcome": ""}, {"state": "closed", "outcome": ""}],
        right=[{"state": "replied", "outcome": "partly"}, {"state": "working", "outcome": ""}],
    ),
    check(
        "the_accused_unit_never_handles_its_own_report",
        given={"accused_unit_id": ONE},
        wrong=[{"unit_id": ONE}],
        right=[{"unit_id": OTHER}, {"unit_id": None}, {"unit_id": ONE, "accused_unit_id": None}],
    ),
    check(
        "a_destroyed_identity_is_empty",
        given={"destroyed_at": AT},
        wrong=[{"box": b"sealed"}],
        right=[{"box": b""}, {"box": b"sealed", "destroyed_at": None}],
    ),
    check(
        "an_identity_opens_only_when_granted",
        given={"open_until": AT + HOUR, "decided_at": AT},
        wrong=[
            {"granted": True, "decided_by_id": None},
            {"granted": False, "decided_by_id": ONE},
        ],
        right=[
            {"granted": True, "decided_by_id": ONE},
            {"granted": False, "decided_by_id": ONE, "open_until": None},
        ],
    ),
    check("an_unsealing_has_a_reason", wrong=[{"reason": ""}], right=[{"reason": "核对证人"}]),
    # A resident's own data
    check(
        "a_copy_that_is_ready_has_a_file_and_an_end",
        wrong=[
            {"state": "ready", "stored_as": "", "expires_at": AT},
            {"state": "ready", "stored_as": "copy", "expires_at": None},
        ],
        right=[
            {"state": "ready", "stored_as": "copy", "expires_at": AT},
            {"state": "failed", "stored_as": "", "expires_at": None},
        ],
    ),
    check(
        "a_refused_request_says_why",
        given={"decided_at": AT},
        wrong=[{"state": "refused", "reason": ""}],
        right=[{"state": "refused", "reason": "仍在办理"}, {"state": "agreed", "reason": ""}],
    ),
    check(
        "a_decision_has_its_day",
        given={"reason": "仍在办理"},
        wrong=[{"state": state, "decided_at": None} for state in ("agreed", "done", "refused")],
        right=[{"state": "refused", "decided_at": AT}, {"state": "dropped", "decided_at": None}],
    ),
]

ONCES = [
    once("an_account_has_one_contact_of_a_channel", {"account_id": OTHER}, {"channel": "wechat"},
         given={"channel": "email", "address": "lin@example.cn"}),
    once("an_area_has_an_old_name_once", {"name": "老村"},
         given={"area_id": ONE, "place_id": None, "name": "旧村"}),
    once("a_place_has_an_old_name_once", {"name": "老村"},
         given={"place_id": ONE, "area_id": None, "name": "旧村"}),
    once("an_account_has_one_power_at_a_time", {"account_id": OTHER}, {"ended_at": AT},
         given={"reason": "换角色", "ends_at": AT + HOUR}),
    once("the_stages_of_an_item_have_one_order", {"item_id": OTHER}, {"order": 2}),
    once("an_item_has_one_limit_a_clock_and_grade", {"item_id": OTHER}, {"clock": "handle"}, {"grade": "B"}),
    once("an_edition_sets_a_clock_once", {"key": "another"}, {"edition": 90_002}, given={"edition": 90_001}),
    once("an_item_is_gated_once_at_a_level", {"items": "X-2"}, {"level_id": "another"}),
    once("an_appeal_is_held_once_at_a_time", {"appeal_id": OTHER}, {"lifted_at": AT}),
    once("a_rise_to_a_stage_is_alerted_once", {"spot_id": OTHER}, {"episode": 2}, {"stage": "hot"},
         given={"stage": "early", "episode": 1, "heat": 2.0}),
    once("a_week_of_a_place_is_counted_once", {"area_path": "x"}, {"item_group": "01"}),
    once("somebody_is_at_a_case_once", {"case_id": OTHER}, {"account_id": OTHER}),
    once("a_person_names_a_view_once", {"owner_id": OTHER}, {"name": "另一个"}),
    once("a_person_uses_a_view_in_one_way", {"account_id": OTHER}, {"view_id": OTHER}),
    once("a_person_starts_with_one_view", {"account_id": OTHER}, {"at_start": False},
         given={"at_start": True}),
    once("a_person_sets_a_list_in_one_way", {"account_id": OTHER}, {"listed": "search"}),
    once("a_run_has_a_case_once", {"run_id": OTHER}, {"number": "another"}),
    once("a_unit_names_a_duty_once", {"unit_id": OTHER}, {"name": "夜班"}),
    once("somebody_is_on_a_duty_once_at_a_time", {"roster_id": OTHER}, {"starts_at": AT + HOUR},
         {"name": "小周"}, given={"ends_at": AT + 2 * HOUR}),
    once("a_kind_of_incident_has_a_name_of_its_own", {"name": "台风"}, {"name": ""}, given={"name": "雷暴"}),
    once("a_photo_is_published_once_on_a_page", {"publication_id": OTHER}, {"source_id": OTHER}),
    once("a_report_accuses_somebody_once", {"report_id": OTHER}, {"account_id": OTHER}),
    once("a_report_is_asked_for_once_at_a_time", {"report_id": OTHER}, {"decided_at": AT}),
    once("one_copy_at_a_time_is_put_together", {"account_id": OTHER}, {"state": "failed"}),
    once("one_request_to_be_forgotten_at_a_time", {"account_id": OTHER}, {"state": "dropped"},
         given={"decided_at": AT}),
]  # fmt: skip

UNKNOWN = [
    check(
        "an_identity_opens_only_when_granted",
        wrong=[{"open_until": AT + HOUR, "decided_by_id": ONE, "decided_at": AT, "granted": None}],
        right=[],
    ),
    check(
        "a_grade_names_amount_and_unit_to_handle_or_neither",
        wrong=[{"key": "Z", "handle_amount": None, "handle_unit": "percent"}],
        right=[],
    ),
]


def table_of(name: str) -> tuple[type[models.Model], models.BaseConstraint]:
    """Find the table a constraint stands on, and the constraint."""
    return next(
        (model, constraint)
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if constraint.name == name
    )


PLAIN: list[tuple[type[models.Field[Any, Any]], Callable[[], object]]] = [
    (models.DateTimeField, lambda: AT),
    (models.DateField, lambda: TODAY),
    (models.UUIDField, uuid4),
    (models.IntegerField, lambda: next(_numbers)),
    (models.FloatField, lambda: 1.0),
    (models.DecimalField, lambda: 1),
    (models.BinaryField, bytes),
    (models.JSONField, list),
]


def something_for(field: models.Field[Any, Any]) -> object:
    """Return a value a column takes: its default, nothing where that may be, else a plain one of its kind."""
    if isinstance(field, models.ForeignKey):
        return None if field.null else something_for(field.target_field)
    if field.has_default() or field.null:
        return field.get_default()
    for kind, plain in PLAIN:
        if isinstance(field, kind):
            return plain()
    return "" if field.blank else f"x{next(_numbers)}"[: field.max_length]


def row_of(model: type[models.Model], values: Values) -> models.Model:
    """Fill a row of a table, not yet added: what is told, and in the other columns something that goes."""
    columns = {
        field.attname: something_for(field)
        for field in model._meta.concrete_fields
        if not isinstance(field, models.BigAutoField)
    }
    assert set(values) <= set(columns), "a promise speaks of a column its table does not have"
    return model(**columns | values)


def add(row: models.Model) -> None:
    """Add a row past every action and past everything its class does on saving."""
    type(row)._base_manager.bulk_create([row])


@contextmanager
def undone() -> Iterator[None]:
    """Take back what happens inside, before PostgreSQL asks where the foreign keys point."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("promise", CHECKS, ids=lambda promise: promise.name)
def test_a_row_is_refused_by_its_check_and_only_when_it_breaks_it(promise: Promise) -> None:
    model, _ = table_of(promise.name)
    for values in promise.wrong:
        with pytest.raises(IntegrityError, match=f'"{promise.name}"'), undone():
            add(row_of(model, values))
    for values in promise.right:
        with undone():
            add(row_of(model, values))


@pytest.mark.parametrize("promise", UNKNOWN, ids=lambda promise: promise.name)
def test_a_value_not_told_does_not_slip_through_a_check(promise: Promise) -> None:
    model, _ = table_of(promise.name)
    for values in promise.wrong:
        with pytest.raises(IntegrityError, match=f'"{promise.name}"'), undone():
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
