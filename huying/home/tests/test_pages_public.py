"""What strangers see: released matters, what was reported nearby, "me too" – and never more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.utils import timezone

from huying.cases.actions import move_case
from huying.cases.models import Case, Membership
from huying.home.tests.desks import TOILET, desk_of
from huying.home.tests.residents import answered, link, offered, page_of
from huying.home.tests.test_pages_following import kept
from huying.intake.models import Appeal
from huying.ledger.models import Fact
from huying.publicity.actions import Words, publish_case
from huying.publicity.jobs import take_back_unfit
from huying.publicity.models import Publication, PublicPhoto
from huying.testing.cast import appeal_of, case_of, staff
from huying.testing.town import EAST, middle

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import DjangoAssertNumQueries, Settings

pytestmark = pytest.mark.django_db
SECRET = "我叫张建国，住听澜花园3栋501，电话13800138000。垃圾堆了三天没人清，苍蝇到处飞，臭得要捂鼻子"
LAMP = "荷塘第2网格的路灯坏了三天，晚上一片黑"


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    cache.clear()


def published(case: Case) -> Publication:
    """Release a case as a dispatcher does."""
    words = Words("垃圾堆了三天", "小区门口的垃圾堆了三天没人清。", "已清运。")
    return publish_case(case.pk, words, by=staff("mei"), at=timezone.now(), seen=0)


# --- releasing on the desk ----------------------------------------------------------------------------


def test_a_clerk_gets_redacted_words_looks_at_the_preview_and_releases_it(client: Client) -> None:
    case, desk = case_of(appeal_of(SECRET)), desk_of("mei")
    address = f"/desk/cases/{case.number}/publish/"
    assert address in page_of(desk.get(f"/desk/cases/{case.number}/"))
    page = page_of(desk.get(address))
    for personal in ("张建国", "501", "13800138000"):
        assert personal not in page
    assert "［电话］" in page
    assert "name × 1" in page
    told = {"title": "垃圾没人清", "text": "我叫［姓名］，垃圾堆了三天。", "reply": "", "seen": "0"}
    preview = page_of(desk.post(address, told | {"step": "preview"}))
    assert "So everybody will see it" in preview
    assert client.get(f"/p/{case.number}/").status_code == 404
    assert desk.post(address, told | {"step": "publish"}).status_code == 302
    assert "我叫［姓名］，垃圾堆了三天。" in page_of(client.get(f"/p/{case.number}/"))
    # The same form sent twice: the second is told that it is public already.
    assert desk.post(address, told | {"step": "publish"}).status_code == 409


def test_what_still_looks_personal_is_shown_and_kept_back() -> None:
    case, desk = case_of(appeal_of()), desk_of("mei")
    address = f"/desk/cases/{case.number}/publish/"
    told = {"title": "垃圾", "text": "找我13800138000", "reply": "", "seen": "0"}
    assert "This still looks personal" in page_of(desk.post(address, told | {"step": "preview"}))
    refused = desk.post(address, told | {"step": "publish"})
    assert refused.status_code == 400
    assert not Publication.objects.exists()
    assert desk.post(address, told | {"step": "publish", "looked": "on"}).status_code == 302


def test_photos_are_painted_over_where_marked_and_left_out_where_not_chosen(client: Client) -> None:
    shown, hidden = kept("a", 64), kept("b", 48)
    case, desk = case_of(appeal_of(photo_ids=(shown.pk, hidden.pk))), desk_of("mei")
    address = f"/desk/cases/{case.number}/publish/"
    told = {
        "title": "垃圾",
        "text": "没人清",
        "reply": "",
        "seen": "0",
        "step": "publish",
        f"photo_{shown.pk}": "on",
    }
    wrong = desk.post(address, told | {f"regions_{shown.pk}": "face"})
    assert wrong.status_code == 400
    assert "could not be read" in page_of(wrong)
    assert desk.post(address, told | {f"regions_{shown.pk}": "10, 10, 50, 50"}).status_code == 302
    public = PublicPhoto.objects.get()
    assert public.source_id == shown.pk
    assert public.stored_as != shown.stored_as
    got = client.get(f"/p/{case.number}/photo/{public.pk}/")
    assert got.status_code == 200
    assert "max-age=300" in got.headers["Cache-Control"]
    assert client.get(f"/p/{case.number}/photo/{shown.pk}/").status_code == 404
    desk.post(f"/desk/cases/{case.number}/unpublish/", {"reason": "照片不妥"})
    assert client.get(f"/p/{case.number}/photo/{public.pk}/").status_code == 404
    assert client.get(f"/p/{case.number}/").status_code == 404


@pytest.mark.parametrize("who", ["lin", "hao", "wu"])
def test_nobody_else_releases_or_is_offered_to(who: str) -> None:
    case = case_of(appeal_of(TOILET))
    desk = desk_of(who)
    assert desk.get(f"/desk/cases/{case.number}/publish/").status_code in {403, 404}
    assert "/publish/" not in page_of(desk.get(f"/desk/cases/{case.number}/"))


def test_a_confidential_case_is_public_nowhere(client: Client) -> None:
    case = case_of(appeal_of())
    published(case)
    move_case(case.pk, "keep_confidential", by=staff("mei"), at=timezone.now(), reason="当事人要求")
    assert client.get(f"/p/{case.number}/").status_code == 404
    for address in ("/p/", f"/near/?area={EAST}", f"/near/matters.json?area={EAST}"):
        assert case.number not in page_of(client.get(address))
    assert client.get(f"/near/{case.number}/join/").status_code == 404
    take_back_unfit(Fact.objects.get(stream=f"case:{case.pk}", kind="ConfidentialSet"))
    assert Publication.objects.get().text == ""


# --- the public page ----------------------------------------------------------------------------------


def test_the_public_page_tells_what_happened_without_a_person(client: Client) -> None:
    taken = appeal_of(SECRET, name="张建国", phone="13800138000")
    case = answered(taken)
    published(case)
    answer = client.get(f"/p/{case.number}/")
    page = page_of(answer)
    assert answer.headers["X-Robots-Tag"].startswith("noindex")
    for told in ("垃圾堆了三天", "已清运。", "Given to 环卫所", "环卫所 took it on", "Answered", "Me too"):
        assert told in page
    for hidden in ("张建国", "13800138000", "501", "林清", "郝正", taken.number, "苍蝇到处飞"):
        assert hidden not in page


def test_a_town_may_let_search_machines_in(client: Client, settings: Settings) -> None:
    case = case_of(appeal_of())
    published(case)
    settings.PUBLIC_PAGES_INDEXED = True
    assert "X-Robots-Tag" not in client.get(f"/p/{case.number}/").headers


def test_the_list_finds_by_words_area_and_kind(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cases = [case_of(appeal_of()) for _ in range(3)]
    for case in cases:
        published(case)
    client.get("/p/")
    with django_assert_num_queries(1):
        page = page_of(client.get("/p/"))
    assert all(case.number in page for case in cases)
    assert cases[0].number in page_of(client.get(f"/p/?q=垃圾&area={EAST}&item={cases[0].item_code[:2]}"))
    nothing = page_of(client.get("/p/?q=路灯"))
    assert "Nothing public fits" in nothing
    for odd in ("?before=x", "?area=%00", "?item=<b>", "?q=" + "长" * 500):
        assert client.get(f"/p/{odd}").status_code == 200


@pytest.mark.parametrize("number", ["GD1", "x" * 50, "%00", "GD<b>"])
def test_an_unknown_number_is_no_page(client: Client, number: str) -> None:
    assert client.get(f"/p/{number}/").status_code == 404


# --- nearby -------------------------------------------------------------------------------------------


def at_middle() -> str:
    """Return the query of the middle of the first grid."""
    lat, lon = middle(0, 0)
    return f"?lat={lat}&lon={lon}"


def test_what_is_reported_nearby_shows_no_words_and_no_door(client: Client) -> None:
    case = case_of(appeal_of(SECRET, name="张建国", phone="13800138000"))
    page = page_of(client.get(f"/near/{at_middle()}"))
    assert f"/near/{case.number}/join/" in page
    for hidden in ("张建国", "13800138000", "501", "苍蝇"):
        assert hidden not in page
    found = json.loads(client.get(f"/near/matters.json{at_middle()}").content)
    [feature] = found["features"]
    assert "张建国" not in json.dumps(found, ensure_ascii=False)
    assert feature["properties"]["count"] == 1


def test_a_lone_matter_on_a_bare_point_is_told_for_the_community_only(client: Client) -> None:
    lat, lon = 22.7012, 114.0013
    text = "路灯坏了，一片黑，没有路灯照明"
    for number in range(3):
        found = json.loads(client.get(f"/near/matters.json?area={EAST}&n={number}").content)
        assert all(one["properties"]["kind"] != "square" for one in found["features"])
        case = case_of(appeal_of(text, lat=lat, lon=lon))
        Case.objects.filter(pk=case.pk).update(place=None)
        cache.clear()
    [square] = json.loads(client.get(f"/near/matters.json?area={EAST}").content)["features"]
    assert square["properties"] == square["properties"] | {"kind": "square", "count": 3}
    assert square["geometry"]["coordinates"] == [114.001, 22.701]


def test_private_matters_and_ended_ones_are_not_shown(client: Client) -> None:
    private = case_of(appeal_of())
    Case.objects.filter(pk=private.pk).update(item=None)
    gone = case_of(appeal_of(TOILET))
    move_case(gone.pk, "merge", by=staff("mei"), at=timezone.now(), into=private.pk)
    page = page_of(client.get(f"/near/?area={EAST}"))
    assert "Nothing is open here" in page
    for case in (private, gone):
        assert client.get(f"/near/{case.number}/join/").status_code == 404


def test_the_list_works_by_community_and_asks_for_one_first(client: Client) -> None:
    page = page_of(client.get("/near/"))
    assert "竹影社区" in page
    assert "data-near-url" not in page
    for odd in ("?lat=nan&lon=1", "?lat=1e999&lon=0", "?lat=x", "?area=nowhere", "?lat=91&lon=0"):
        assert client.get(f"/near/{odd}").status_code == 200


def test_looking_costs_few_queries_however_much_there_is(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(6):
        appeal_of()
    client.get(f"/near/{at_middle()}")
    with django_assert_max_num_queries(7):
        client.get(f"/near/{at_middle()}")
    client.get(f"/near/matters.json{at_middle()}")
    with django_assert_max_num_queries(0):
        client.get(f"/near/matters.json{at_middle()}")


def test_a_machine_that_copies_the_map_is_slowed_down(client: Client) -> None:
    for step in range(40):
        assert client.get(f"/near/matters.json?lat=22.7{step:02}&lon=114").status_code == 200
    refused = client.get("/near/matters.json?lat=22.8&lon=114")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


# --- me too -------------------------------------------------------------------------------------------


def test_me_too_gives_a_number_of_its_own_on_the_same_case(client: Client) -> None:
    case = case_of(appeal_of())
    page = page_of(client.get(f"/near/{case.number}/join/"))
    [key] = offered(page, "key")
    told = {"key": key, "text": "", "name": "", "phone": ""}
    done = client.post(f"/near/{case.number}/join/", told)
    assert done.status_code == 302
    assert client.get(done.headers["Location"]).status_code == 200
    again = client.post(f"/near/{case.number}/join/", told)
    assert again.headers["Location"] == done.headers["Location"]
    assert Membership.objects.filter(case=case, until_at=None).count() == 2
    assert Appeal.objects.count() == 2


def test_me_too_is_not_for_staff_and_not_for_what_has_ended(client: Client) -> None:
    case = case_of(appeal_of())
    told = {"key": str(uuid4()), "text": "", "name": "", "phone": ""}
    assert desk_of("lin").post(f"/near/{case.number}/join/", told).status_code == 403
    assert client.post(f"/near/{case.number}/join/", {"key": "x"}).status_code == 400
    assert Appeal.objects.count() == 1


# --- the resident whose words they were ---------------------------------------------------------------


def test_a_resident_sees_that_it_is_public_and_takes_it_down(client: Client) -> None:
    taken = appeal_of()
    case = case_of(taken)
    assert "/p/" not in page_of(client.get(link(taken))).split("<main")[1]
    published(case)
    page = page_of(client.get(link(taken)))
    assert f"/p/{case.number}/" in page
    assert desk_of("mei").post(f"{link(taken)}unpublish/").status_code == 403
    assert client.post(f"{link(taken)}unpublish/").status_code == 302
    assert client.get(f"/p/{case.number}/").status_code == 404
    assert Publication.objects.get().withdraw_reason == "appellant_asked"
