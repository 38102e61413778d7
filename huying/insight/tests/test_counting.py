"""What is counted adds up, and the database agrees with the formulas read one case at a time."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from huying.cases.actions import move_case
from huying.cases.models import Case, Deadline, Membership
from huying.cases.tests.stories import AT, HOUR
from huying.feedback.actions import Answer, ask_appellants, rate_reply
from huying.insight.core.indicators import INDICATORS, Kind, Of
from huying.insight.queries import By, count, count_facts
from huying.insight.scope import Scope, sight_of
from huying.ledger.actor import SYSTEM
from huying.testing.cast import appeal_of, case_of, resident, staff
from huying.testing.town import DISTRICT, EAST, STREET, WEST

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
TOILET = "听澜花园旁边的公厕很脏很臭，没有人打扫"
TOWN = f"{DISTRICT}/{STREET}"
DAY = timedelta(days=1)
NOW = AT + 20 * DAY


def scope(**more: Any) -> Scope:  # noqa: ANN401 - a scope's
    told: dict[str, Any] = {"since": AT - DAY, "until": NOW, "sight": None} | more
    return Scope(**told)


def opened(east: int = 0, at: Any = AT) -> Case:  # noqa: ANN401 - a moment
    return case_of(appeal_of(TOILET, east=east, at=at))


def answered(solved: str = "yes", stars: int | None = 5, *, late: bool = False, east: int = 0) -> Case:
    """Return a case that went the whole way: signed, contacted, replied, reviewed, rated."""
    case = opened(east)
    later = (10 * DAY) if late else timedelta()
    for key, who, after, given in (
        ("sign", "lin", HOUR / 2, {}),
        ("first_contact", "lin", HOUR, {"note": "已联系"}),
        ("reply", "lin", 2 * HOUR, {"public_text": "已打扫", "solved": "yes"}),
        ("pass_review", "hao", 3 * HOUR, {}),
    ):
        move_case(case.pk, key, by=staff(who, at=AT), at=AT + after + later, **given)  # type: ignore[arg-type]
    ask_appellants(case.pk, at=AT + 3 * HOUR + later, window_days=7)
    question = case.rating_requests.get()
    said = Answer(solved, speed=stars, result=stars)
    rate_reply(question.appeal_id, said, by=resident(), at=AT + 4 * HOUR + later)
    return Case.objects.get(pk=case.pk)


def told(**more: Any) -> dict[str, tuple[int, int]]:  # noqa: ANN401 - a scope's
    return {key: (one.hits, one.whole) for key, one in count(scope(**more), at=NOW)[""].items()}


def test_the_whole_way_is_counted_once_on_each_side() -> None:
    answered()
    answered("no", 1)
    answered("yes", None)
    answered(late=True)
    opened()
    found = told()
    assert found["response"] == (3, 5), "one contacted late, one never"
    assert found["signed_on_time"] == (3, 5)
    assert found["first_dispatch"] == (4, 4)
    assert found["solved"] == (3, 4)
    assert found["satisfied"] == (2, 3), "one gave no stars"
    assert found["reworked"] == (1, 4)
    assert found["returned"] == (0, 5)
    assert found["repeated"] == (0, 5)
    assert found["self_found"] == (0, 5)
    assert found["unconfirmed"][0] == 0
    assert found["suspended"] == (0, 5)
    assert (found["came_in"], found["opened"], found["dispatched"]) == ((5, 5),) * 3
    assert (found["automatic"], found["waiting"], found["merged"]) == ((5, 5), (0, 5), (0, 5))
    heads = sum(Case.objects.values_list("fact_seq", flat=True))
    assert count_facts(scope()) == heads > 5
    assert count_facts(scope(since=NOW, until=NOW + DAY)) == 0


def test_every_indicator_adds_up_to_all_that_was_looked_at() -> None:
    answered()
    answered("no", 1, east=1)
    opened()
    waiting = case_of(appeal_of("嗯嗯好的", at=AT))
    gone = opened(1)
    move_case(gone.pk, "withdraw", by=SYSTEM, at=AT + HOUR, reason="x")
    returned = opened()
    move_case(returned.pk, "return", by=staff("lin", at=AT), at=AT + HOUR / 4, reason="不归", unit="city")
    joined = opened()
    Membership.objects.filter(case=joined).update(how="me_too")
    assert waiting.held_for
    cases, voices = Case.objects.count(), Membership.objects.filter(until_at=None).count()
    questions = 2
    alls = {Of.CASES: cases, Of.VOICES: voices, Of.ANSWERS: questions}
    for by in (None, *By):
        rows = count(scope(), by=by, at=NOW)
        for one in INDICATORS:
            whole = rows[""][one.key]
            assert whole.all == alls[one.of], (by, one.key)
            parts = [row[one.key] for name, row in rows.items() if name and one.key in row]
            if by is not None:
                assert sum(part.all for part in parts) == whole.all, (by, one.key)
                assert sum(part.hits for part in parts) == whole.hits, (by, one.key)
                for reason in whole.left:
                    assert sum(part.left[reason] for part in parts) == whole.left[reason], (by, one.key)
    assert told()["repeated"] == (1, voices)


def test_the_database_agrees_with_the_clocks_read_one_by_one() -> None:
    answered()
    answered(late=True)
    opened()
    for clock, key in (("contact", "response"), ("sign", "signed_on_time"), ("handle", "handled_on_time")):
        expected: Counter[str] = Counter()
        for case in Case.objects.all():
            rows = Deadline.objects.filter(case=case, clock=clock).order_by("-started_at")
            last = next((row for row in rows if row.met_at or row.ended_at is None), None)
            if last is None:
                expected["no_clock"] += 1
            elif last.met_at is None and last.due_at >= NOW:
                expected["running"] += 1
            else:
                expected["hit" if last.met_at and last.met_at <= last.due_at else "miss"] += 1
        found = count(scope(), at=NOW)[""][key]
        assert found.hits == expected["hit"], key
        assert found.whole == expected["hit"] + expected["miss"], key
        assert found.left["no_clock"] == expected["no_clock"], key


def test_a_clock_that_still_runs_is_left_out_and_counts_once_it_is_over() -> None:
    opened()
    early = count(scope(), at=AT + HOUR)[""]["response"]
    assert (early.whole, early.left["running"]) == (0, 1)
    late = count(scope(), at=NOW)[""]["response"]
    assert (late.hits, late.whole) == (0, 1)


def test_a_clock_that_stands_still_is_not_overdue() -> None:
    case = opened()
    Deadline.objects.filter(case=case).update(paused_at=AT + HOUR / 4)
    for key in ("response", "signed_on_time", "handled_on_time"):
        found = count(scope(), at=NOW)[""][key]
        assert (found.whole, found.left["running"]) == (0, 1), key


def test_extensions_false_closures_and_suspensions_are_counted_apart() -> None:
    answered()
    opened()
    extended, suspended, back = opened(), opened(), answered()
    Case.objects.filter(pk=extended.pk).update(extensions=1)
    Case.objects.filter(pk=suspended.pk).update(status="suspended")
    Case.objects.filter(pk=back.pk).update(false_closure=True)
    found = told()
    assert found["extended"] == (1, 5)
    assert found["suspended"] == (1, 5)
    assert found["false_closure"] == (1, 2)
    assert count(scope(), at=NOW)[""]["to_close"].whole == 2, "a suspended case is not a closed one"


def test_medians_are_of_what_has_come_so_far() -> None:
    answered()
    opened()
    found = count(scope(), at=NOW)[""]
    assert (found["to_dispatch"].whole, found["to_dispatch"].seconds) == (2, 0.0)
    assert (found["to_contact"].whole, found["to_contact"].seconds) == (1, 3600.0)
    assert found["to_reply"].seconds == 7200.0
    assert found["to_close"].left["not_yet"] == 1


def test_levels_tell_what_was_settled_in_place() -> None:
    for opened_level, closed_level in (("community", "grid"), ("community", "street"), ("", "street")):
        case = answered()
        Case.objects.filter(pk=case.pk).update(opened_level=opened_level, closed_level=closed_level)
    found = count(scope(), at=NOW)[""]["in_place"]
    assert (found.hits, found.whole, found.left["no_level"]) == (1, 2, 1)


def test_scopes_narrow_and_nobody_counts_beyond_their_sight() -> None:
    opened()
    opened(1)
    opened(1, AT + 12 * DAY)
    assert told()["returned"][1] == 3
    assert told(until=AT + DAY)["returned"][1] == 2
    assert told(area=f"{TOWN}/{EAST}")["returned"][1] == 1
    assert told(items="03")["returned"][1] + told(items="0102")["returned"][1] <= 3
    assert told(items="%")["returned"][1] == 0
    dong = sight_of(staff("dong", at=AT))
    assert dong == ((f"{TOWN}/{EAST}", ()),)
    assert told(sight=dong)["returned"][1] == 1
    assert told(sight=dong, area=f"{TOWN}/{WEST}")["returned"][1] == 0
    assert told(sight=sight_of(resident()))["returned"][1] == 0
    assert told(sight=((TOWN, ("99",)),))["returned"][1] == 0


def test_rows_are_units_areas_items_and_months() -> None:
    case = opened()
    opened(1, AT + 12 * DAY)
    assert set(count(scope(), by=By.UNIT, at=NOW)) == {"", str(case.unit_id)}
    assert set(count(scope(), by=By.AREA, at=NOW)) == {"", f"{TOWN}/{EAST}", f"{TOWN}/{WEST}"}
    assert set(count(scope(), by=By.ITEM, at=NOW)) == {"", case.item_code[:2]}
    assert set(count(scope(), by=By.MONTH, at=NOW)) == {"", "2026-09", "2026-10"}
    below = count(scope(area=f"{TOWN}/{EAST}"), by=By.AREA, at=NOW)
    assert all(not name or name.startswith(f"{TOWN}/{EAST}/") for name in below)


def test_counting_costs_three_statements(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    answered()
    connection.ensure_connection()
    for by in (None, *By):
        with django_assert_num_queries(3):
            count(scope(), by=by, at=NOW)


def test_nobody_can_be_counted_by_person() -> None:
    told_of = {str(by) for by in By} | {str(of) for of in Of} | {one.key for one in INDICATORS}
    assert not {"handler", "person", "account", "clerk"} & told_of
    assert {one.kind for one in INDICATORS} == set(Kind)


def test_what_units_say_stands_apart_from_what_residents_say() -> None:
    answered("no", 1)
    Case.objects.update(status="closed", resolution="yes", closed_at=AT + DAY, closure="confirmed")
    found = told()
    assert (found["unit_solved"], found["unit_unsolved"], found["closed"]) == ((1, 1), (0, 1), (1, 1))
    assert found["solved"] == (0, 1)
