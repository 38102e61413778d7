"""The lists of the desk: each sees what is theirs, most urgent first; search finds what was meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huying.cases import lists, searching
from huying.cases.actions import move_case
from huying.cases.lists import Order, Place, Scope, Tab, counts, inbox
from huying.cases.models import Case, Status, Task
from huying.cases.narrowing import ANY, ME, NOBODY, SHANGHAI, Narrow
from huying.cases.searching import Search, search
from huying.cases.tests import stories
from huying.people.permissions import Permission
from huying.testing.cast import appeal_of, case_of, staff

if TYPE_CHECKING:
    from huying.ledger.actor import Actor

pytestmark = pytest.mark.django_db
UNCLEAR = "嗯嗯好的"
# A matter the cleaners deal with alone; with the rubbish heap of the cast the city's force assists.
TOILET = "听澜花园旁边的公厕很脏很臭，没有人打扫"


def numbers(tab: Tab, by: Actor, **more: object) -> list[str]:
    """Return the numbers a tab shows."""
    return [case.number for case in inbox(tab, by=by, at=timezone.now(), **more).cases]  # type: ignore[arg-type] # passed on


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show two cases a page."""
    monkeypatch.setattr(lists, "PAGE", 2)
    monkeypatch.setattr(searching, "PAGE", 2)


def test_a_unit_has_what_was_dispatched_to_it_to_sign_and_its_neighbour_has_nothing() -> None:
    case = case_of(appeal_of(TOILET))
    assert numbers(Tab.TO_SIGN, staff("lin")) == [case.number]
    assert numbers(Tab.TO_SIGN, staff("wu")) == []
    assert counts(staff("wu"), at=timezone.now()) == dict.fromkeys(lists.WORK_TABS, 0)


def test_an_assisting_unit_finds_its_part_under_assisting_until_the_case_is_given_to_others() -> None:
    case, wu = case_of(appeal_of()), staff("wu")
    assert (numbers(Tab.TO_SIGN, wu), numbers(Tab.ASSIST, wu)) == ([], [case.number])
    assert numbers(Tab.ASSIST, staff("lin")) == []
    # Ling looks over areas; whose part is to assist is the units' own business.
    assert Tab.ASSIST not in counts(staff("ling"), at=timezone.now(), scope=Scope.AREAS)
    Task.objects.filter(case=case, kind="assist").update(state="ended")
    assert numbers(Tab.ASSIST, wu) == []


def test_a_case_moves_from_tab_to_tab_with_its_state() -> None:
    case, lin, at = case_of(appeal_of()), staff("lin"), timezone.now()
    assert counts(lin, at=at)[Tab.TO_SIGN] == 1
    move_case(case.pk, "sign", by=lin, at=at)
    assert (numbers(Tab.TO_SIGN, lin), numbers(Tab.WORKING, lin)) == ([], [case.number])
    move_case(case.pk, "reply", by=lin, at=at, public_text="已清走。", solved="yes")
    assert numbers(Tab.TO_REVIEW, staff("hao")) == [case.number]
    move_case(case.pk, "pass_review", by=staff("hao"), at=at)
    assert numbers(Tab.WAITING, lin) == [case.number]


def test_what_somebody_asks_for_waits_in_a_tab_until_it_is_ruled_on() -> None:
    case = stories.extension_asked()
    hao, du = staff("hao", at=stories.AT), staff("du", at=stories.AT)
    assert numbers(Tab.TO_RULE, hao) == [case.number]
    assert numbers(Tab.TO_RULE, staff("wu", at=stories.AT)) == []
    over = inbox(Tab.TO_RULE, by=du, at=stories.AT, scope=Scope.AREAS)
    assert [one.number for one in over.cases] == [case.number]
    stories.made(case, "refuse_extension", "hao", reason="来得及")
    assert numbers(Tab.TO_RULE, hao) == []


def test_what_is_late_and_what_is_soon_late_have_tabs_of_their_own() -> None:
    case, lin = case_of(appeal_of()), staff("lin")
    assert case.warn_at is not None
    assert case.next_due_at is not None
    soon, late = case.warn_at + timedelta(seconds=1), case.next_due_at + timedelta(seconds=1)
    tabs = tuple(tab for tab in lists.WORK_TABS if tab != Tab.TODAY)  # below
    assert counts(lin, at=soon, tabs=tabs) == {**dict.fromkeys(tabs, 0), Tab.TO_SIGN: 1, Tab.SOON: 1}
    assert counts(lin, at=late, tabs=tabs) == {**dict.fromkeys(tabs, 0), Tab.TO_SIGN: 1, Tab.OVERDUE: 1}
    assert [one.number for one in inbox(Tab.OVERDUE, by=lin, at=late).cases] == [case.number]


@pytest.mark.parametrize(
    ("now", "due", "today"),
    [
        ("08:00", "23:59", True),
        ("08:00", "24:00", False),
        ("23:30", "23:59", True),
        ("12:00", "11:59", False),
    ],
)
def test_due_today_ends_at_midnight_in_shanghai(now: str, due: str, today: object) -> None:
    case, midnight = case_of(appeal_of()), datetime(2026, 9, 22, tzinfo=SHANGHAI)

    def moment(text: str) -> datetime:
        hours, minutes = text.split(":")
        return midnight + timedelta(hours=int(hours), minutes=int(minutes))

    Case.objects.filter(pk=case.pk).update(next_due_at=moment(due))
    found = inbox(Tab.TODAY, by=staff("lin"), at=moment(now)).cases
    assert found == ([case] if today else [])


@pytest.mark.parametrize("order", Order)
@pytest.mark.usefixtures("short_pages")
def test_in_every_order_the_pages_hold_each_case_once(order: Order) -> None:
    cases = [case_of(appeal_of(f"楼下垃圾堆了{day}天没人清，臭得很")) for day in range(3, 10)]
    Case.objects.filter(pk__in=[case.pk for case in cases[:3]]).update(next_due_at=None)
    Case.objects.filter(pk__in=[cases[1].pk, cases[4].pk]).update(grade="A")
    lin, seen, after = staff("lin"), [], None
    while True:
        page = inbox(Tab.TO_SIGN, by=lin, at=timezone.now(), after=after, order=order)
        seen += page.cases
        if not page.following:
            break
        after = Place.read(page.following)
        assert after is not None
    far = datetime.max.replace(tzinfo=SHANGHAI) - timedelta(days=2)

    def place(case: Case) -> tuple[object, ...]:
        due = case.next_due_at or far
        keys = {
            Order.DUE: (due, case.pk.int), Order.GRADE: (case.grade, due, case.pk.int),
            Order.OLDEST: (case.pk.int,), Order.NEWEST: (-case.pk.int,),
        }  # fmt: skip
        return keys[order]

    assert seen == sorted(Case.objects.filter(pk__in=[case.pk for case in cases]), key=place)


@pytest.mark.usefixtures("short_pages")
def test_every_page_goes_on_where_the_one_before_ended_with_and_without_a_clock() -> None:
    cases = [case_of(appeal_of(f"楼下垃圾堆了{day}天没人清，臭得很")) for day in range(3, 10)]
    # Three without a running clock: they come after those with one.
    Case.objects.filter(pk__in=[case.pk for case in cases[:3]]).update(next_due_at=None)
    lin, seen, after = staff("lin"), [], None
    while True:
        page = inbox(Tab.TO_SIGN, by=lin, at=timezone.now(), after=after)
        seen += [case.number for case in page.cases]
        if not page.following:
            break
        after = Place.read(page.following)
        assert after is not None
    dated = sorted(cases[3:], key=lambda case: (case.next_due_at, case.pk))
    assert seen == [case.number for case in [*dated, *cases[:3]]]


def test_a_page_address_that_names_no_place_starts_at_the_top() -> None:
    assert Place.read("") is None
    assert Place.read("2026-01-01_'; DROP TABLE cases_case") is None
    assert Place.read("infinity_0190a1b2-0000-7000-8000-000000000000") is not None


def test_the_centre_sees_what_waits_anywhere_and_a_unit_does_not() -> None:
    case = case_of(appeal_of(UNCLEAR))
    assert case.status == Status.SUBMITTED
    assert numbers(Tab.QUEUE, staff("mei")) == numbers(Tab.QUEUE, staff("shou")) == [case.number]
    assert numbers(Tab.QUEUE, staff("lin")) == numbers(Tab.QUEUE, staff("dong")) == []
    # Whoever may only answer at once does not rule on returns.
    assert Tab.RETURNS in counts(staff("mei"), at=timezone.now())
    assert Tab.RETURNS not in counts(staff("shou"), at=timezone.now())


def test_a_community_sees_its_own_area_and_not_the_next_one() -> None:
    here, there = case_of(appeal_of(east=0)), case_of(appeal_of(east=1))
    assert here.area_path != there.area_path
    assert numbers(Tab.TO_SIGN, staff("dong"), scope=Scope.AREAS) == [here.number]
    assert numbers(Tab.TO_SIGN, staff("ling"), scope=Scope.AREAS) == [here.number, there.number]
    assert numbers(Tab.TO_SIGN, staff("lin"), scope=Scope.AREAS) == []


def test_a_list_is_narrowed_by_item_grade_unit_area_and_supervision() -> None:
    here, there, ling = case_of(appeal_of(east=0)), case_of(appeal_of(east=1)), staff("ling")
    Case.objects.filter(pk=there.pk).update(supervised=True)

    def shown(narrow: Narrow) -> list[str]:
        found = numbers(Tab.TO_SIGN, ling, scope=Scope.AREAS, narrow=narrow)
        assert counts(ling, at=timezone.now(), scope=Scope.AREAS, narrow=narrow)[Tab.TO_SIGN] == len(found)
        return found

    assert shown(Narrow(item=here.item_code[:2])) == [here.number, there.number]
    assert shown(Narrow(item="99")) == []
    assert shown(Narrow(unit="cleaning", grade=here.grade)) == [here.number, there.number]
    assert shown(Narrow(unit="nobody")) == []
    assert shown(Narrow(area="440399001001")) == [here.number]
    assert shown(Narrow(area="nowhere")) == []
    assert shown(Narrow(supervised=True)) == [there.number]


def test_a_list_is_narrowed_to_what_is_mine_nobody_s_reworked_many_voiced_or_of_some_days() -> None:
    mine, other, lin = case_of(appeal_of(east=0)), case_of(appeal_of(east=1)), staff("lin")
    Case.objects.filter(pk=mine.pk).update(handler_id=lin.id, round=1, appeal_count=3)
    day = timezone.localtime(mine.opened_at).date()

    def shown(narrow: Narrow) -> list[str]:
        found = numbers(Tab.TO_SIGN, lin, narrow=narrow)
        assert counts(lin, at=timezone.now(), narrow=narrow)[Tab.TO_SIGN] == len(found)
        assert {case.number for case in search(Search(narrow=narrow), by=lin).cases} == set(found)
        return found

    for narrow in (Narrow(handler=ME), Narrow(rework=True), Narrow(many=True)):
        assert shown(narrow) == [mine.number]
    assert shown(Narrow(handler=NOBODY)) == [other.number]
    assert shown(Narrow(opened_from=day, opened_to=day)) == [mine.number, other.number]
    assert shown(Narrow(opened_from=day + timedelta(days=1))) == []
    assert shown(Narrow(opened_to=day - timedelta(days=1))) == []


@pytest.mark.parametrize("words", ["公厕", "听澜花园", "没有人打扫", "tlhy", "tinglan", "hws"])
def test_a_case_is_found_by_words_of_the_text_place_pinyin_and_initials(words: str) -> None:
    case = case_of(appeal_of(TOILET))
    assert [one.number for one in search(Search(words), by=staff("lin")).cases] == [case.number]
    assert search(Search(words), by=staff("wu")).cases == []


def test_a_case_is_found_by_its_number_and_by_the_numbers_of_its_appeals() -> None:
    taken = appeal_of()
    case = case_of(taken)
    for typed in (case.number, taken.number, f" {taken.number[:4].lower()}-{taken.number[4:]} "):
        assert [one.pk for one in search(Search(typed), by=staff("lin")).cases] == [case.pk]


@pytest.mark.parametrize("words", ["不会有的词语", "%", "_", "'", "GD999999999999", "zzzzzz"])
def test_what_is_not_there_is_not_found(words: str) -> None:
    appeal_of()
    assert search(Search(words), by=staff("lin")).cases == []


@pytest.mark.usefixtures("short_pages")
def test_search_goes_on_with_older_cases_and_can_leave_out_those_that_ended() -> None:
    cases = [case_of(appeal_of(f"楼下垃圾堆了{day}天没人清，臭得很")) for day in range(3, 6)]
    Case.objects.filter(pk=cases[1].pk).update(status=Status.WITHDRAWN)
    first = search(Search("垃圾"), by=staff("lin"))
    assert [case.pk for case in first.cases] == [cases[2].pk, cases[1].pk]
    rest = search(Search("垃圾"), by=staff("lin"), before=first.cases[-1].pk)
    assert ([case.pk for case in rest.cases], rest.following) == ([cases[0].pk], "")
    still_open = search(Search("垃圾", status="open"), by=staff("lin"))
    assert [case.pk for case in still_open.cases] == [cases[2].pk, cases[0].pk]


def test_a_confidential_case_is_in_the_list_of_an_area_only_for_who_may_see_such() -> None:
    case, secret = case_of(appeal_of(east=0)), case_of(appeal_of(east=0))
    Case.objects.filter(pk=secret.pk).update(confidential=True)
    mei = staff("mei")
    grants = tuple(
        replace(grant, on_area=grant.on_area - {Permission.CASE_CONFIDENTIAL}) for grant in mei.grants
    )
    plain, at = replace(mei, grants=grants), timezone.now()
    trusted = replace(
        mei,
        grants=tuple(replace(one, on_area=one.on_area | {Permission.CASE_CONFIDENTIAL}) for one in grants),
    )
    for by, seen in ((plain, [case.number]), (trusted, [case.number, secret.number])):
        assert numbers(Tab.TO_SIGN, by, scope=Scope.AREAS) == seen
        assert counts(by, at=at, scope=Scope.AREAS)[Tab.TO_SIGN] == len(seen)
        assert sorted(one.number for one in search(Search(), by=by).cases) == sorted(seen)
    # The unit that works on it goes on seeing it.
    assert numbers(Tab.TO_SIGN, staff("lin")) == [case.number, secret.number]


def test_who_is_called_in_and_what_waits_for_details_or_is_on_hold_have_tabs_of_their_own() -> None:
    case, other, lin = case_of(appeal_of()), case_of(appeal_of()), staff("lin")
    Task.objects.filter(case=case, kind="assist").update(kind="call_in")
    wu = staff("wu")
    assert (numbers(Tab.ASSIST, wu), numbers(Tab.CALL_IN, wu)) == ([other.number], [case.number])
    for status, tab in ((Status.NEED_INFO, Tab.NEED_INFO), (Status.SUSPENDED, Tab.SUSPENDED)):
        Case.objects.filter(pk=case.pk).update(status=status)
        assert numbers(tab, lin) == numbers(tab, staff("ling"), scope=Scope.AREAS) == [case.number]
        assert numbers(Tab.TO_SIGN, lin) == [other.number]


def test_all_counts_together_cost_one_statement() -> None:
    mei, at = staff("mei"), timezone.now()
    counts(mei, at=at)
    with CaptureQueriesContext(connection) as asked:
        counts(mei, at=at, scope=Scope.AREAS)
    assert len([query for query in asked if "cases_case" in query["sql"]]) == 1


@pytest.mark.parametrize(
    ("marks", "narrow"),
    [
        ({"urged_count": 1}, Narrow(urged=True)),
        ({"supervision": "red", "supervised": True}, Narrow(supervision="red")),
        ({"leader_noted": True}, Narrow(noted=True)),
        ({"major": True}, Narrow(major=True)),
        ({"concerns_many": True}, Narrow(concerns_many=True)),
        ({"confidential": True}, Narrow(confidential=True)),
        ({"open_asks": 1}, Narrow(asked=ANY)),
    ],
    ids=str,
)
def test_a_list_is_narrowed_by_what_marks_a_case_and_by_nothing_else(
    marks: dict[str, object], narrow: Narrow
) -> None:
    marked, plain = case_of(appeal_of(TOILET)), case_of(appeal_of(TOILET.replace("公厕", "女厕所")))
    Case.objects.filter(pk=marked.pk).update(**marks)
    lin, wu = staff("lin"), staff("wu")
    for wanted in (narrow, replace(narrow, grade=marked.grade)):
        assert numbers(Tab.TO_SIGN, lin, narrow=wanted) == [marked.number]
        assert counts(lin, at=timezone.now(), narrow=wanted)[Tab.TO_SIGN] == 1
        assert [case.number for case in search(Search(narrow=wanted), by=lin).cases] == [marked.number]
        assert numbers(Tab.TO_SIGN, wu, narrow=wanted) == []
    assert len(numbers(Tab.TO_SIGN, lin)) == len({marked.number, plain.number})


def test_a_list_is_narrowed_to_one_kind_of_application() -> None:
    case = case_of(appeal_of(TOILET))
    move_case(case.pk, "sign", by=staff("lin"), at=timezone.now())
    move_case(case.pk, "ask_extension", by=staff("lin"), at=timezone.now(), reason="等配件", days=3)
    for kind, found in (("extension", [case.number]), ("suspension", [])):
        narrow = Narrow(asked=kind)
        assert numbers(Tab.WORKING, staff("lin"), narrow=narrow) == found
        assert [one.number for one in search(Search(narrow=narrow), by=staff("lin")).cases] == found
