"""The database keeps the promises of papers by itself: what each constraint refuses and what it lets pass."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from huying.bulletin import models as tables
from huying.cases.tests.stories import AT
from huying.journeys.tests.test_more_constraints import Values, add, row_of, undone

if TYPE_CHECKING:
    from django.db.models import Model

pytestmark = pytest.mark.django_db
ONE, OTHER = UUID(int=1), UUID(int=2)  # the same in every test process: they stand in the names of tests
DAY = AT.date()
ISSUED: Values = {
    "state": "issued", "number": 1, "year": 2026, "issued_at": AT, "answer_by": AT, "paper": {},
    "sha256": "x",
}  # fmt: skip
RELEASED: Values = {"number": 1, "year": 2026, "released_at": AT, "paper": {}, "sha256": "x", "ends_on": DAY}
WEEK: Values = {"area_id": ONE, "span": "week", "starts_on": DAY, "ends_on": DAY}

# (name, table, what every row has, rows refused, rows let pass)
CHECKS: tuple[tuple[str, type[Model], Values, list[Values], list[Values]], ...] = (
    ("what_was_issued_has_its_number_and_its_paper", tables.Reminder, ISSUED,
     [{"number": None}, {"paper": None}, {"sha256": ""}, {"state": "draft"}, {"answer_by": None}],
     [{}, {"state": "draft", "number": None}, {"state": "dropped", "number": None}]),
    ("nobody_signs_a_reminder_of_their_own", tables.Reminder, {"drafted_by_id": ONE},
     [{"signed_by_id": ONE}], [{"signed_by_id": OTHER}, {}]),
    ("an_answered_reminder_holds_the_answer", tables.Reminder, ISSUED,
     [{"state": "answered"}, {"state": "closed"}], [{"state": "answered", "answer": "已办"}, {}]),
    ("a_released_bulletin_has_its_issue_and_its_paper", tables.Bulletin, RELEASED | {"starts_on": DAY},
     [{"state": "released", "number": None}, {"state": "released", "paper": None},
      {"state": "released", "sha256": ""}], [{"state": "released"}, {"state": "draft", "number": None}]),
    ("a_new_edition_says_what_it_puts_right", tables.Bulletin, WEEK,
     [{"corrects_id": ONE}], [{"corrects_id": ONE, "correction": "更正"}, {}]),
    ("a_bulletin_ends_after_it_began", tables.Bulletin, {"starts_on": DAY},
     [{"ends_on": DAY.replace(day=1)}], [{"ends_on": DAY}]),
    ("what_came_of_a_promise_says_how", tables.Promise, {},
     [{"outcome": "kept"}, {"outcome": "kept", "outcome_text": "完成"}],
     [{"outcome": "open"}, {"outcome": "kept", "outcome_text": "完成", "outcome_at": AT}]),
    ("a_print_is_of_one_paper", tables.Print, {"data": b"x"},
     [{}, {"reminder_id": ONE, "bulletin_id": ONE}], [{"reminder_id": ONE}, {"bulletin_id": ONE}]),
)  # fmt: skip
# (name, table, a row, what makes a second row another one)
ONCES: tuple[tuple[str, type[Model], Values, list[Values]], ...] = (
    ("a_series_runs_once_a_kind_area_and_year", tables.Series,
     {"kind": "reminder", "area_id": ONE, "year": 2026},
     [{"kind": "other"}, {"area_id": OTHER}, {"year": 2027}]),
    ("a_reminder_has_a_number_of_its_own", tables.Reminder,
     ISSUED | {"area_id": ONE}, [{"area_id": OTHER}, {"year": 2027}, {"number": 2}]),
    ("a_set_of_cases_is_reminded_of_once_at_a_time", tables.Reminder,
     {"set_key": "k", "state": "draft"}, [{"set_key": "l"}, {"state": "dropped"}]),
    ("a_letter_names_a_case_once", tables.ReminderCase,
     {"reminder_id": ONE, "case_id": ONE}, [{"case_id": OTHER}, {"reminder_id": OTHER}]),
    ("a_level_has_one_plan_a_span", tables.BulletinPlan,
     {"level_id": "street", "span": "week"}, [{"span": "day"}, {"level_id": "community"}]),
    ("a_bulletin_has_one_of_each_edition", tables.Bulletin,
     WEEK | RELEASED | {"state": "released"},
     [{"edition": 2, "number": 2}, {"state": "dropped", "number": 3}]),
    ("a_bulletin_is_drafted_once_at_a_time", tables.Bulletin,
     WEEK | {"edition": 1}, [{"area_id": OTHER}, {"span": "day"}]),
    ("a_bulletin_has_an_issue_of_its_own", tables.Bulletin,
     WEEK | RELEASED | {"state": "dropped"}, [{"number": 2}, {"edition": 2}]),
    ("promises_of_a_bulletin_are_in_order", tables.Promise,
     {"bulletin_id": ONE, "place": 1}, [{"place": 2}, {"bulletin_id": OTHER}]),
    ("a_bulletin_promises_an_order_once", tables.Promise,
     {"bulletin_id": ONE, "place": 1, "order_key": "o"},
     [{"place": 2, "order_key": "p"}, {"place": 3, "order_key": ""}, {"place": 4, "order_key": ""}]),
    ("a_letter_is_printed_once_a_kind", tables.Print,
     {"reminder_id": ONE, "ending": "pdf", "data": b"x"}, [{"ending": "docx"}, {"reminder_id": OTHER}]),
    ("a_bulletin_is_printed_once_a_kind", tables.Print,
     {"bulletin_id": ONE, "ending": "pdf", "data": b"x"}, [{"ending": "docx"}, {"bulletin_id": OTHER}]),
)  # fmt: skip


@pytest.mark.parametrize(("name", "table", "given", "wrong", "right"), CHECKS, ids=lambda one: str(one)[:60])
def test_a_row_is_refused_only_when_it_breaks_its_check(
    name: str, table: type[Model], given: Values, wrong: list[Values], right: list[Values]
) -> None:
    for values in wrong:
        with pytest.raises(IntegrityError, match=f'"{name}"'), undone():
            add(row_of(table, given | values))
    for values in right:
        with undone():
            add(row_of(table, given | values))


@pytest.mark.parametrize(("name", "table", "given", "others"), ONCES, ids=lambda one: str(one)[:60])
def test_what_is_there_once_is_refused_a_second_time(
    name: str, table: type[Model], given: Values, others: list[Values]
) -> None:
    again = given | ({"place": 9} if name == "a_bulletin_promises_an_order_once" else {})
    with undone():
        add(row_of(table, given))
        refusals = f'"{name}"|"a_bulletin_has_one_of_each_edition"'
        with pytest.raises(IntegrityError, match=refusals), transaction.atomic():
            add(row_of(table, again))
        for values in others:
            with undone():
                add(row_of(table, given | values))
