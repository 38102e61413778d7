"""What stands around a list: columns, order, views, tree, counts that keep up, print, hints for a search."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huying.cases.actions import move_case
from huying.cases.models import Case
from huying.home.desk.views import changed_columns
from huying.home.tests.desks import TOILET, desk_of, toilet_case
from huying.testing.cast import appeal_of, case_of, staff
from huying.workbench.columns import USUAL
from huying.workbench.lens import read_lens
from huying.workbench.models import ListHabit, SavedView
from huying.workbench.telling import tell_lens

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
# The list itself, its counts and notices, views and habits, and who is signed in.
MOST_QUERIES = 14


@pytest.fixture(autouse=True)
def _fresh_counts() -> None:
    cache.clear()


def heads(client: Client, address: str) -> list[str]:
    """Return the headings of the columns a list shows."""
    head = client.get(address).content.decode().split("<thead>")[1].split("</thead>")[0]
    return [
        re.sub(r"<[^>]+>", "", one).strip() for one in re.findall(r'<th scope="col"(?! class).*?</th>', head)
    ]


def saved(client: Client, name: str, address: str, shared: str = "nobody") -> SavedView:
    """Save the inbox of an address as a view."""
    told = {"listed": "inbox", "address": address, "name": name, "shared_with": shared}
    client.post("/desk/views/save/", told)
    return SavedView.objects.get(name=name)


def test_columns_are_chosen_moved_hidden_and_remembered_and_stand_in_the_link() -> None:
    toilet_case()
    lin, told = desk_of("lin"), {"listed": "inbox", "address": "tab=to_sign"}
    answer = lin.post("/desk/views/columns/", told | {"do": "add:handler"})
    assert "handler" in answer.headers["Location"]
    page = lin.get("/desk/?tab=to_sign").content.decode()
    assert '<td data-label="Worked on by">—</td>' in page
    assert "columns=due%2Cstatus" in page
    assert heads(lin, "/desk/?tab=to_sign&columns=unit,nonsense,grade") == ["Matter", "Unit", "Grade"]
    # Wu's own list is as it was.
    assert "Worked on by" not in heads(desk_of("wu"), "/desk/?tab=to_sign")


def test_a_step_changes_one_column_and_the_last_one_stays() -> None:
    assert changed_columns(("due", "unit"), "up", "unit") == ("unit", "due")
    assert changed_columns(("due", "unit"), "up", "due") == ("due", "unit")
    assert changed_columns(("due", "unit"), "down", "due") == ("unit", "due")
    assert changed_columns(("due", "unit"), "drop", "due") == ("unit",)
    assert changed_columns(("unit",), "drop", "unit") == ("unit",)
    assert changed_columns(("unit",), "add", "nonsense") == ("unit",)
    assert changed_columns(("unit",), "add", "due") == ("unit", "due")
    assert changed_columns(("unit",), "usual", "") == USUAL


def test_a_list_is_ordered_by_a_click_on_its_head_and_remembers_it() -> None:
    old, new = case_of(appeal_of(TOILET)), case_of(appeal_of("竹溪苑旁边的公厕没有人打扫"))
    Case.objects.filter(pk=new.pk).update(grade="A")
    lin = desk_of("lin")

    def order(address: str) -> list[str]:
        return [row["number"] for row in lin.get(address).context["cases"]]

    assert order("/desk/?tab=to_sign&sort=newest") == [new.number, old.number]
    assert order("/desk/?tab=to_sign&sort=oldest") == [old.number, new.number]
    assert order("/desk/?tab=to_sign&sort=grade") == [new.number, old.number]
    page = lin.get("/desk/?tab=to_sign&sort=newest").content.decode()
    assert 'aria-sort="descending"' in page
    lin.post("/desk/views/columns/", {"listed": "inbox", "address": "tab=to_sign", "do": "sort:newest"})
    assert ListHabit.objects.get().order == "newest"
    assert order("/desk/?tab=to_sign") == [new.number, old.number]


def test_a_view_is_saved_opened_by_link_and_shared_without_widening_what_anybody_sees() -> None:
    case = toilet_case()
    lin, wu = desk_of("lin"), desk_of("wu")
    view = saved(lin, "环卫待签收", "tab=to_sign&unit=cleaning&sort=grade", "everyone")
    for client, sees in ((lin, True), (wu, False)):
        answer = client.get(f"/desk/views/{view.pk}/")
        address = answer.headers["Location"]
        assert "unit=cleaning" in address
        assert "sort=grade" in address
        page = client.get(address).content.decode()
        assert "环卫待签收" in page
        assert (case.number in page) == sees
    # The link alone shows the same to who never found the view.
    plain = address.split("&view=")[0]
    assert case.number in desk_of("hao").get(plain).content.decode()
    view.shared_with = "nobody"
    view.save()
    assert wu.get(f"/desk/views/{view.pk}/").status_code == 404


def test_a_view_is_pinned_started_with_renamed_copied_and_deleted() -> None:
    toilet_case()
    lin = desk_of("lin")
    view = saved(lin, "急件", "tab=overdue&grade=A")
    change = f"/desk/views/{view.pk}/change/"
    for act, words in (("pin", "Above the list"), ("start", "Opens at the start"), ("copy", "急件 (2)")):
        assert words in lin.post(change, {"act": act}, follow=True).content.decode()
    assert f"view={view.pk}" in lin.get("/desk/").headers["Location"]
    assert lin.get("/desk/?tab=to_sign").status_code == 200
    lin.post(change, {"act": "rename", "name": "最急", "shared_with": "unit"})
    view.refresh_from_db()
    assert (view.name, view.shared_with, str(view.unit)) == ("最急", "unit", "环卫所")
    lin.post(change, {"act": "update", "listed": "inbox", "address": "tab=working"})
    view.refresh_from_db()
    assert view.filters == {"tab": "working"}
    page = lin.post(change, {"act": "rename", "name": "急件 (2)", "shared_with": "unit"}, follow=True)
    assert "a view of this name already" in page.content.decode()
    answer = desk_of("wu").post(change, {"act": "drop"}, follow=True)
    assert "not shared with you" in answer.content.decode()
    assert SavedView.objects.filter(pk=view.pk).exists()
    lin.post(change, {"act": "drop"})
    assert lin.get("/desk/").status_code == 200
    assert not SavedView.objects.filter(pk=view.pk).exists()


@pytest.mark.parametrize("address", ["/desk/views/save/", "/desk/views/columns/"])
@pytest.mark.parametrize("told", [{"listed": "x"}, {"listed": "inbox", "address": "tab=nothing&a=b"}])
def test_a_form_that_makes_no_sense_is_refused_and_breaks_nothing(address: str, told: dict[str, str]) -> None:
    assert desk_of("lin").post(address, told | {"name": "x", "do": "add:unit"}).status_code == 400


def test_counts_keep_up_in_one_statement_and_are_shared_for_a_moment() -> None:
    case, lin = toilet_case(), desk_of("lin")
    assert lin.get("/desk/counts/?listed=inbox").json()["counts"]["to_sign"] == "1"
    assert desk_of("wu").get("/desk/counts/?listed=inbox").json()["counts"]["to_sign"] == "0"
    move_case(case.pk, "sign", by=staff("lin"), at=timezone.now())
    with CaptureQueriesContext(connection) as asked:
        assert lin.get("/desk/counts/?listed=inbox").json()["counts"]["to_sign"] == "1"
    assert not [query for query in asked if "cases_case" in query["sql"]]
    cache.clear()
    with CaptureQueriesContext(connection) as asked:
        assert lin.get("/desk/counts/?listed=inbox&grade=C").json()["counts"]["working"] == "1"
    assert len([query for query in asked if "cases_case" in query["sql"]]) == 1
    assert "queue" in desk_of("mei").get("/desk/counts/?listed=area").json()["counts"]


def test_the_tree_narrows_by_item_area_and_unit_and_keeps_the_other_filters() -> None:
    case = toilet_case()
    dong = desk_of("dong")
    part = dong.get("/desk/tree/?listed=area&tab=to_sign&grade=C", headers={"HX-Request": "true"})
    page = part.content.decode()
    assert "<html" not in page
    assert "竹影社区" in page
    assert "荷塘社区<" not in page, "what lies outside the area looked over is not offered"
    assert "/desk/area/?tab=to_sign&amp;item=01&amp;grade=C" in page
    assert case.number in dong.get("/desk/area/?tab=to_sign&item=01&grade=C").content.decode()
    assert "<html" in dong.get("/desk/tree/?listed=area&tab=to_sign").content.decode()
    chosen = dong.get("/desk/tree/?listed=search&item=0101").content.decode()
    assert 'aria-current="true"' in chosen
    assert desk_of("guan").get("/desk/tree/").status_code == 403


def test_a_printed_list_has_all_rows_and_says_who_printed_it() -> None:
    cases = [case_of(appeal_of(f"公厕{day}天没有人打扫")) for day in range(3, 6)]
    page = desk_of("lin").get("/desk/?tab=to_sign&print=1").content.decode()
    assert all(case.number in page for case in cases)
    assert "printed by 林清" in page
    assert '<input type="checkbox"' not in page
    assert cases[0].number in desk_of("lin").get("/desk/search/?q=公厕&print=1").content.decode()


@pytest.mark.parametrize(
    ("words", "kind"), [("gczc", "item=0"), ("hws", "unit=cleaning"), ("zysq", "area=4403")]
)
def test_pinyin_and_initials_lead_to_items_units_and_areas(words: str, kind: str) -> None:
    toilet_case()
    page = desk_of("dong").get("/desk/search/", {"q": words})
    assert any(kind in hint["url"] for hint in page.context["hints"])
    assert desk_of("dong").get(page.context["hints"][0]["url"]).status_code == 200


def test_filters_of_a_link_are_shown_by_name_and_can_be_cleared() -> None:
    toilet_case()
    page = desk_of("lin").get("/desk/?tab=to_sign&unit=cleaning&handler=nobody").content.decode()
    assert 'value="环卫所"' in page
    assert "Worked on by: nobody yet" in page
    assert 'href="/desk/?tab=to_sign">Clear' in page


@pytest.mark.parametrize(
    "address", ["/desk/?tab=to_sign", "/desk/area/?tab=to_sign&sort=grade", "/desk/search/?q=公厕"]
)
def test_a_list_with_views_and_columns_costs_the_same_statements_however_long(address: str) -> None:
    dong = desk_of("dong")
    saved(dong, "急件", "tab=overdue", "everyone")
    columns = "&columns=handler,item,area,voices,signed"
    appeal_of(TOILET)
    dong.get(address + columns)
    with CaptureQueriesContext(connection) as few:
        dong.get(address + columns)
    for day in range(6, 12):
        appeal_of(f"公厕{day}天没有人打扫")
        saved(dong, f"视图{day}", "tab=working")
    with CaptureQueriesContext(connection) as many:
        dong.get(address + columns)
    assert len(many) == len(few) <= MOST_QUERIES


def test_a_view_of_nobody_knows_nothing() -> None:
    assert desk_of("lin").get(f"/desk/views/{uuid4()}/").status_code == 404


def test_the_marks_of_a_case_are_filters_of_the_address_and_of_a_saved_view() -> None:
    told = "supervision=red&asked=any&urged=on&noted=on&major=on&suspended=on&confidential=on"
    words = desk_of("lin").get(f"/desk/?{told}").content.decode()
    for name in ("supervision", "asked", "urged", "noted", "major", "suspended", "confidential"):
        assert f'name="{name}"' in words
    lens = read_lens("inbox", dict(part.split("=") for part in told.split("&")))
    assert dict(part.split("=") for part in told.split("&")) == lens.told
    assert len(tell_lens(lens)) == 8
