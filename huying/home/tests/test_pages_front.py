"""The front page, my appeals and finding one again: mine, all of it, and nobody else's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from huying.cases.facts import CaseMoved
from huying.home.pages.story import SENTENCES
from huying.home.tests.residents import MIDDLE, account, answered, filed, link, page_of
from huying.ledger.chain import FactBody
from huying.notify.actions import Told, tell_appeals
from huying.testing.cast import RUBBISH, appeal_of

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client
    from pytest_django.fixtures import DjangoAssertNumQueries

LAMP = "荷风雅居门口路灯不亮"


def told_kinds(kind: type[FactBody] = FactBody) -> set[str]:
    """Return the kinds of fact that residents may read, as the packages declare them."""
    kinds = {one.__name__ for one in kind.__subclasses__() if one.tells and one is not CaseMoved}
    return kinds.union(*(told_kinds(one) for one in kind.__subclasses__()))


def test_every_fact_a_resident_may_read_has_its_sentence_and_no_other_has() -> None:
    assert told_kinds() == set(SENTENCES)


@pytest.mark.django_db
def test_the_front_page_of_a_stranger_is_one_large_button(client: Client) -> None:
    page = page_of(client.get("/"))
    assert 'class="call-btn" href="/file/"' in page
    assert "My recent appeals" not in page
    assert "Find my appeal" in page
    assert 'href="tel:12345"' in page
    assert 'href="/desk/sign-in/"' in page


@pytest.mark.django_db
def test_the_front_page_shows_how_my_appeals_stand_and_what_is_new(client: Client) -> None:
    mine = filed(client, **MIDDLE)
    hers = appeal_of(LAMP, east=1)
    for appeal, number in ((mine.pk, mine.number), (hers.appeal_id, hers.number)):
        tell_appeals([Told(appeal, "signed", {"number": number, "unit": "环卫所"}, timezone.now())])
    page = page_of(client.get("/"))
    assert RUBBISH in page
    assert "Sent to the unit" in page
    assert "1 new" in page
    assert f"环卫所 has taken on your appeal {mine.number}." in page
    assert hers.number not in page
    assert LAMP not in page
    client.get(client.get("/my/").content.decode().split('class="cell" href="')[1].split('"')[0])
    assert "1 new" not in page_of(client.get("/"))


@pytest.mark.parametrize("care", ["0", "1"])
@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
@pytest.mark.django_db
def test_every_page_is_drawn_in_every_language_and_in_care_mode(
    client: Client, language: str, care: str
) -> None:
    client.cookies["django_language"], client.cookies["care"] = language, care
    taken = appeal_of()
    answered(taken)
    for way in (
        "/",
        "/file/",
        "/my/",
        "/find/",
        "/sign-in/",
        "/desk/sign-in/",
        link(taken),
        f"{link(taken)}done/",
    ):
        answer = client.get(way)
        page = page_of(answer)
        assert answer.status_code == 200
        assert ("data-care" in page.split("<head>")[0]) == (care == "1")
        assert page.count("<h1") == page.count("<main") == 1


@pytest.mark.django_db
def test_more_appeals_cost_no_more_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    anna = account()
    client.force_login(anna)
    appeal_of(account_id=anna.pk)
    for _ in range(2):
        for way, most in (("/", 10), ("/my/", 10)):
            with django_assert_max_num_queries(most):
                client.get(way)
        for number in range(8):
            taken = appeal_of(f"{LAMP}{number}", east=1, account_id=anna.pk)
            tell_appeals([Told(taken.appeal_id, "signed", {"number": taken.number}, timezone.now())])


@pytest.mark.django_db
def test_my_appeals_are_turned_over_in_pages(client: Client) -> None:
    anna = account()
    client.force_login(anna)
    numbers = [appeal_of(f"{LAMP}{number}", east=1, account_id=anna.pk).number for number in range(21)]
    first, second = (page_of(client.get("/my/", {"page": page})) for page in (1, 2))
    assert numbers[0] not in first
    assert f"/a/{numbers[0]}/" in second
    assert f"/a/{numbers[20]}/" in first
    assert client.get("/my/", {"page": "x"}).status_code == 200


@pytest.mark.django_db
def test_a_browser_forgets_on_request_and_the_links_go_on_working(client: Client) -> None:
    mine = filed(client, **MIDDLE)
    page = page_of(client.get("/my/"))
    way = page.split('class="cell" href="')[1].split('"')[0]
    assert client.post("/my/forget/").status_code == 302
    assert mine.number not in page_of(client.get("/my/"))
    assert client.get(way).status_code == 200
    assert client.get("/my/forget/").status_code == 405


# --- finding one again ----------------------------------------------------------------------------------


def code_from(folder: Path) -> str:
    """Return the code in the newest text message."""
    newest = (folder / "outbox" / "texts.jsonl").read_text(encoding="utf-8").splitlines()[-1]
    return "".join(filter(str.isdigit, json.loads(newest)["text"]))[:6]


def look_for(client: Client, folder: Path, number: str, phone: str) -> str:
    """Ask for an appeal by number and phone, enter the code, and return the page it ends on."""
    asked = client.post("/find/", {"number": f" {number.lower()} ", "phone": phone})
    assert asked.headers["Location"] == "/sign-in/code/"
    return page_of(client.post("/sign-in/code/", {"code": code_from(folder)}, follow=True))


@pytest.mark.django_db
def test_a_number_and_the_proven_phone_given_with_it_open_an_appeal(client: Client, tmp_path: Path) -> None:
    mine = appeal_of(phone="+86 138-0013-8000")
    assert RUBBISH in look_for(client, tmp_path, mine.number, "13800138000")
    # Signed in now, the same question needs no second code.
    again = client.post("/find/", {"number": mine.number, "phone": "13800138000"}, follow=True)
    assert RUBBISH in page_of(again)


@pytest.mark.parametrize("phone", ["", "13800138000"])
@pytest.mark.django_db
def test_another_phone_opens_nothing_and_learns_nothing(client: Client, tmp_path: Path, phone: str) -> None:
    hers = appeal_of(phone=phone)
    known = look_for(client, tmp_path, hers.number, "13900139000")
    client.post("/sign-out/")
    unknown = look_for(client, tmp_path, "SQ260101000019", "13900139000")
    for page in (known, unknown):
        assert "There is no appeal with this number that was filed with your phone." in page
        assert RUBBISH not in page


@pytest.mark.django_db
def test_an_account_finds_its_own_by_number(client: Client) -> None:
    anna = account()
    mine = appeal_of(account_id=anna.pk)
    client.force_login(anna)
    assert client.get("/find/", {"number": mine.number}).headers["Location"] == f"/a/{mine.number}/"


@pytest.mark.parametrize(
    "told", [{}, {"number": "SQ1", "phone": "x"}, {"number": "\x00", "phone": "13800138000"}]
)
@pytest.mark.django_db
def test_what_cannot_be_looked_for_is_told(client: Client, told: dict[str, str]) -> None:
    assert client.get("/find/").status_code == 200
    assert client.post("/find/", told).status_code == 400


@pytest.mark.django_db
def test_nobody_can_have_codes_sent_without_end_by_looking(client: Client) -> None:
    told = {"number": "SQ260101000019", "phone": "13800138000"}
    statuses = [client.post("/find/", told).status_code for _ in range(6)]
    assert statuses == [302] * 5 + [429]
