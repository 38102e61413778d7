"""The inbox, the area view and search through the browser."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huying.cases import lists, searching
from huying.cases.actions import move_case
from huying.cases.models import Case
from huying.home.tests.desks import HOSTILE, TOILET, desk_of, toilet_case
from huying.testing.cast import appeal_of, case_of, staff

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


def test_the_inbox_shows_what_is_to_be_signed_with_its_clock_place_and_unit() -> None:
    case = toilet_case()
    page = desk_of("lin").get("/desk/").content.decode()
    assert f'href="/desk/cases/{case.number}/"' in page
    assert all(words in page for words in (TOILET, "Dirty", "听澜花园", "环卫所", "To sign"))


def test_the_neighbour_unit_s_inbox_stays_empty() -> None:
    case = toilet_case()
    assert case.number not in desk_of("wu").get("/desk/?tab=to_sign").content.decode()


def test_a_tab_and_its_filters_stand_in_the_address() -> None:
    case = toilet_case()
    lin = desk_of("lin")
    shown = lin.get("/desk/?tab=to_sign&grade=C&area=竹影社区&item=01").content.decode()
    assert case.number in shown
    assert "tab=working" in shown
    assert "grade=C" in shown
    assert case.number not in lin.get("/desk/?tab=to_sign&grade=A").content.decode()
    assert case.number not in lin.get("/desk/?tab=to_sign&area=hetang").content.decode()


@pytest.mark.parametrize(
    "address", ["tab=nothing", "after=x", "item=zz", "unit=nobody", "area=的", "grade=Z", "before=1"]
)
def test_an_address_that_makes_no_sense_still_shows_the_list(address: str) -> None:
    toilet_case()
    assert desk_of("lin").get(f"/desk/?{address}").status_code == 200
    assert desk_of("lin").get(f"/desk/search/?{address}").status_code == 200


def test_the_next_page_goes_on_where_this_one_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "PAGE", 2)
    monkeypatch.setattr(searching, "PAGE", 2)
    cases = [case_of(appeal_of(f"公厕{day}天没有人打扫")) for day in range(3, 8)]
    lin, seen, address = desk_of("lin"), [], "/desk/?tab=to_sign"
    while address:
        answer = lin.get(address)
        seen += [row["number"] for row in answer.context["cases"]]
        following = answer.context["next_url"]
        address = f"/desk/{following}" if following else ""
    assert seen == [case.number for case in sorted(cases, key=lambda one: (one.next_due_at, one.pk))]


def test_rework_supervision_and_several_voices_are_marked() -> None:
    case = toilet_case()
    Case.objects.filter(pk=case.pk).update(round=1, supervised=True, appeal_count=4)
    page = desk_of("lin").get("/desk/").content.decode()
    assert all(words in page for words in ("Rework", "Supervised", "4 appeals"))


def test_a_community_head_sees_the_area_and_not_the_next_one() -> None:
    here, there = toilet_case(), case_of(appeal_of("荷风雅居旁边的公厕没有人打扫", east=1))
    page = desk_of("dong").get("/desk/area/?tab=to_sign").content.decode()
    assert here.number in page
    assert there.number not in page
    assert "竹影社区" in page


def test_a_number_leads_straight_to_its_case_also_an_appeal_s() -> None:
    taken = appeal_of(TOILET)
    case = case_of(taken)
    for typed in (case.number, taken.number.lower()):
        answer = desk_of("lin").get("/desk/search/", {"q": typed})
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/desk/cases/{case.number}/")
    assert desk_of("wu").get("/desk/search/", {"q": case.number}).status_code == 200


def test_words_find_a_case_for_its_unit_and_nothing_for_the_neighbour() -> None:
    case = toilet_case()
    for words in ("公厕", "tlhy", "打扫"):
        assert case.number in desk_of("lin").get("/desk/search/", {"q": words}).content.decode()
        assert case.number not in desk_of("wu").get("/desk/search/", {"q": words}).content.decode()


def test_search_keeps_its_words_when_it_is_narrowed() -> None:
    case = toilet_case()
    page = desk_of("lin").get("/desk/search/", {"q": "公厕", "status": "dispatched"}).content.decode()
    assert case.number in page
    assert '<input type="hidden" name="q" value="公厕">' in page
    closed = desk_of("lin").get("/desk/search/", {"q": "公厕", "status": "closed"}).content.decode()
    assert case.number not in closed


def test_hostile_words_are_shown_as_words() -> None:
    case = case_of(appeal_of(HOSTILE))
    lin = desk_of("lin")
    for answer in (
        lin.get("/desk/?tab=to_sign"),
        lin.get("/desk/search/", {"q": "<script>alert(1)</script>"}),
    ):
        page = answer.content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert "&lt;script&gt;alert(&#x27;x&#x27;)" in lin.get(f"/desk/cases/{case.number}/").content.decode()


@pytest.mark.parametrize("address", ["/desk/?tab=to_sign", "/desk/area/?tab=to_sign", "/desk/search/?q=公厕"])
def test_a_list_costs_the_same_statements_however_long_it_is(address: str) -> None:
    dong = desk_of("dong")
    for day in range(3, 6):
        appeal_of(f"公厕{day}天没有人打扫")
    dong.get(address)  # what is held in memory is read once
    with CaptureQueriesContext(connection) as few:
        dong.get(address)
    for day in range(6, 16):
        appeal_of(f"公厕{day}天没有人打扫")
    with CaptureQueriesContext(connection) as many:
        dong.get(address)
    assert len(many) == len(few) <= MOST_QUERIES


def test_notices_of_a_unit_are_counted_shown_and_read_once() -> None:
    from huying.notify.actions import Told, tell_units

    case, lin = toilet_case(), desk_of("lin")
    words = {"number": case.number, "title": "<b>", "due": "—"}
    tell_units([Told(case.unit_id or case.pk, "unit_dispatched", words, timezone.now())])
    page = lin.get("/desk/notices/").content.decode()
    assert f'href="/desk/cases/{case.number}/"' in page
    assert "&lt;b&gt;" in page
    assert 'tag-call">new' in page
    lin.post("/desk/notices/read/")
    assert 'tag-call">new' not in lin.get("/desk/notices/").content.decode()
    assert case.number not in desk_of("wu").get("/desk/notices/").content.decode()


def test_the_catalogue_can_be_looked_through_by_level_and_by_words() -> None:
    lin = desk_of("lin")
    lin.cookies["django_language"] = "zh-hans"
    assert "公厕脏臭、无人保洁" in lin.get("/desk/items/").content.decode()
    narrowed = lin.get("/desk/items/", {"words": "gczc"}).content.decode()
    assert "公厕脏臭、无人保洁" in narrowed
    assert "路灯不亮" not in narrowed
    part = lin.get(
        "/desk/items/", {"part": "1", "into": "id_dispatch_item", "words": "公厕"}
    ).content.decode()
    assert 'data-pick-into="id_dispatch_item" data-pick="公厕脏臭、无人保洁"' in part
    assert "<html" not in part


def test_the_clerk_who_moved_a_case_finds_it_under_the_next_tab() -> None:
    case, lin = toilet_case(), desk_of("lin")
    move_case(case.pk, "sign", by=staff("lin"), at=timezone.now())
    assert case.number in lin.get("/desk/?tab=working").content.decode()
    assert case.number not in lin.get("/desk/?tab=to_sign").content.decode()
