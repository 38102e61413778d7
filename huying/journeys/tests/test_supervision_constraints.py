"""The database keeps the promises of supervision by itself: both sides of each, as for every other table."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, models, transaction

from huying.cases.tests.stories import AT
from huying.journeys.tests.test_more_constraints import (
    ONE,
    OTHER,
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
MONDAY = TODAY - timedelta(days=TODAY.weekday())

CHECKS = [
    check(
        "a_topic_that_is_over_says_when",
        wrong=[{"state": "ended"}, {"state": "dropped"}, {"state": "listed", "ended_at": AT}],
        right=[{"state": "ended", "ended_at": AT}, {"state": "proposed"}, {"state": "decided"}],
    ),
    check(
        "a_topic_from_a_hot_spot_names_it",
        given={"source": "hot_spot"},
        wrong=[{}],
        right=[{"hot_spot": ONE}, {"source": "hand"}],
    ),
    check(
        "a_household_that_is_done_says_when",
        wrong=[{"state": "done"}, {"state": "open", "done_at": AT}],
        right=[{"state": "done", "done_at": AT}, {"state": "at_work"}],
    ),
    check(
        "released_minutes_are_kept_as_they_were",
        wrong=[{"state": "released", "released_at": AT}, {"state": "called", "released_at": AT}],
        right=[{"state": "released", "released_at": AT, "minutes": {}}, {"state": "called"}],
    ),
    check(
        "an_item_that_is_settled_says_when",
        wrong=[{"outcome": "decided"}, {"outcome": "", "settled_at": AT}],
        right=[{"outcome": "heard", "settled_at": AT}, {"outcome": ""}],
    ),
    check(
        "more_than_before_is_no_less_than_as_before",
        given={"fewest_people": 3, "fewest_to_tell": 5, "pace_after_days": 14, "as_before_percent": 80},
        wrong=[{"more_percent": 79}],
        right=[{"more_percent": 80}, {"more_percent": 120}],
    ),
    check(
        "an_effect_is_judged_by_something",
        given={"more_percent": 120, "fewest_to_tell": 5, "pace_after_days": 14, "as_before_percent": 80},
        wrong=[{"fewest_people": 0}, {"fewest_people": 3, "pace_after_days": 0}],
        right=[{"fewest_people": 1}],
    ),
    check(
        "a_guide_says_something",
        wrong=[{"title": "", "text": "文"}, {"title": "题", "text": ""}],
        right=[{"title": "题", "text": "文"}],
    ),
    check(
        "a_guide_out_for_comments_says_until_when",
        given={"title": "题", "text": "文", "state": "comments"},
        wrong=[{}],
        right=[{"comments_until": TODAY}, {"state": "draft"}],
    ),
    check(
        "a_withdrawn_guide_says_why",
        given={"title": "题", "text": "文", "state": "withdrawn"},
        wrong=[{"said": ""}],
        right=[{"said": "并入"}, {"state": "published"}],
    ),
    check(
        "a_comment_that_is_answered_says_how",
        wrong=[{"answer": "采纳"}, {"answer": "", "answered_at": AT}],
        right=[{"answer": "采纳", "answered_at": AT}, {"answer": ""}],
    ),
    check("a_decision_says_what", wrong=[{"text": ""}], right=[{"text": "本周办结"}]),
    check(
        "an_order_that_is_over_says_when",
        wrong=[{"state": "closed"}, {"state": "cancelled"}, {"state": "given", "closed_at": AT}],
        right=[{"state": "closed", "closed_at": AT}, {"state": "at_work"}],
    ),
    check(
        "nobody_approves_the_end_of_their_own_order",
        given={"state": "closed", "closed_at": AT, "reported_by_id": ONE},
        wrong=[{"closed_by_id": ONE}],
        right=[{"closed_by_id": OTHER}, {}],
    ),
    check(
        "a_reported_order_says_when",
        given={"state": "reported"},
        wrong=[{}],
        right=[{"reported_at": AT}],
    ),
    check(
        "a_promise_with_a_date_says_what",
        given={"promised_on": TODAY},
        wrong=[{"promise": ""}],
        right=[{"promise": "修好"}, {"promise": "", "promised_on": None}],
    ),
    check("works_have_a_quantity", wrong=[{"quantity": 0}, {"quantity": -1}], right=[{"quantity": 1}]),
    check(
        "works_cost_nothing_or_more", wrong=[{"cost_yuan": -1}], right=[{"cost_yuan": 0}, {"cost_yuan": None}]
    ),
    check(
        "a_week_begins_on_monday",
        wrong=[{"week_on": MONDAY + timedelta(days=days)} for days in range(1, 7)],
        right=[{"week_on": MONDAY}],
    ),
    check(
        "an_effect_that_is_found_says_when",
        wrong=[{"found": "fell"}, {"found": "running", "settled_at": AT}],
        right=[{"found": "rose", "settled_at": AT}, {"found": "running"}],
    ),
    check(
        "a_release_is_of_a_topic_or_of_an_order",
        given={"title": "t", "text": "t"},
        wrong=[{}, {"topic_id": ONE, "order_id": OTHER}],
        right=[{"topic_id": ONE}, {"order_id": ONE}],
    ),
    check(
        "what_is_public_of_a_matter_has_words",
        given={"topic_id": ONE},
        wrong=[{}, {"title": "t"}, {"withdrawn_at": AT}, {"title": "t", "text": "t", "withdrawn_at": AT}],
        right=[{"title": "t", "text": "t"}, {"withdrawn_at": AT, "withdraw_reason": "错了"}],
    ),
]

ONCES = [
    once("a_hot_spot_is_one_running_topic", {"hot_spot": OTHER}, {"state": "ended", "ended_at": AT},
         given={"hot_spot": ONE, "state": "proposed"}),
    once("a_guide_has_an_edition_once", {"number": 2}, {"guide_id": OTHER},
         given={"guide_id": ONE, "number": 1}),
    once("a_case_is_in_a_topic_once", {"case_id": OTHER}, {"topic_id": OTHER},
         given={"topic_id": ONE, "case_id": ONE}),
    once("a_household_is_listed_once", {"label": "3栋502"}, {"topic_id": OTHER},
         given={"topic_id": ONE, "label": "3栋501"}),
    once("a_meeting_of_a_body_is_counted_once_a_year", {"year": 2027}, {"number": 2}, {"body_id": OTHER},
         given={"body_id": ONE, "year": 2026, "number": 1}),
    once("somebody_is_at_a_meeting_once", {"who": "主任"}, {"meeting_id": OTHER},
         given={"meeting_id": ONE, "who": "书记"}),
    once("a_topic_waits_on_one_agenda", {"topic_id": OTHER}, {"outcome": "put_off", "settled_at": AT},
         given={"topic_id": ONE, "outcome": ""}),
    once("a_topic_is_on_an_agenda_once", {"meeting_id": OTHER}, {"outcome": "taken_off"},
         given={"topic_id": ONE, "meeting_id": ONE, "outcome": "decided", "settled_at": AT}),
    once("an_agenda_has_one_standing_item", {"is_standing": False}, {"meeting_id": OTHER},
         given={"meeting_id": ONE, "is_standing": True}),
    once("decisions_of_an_item_are_counted_once", {"place": 2}, {"item_id": OTHER},
         given={"item_id": ONE, "place": 1}),
    once("orders_are_counted_once_a_year", {"year": 2027}, {"number": 2}, given={"year": 2026, "number": 1}),
    once("a_unit_assists_once", {"unit_id": OTHER}, given={"order_id": ONE, "unit_id": ONE}),
    once("a_case_is_in_an_order_once", {"case_id": OTHER}, given={"order_id": ONE, "case_id": ONE}),
    once("a_photo_of_an_order_is_kept_once", {"shows": "after"}, {"stored_as": "photo/b"},
         given={"order_id": ONE, "shows": "before", "stored_as": "photo/a"}),
    once("an_end_of_an_order_is_checked_once", {"round": 1}, given={"order_id": ONE, "round": 0}),
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
        add(row_of(model, promise.given))
        with pytest.raises(IntegrityError, match=f'"{promise.name}"'), transaction.atomic():
            add(row_of(model, promise.given))
        for differing in promise.differing:
            with undone():
                add(row_of(model, promise.given | differing))


def test_every_promise_of_these_tables_is_proved_here() -> None:
    from django.apps import apps

    named = {promise.name for promise in CHECKS} | {promise.name for promise in ONCES}
    tables = apps.get_app_config("supervision").get_models()
    constraints: list[models.BaseConstraint] = [one for table in tables for one in table._meta.constraints]
    made = {one.name for one in constraints}
    assert made == named
