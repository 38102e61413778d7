"""Who comes to the desk, what each finds there, and whom it is closed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from huying.home.tests.desks import desk_of, toilet_case, waiting_case
from huying.people.models import Account, AccountKind

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
PAGES = (
    "/desk/",
    "/desk/search/",
    "/desk/notices/",
    "/desk/items/",
    "/desk/queue/",
    "/desk/area/",
    "/desk/enter/",
)


@pytest.mark.parametrize("page", PAGES)
def test_nobody_signed_in_is_led_to_the_sign_in_and_back(client: Client, page: str) -> None:
    answer = client.get(page)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/desk/sign-in/?next={page}")


@pytest.mark.parametrize("page", PAGES)
def test_a_resident_is_told_that_this_is_not_for_them(client: Client, page: str) -> None:
    client.force_login(Account.objects.create_user("someone", kind=AccountKind.RESIDENT))
    answer = client.get(page)
    assert answer.status_code == 403
    assert b"not_allowed" in answer.content


def test_staff_whose_posts_have_ended_find_nothing() -> None:
    Account.objects.get(username="lin").posts.update(valid_until="2025-06-01")
    lin, case = desk_of("lin"), toilet_case()
    assert lin.get(f"/desk/cases/{case.number}/").status_code == 404
    assert lin.get("/desk/queue/").status_code == 403
    assert lin.get("/desk/", follow=True).redirect_chain == [("/desk/items/", 302)]


@pytest.mark.parametrize(
    ("username", "page"),
    [("mei", "/desk/queue/"), ("ling", "/desk/area/"), ("dian", "/desk/area/"), ("guan", "/desk/items/")],
)
def test_who_works_for_no_unit_is_led_to_what_there_is_to_do(username: str, page: str) -> None:
    assert desk_of(username).get("/desk/", follow=True).redirect_chain == [(page, 302)]


@pytest.mark.parametrize("username", ["lin", "hao", "dong", "ge", "wu"])
def test_who_works_for_a_unit_finds_its_inbox(username: str) -> None:
    assert desk_of(username).get("/desk/").status_code == 200


def test_the_menu_offers_what_the_posts_give_a_right_to_and_nothing_else() -> None:
    waiting_case()
    offered = {
        username: {name: f'href="/desk/{name}/"' in desk_of(username).get("/desk/items/").content.decode()
                   for name in ("queue", "returns", "area", "enter")}
        for username in ("lin", "mei", "shou", "ling", "guan")
    }  # fmt: skip
    nothing = dict.fromkeys(("queue", "returns", "area", "enter"), False)
    assert offered == {
        "lin": nothing | {"enter": True},
        "mei": dict.fromkeys(nothing, True),
        "shou": nothing | {"queue": True, "area": True, "enter": True},
        "ling": nothing | {"area": True},
        "guan": nothing,
    }


@pytest.mark.parametrize("username", ["lin", "wu", "dong", "hao", "guan"])
def test_the_queue_is_the_dispatch_centre_s(username: str) -> None:
    assert desk_of(username).get("/desk/queue/").status_code == 403
    assert desk_of(username).get("/desk/returns/").status_code == 403


def test_no_page_of_the_desk_is_kept_by_the_browser() -> None:
    case = toilet_case()
    for page in ("/desk/", f"/desk/cases/{case.number}/", "/desk/search/?q=公厕"):
        assert "no-store" in desk_of("lin").get(page).headers["Cache-Control"]
