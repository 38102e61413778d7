"""Neighbours with the same matter share a case and keep their own voices; outsiders see nothing of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.journeys.people import (
    answer_case,
    await_question,
    file_appeal,
    open_case,
    rate,
    stands,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.journeys.people import People

pytestmark = pytest.mark.journey
DIRT = "塘边村的公共厕所没人打扫，地上都是污水，臭得进不去"
SAME = "塘边村公厕好几天没人打扫，地上污水，臭得很"
ALSO = "塘边村公共厕所脏得没法用，没人打扫，臭气熏天"


def test_neighbours_share_a_case_and_each_gets_an_answer_and_a_say(
    people: People, size: tuple[int, int]
) -> None:
    first, second, third = (people.somebody(size) for _ in range(3))
    one = file_appeal(first, DIRT)
    two = file_appeal(second, SAME, me_too=True)
    expect(second.get_by_role("main")).to_contain_text("与邻居反映的同一件事一起办理")
    three = file_appeal(third, ALSO)

    mei = people.staff("mei", size)
    number = open_case(mei, one.number)
    assert open_case(mei, two.number) == number, "the second voice is on the first one's case"
    other = open_case(mei, three.number)
    assert other != number, "the third said it was something else"
    # The dispatcher sees that it is the same after all, and merges.
    twin = mei.get_by_role("listitem").filter(has=mei.get_by_role("link", name=number, exact=True))
    twin.get_by_role("button", name=re.compile("同一件事")).click()
    expect(mei.get_by_role("main")).to_contain_text("两件已并为一件工单")
    assert open_case(mei, three.number) == number

    answer_case(people, number, "厕所已打扫冲洗，改为每天三次保洁。", size=size)
    for page, filed in ((first, one), (second, two), (third, three)):
        await_question(page, filed.link)
        expect(page.get_by_text("厕所已打扫冲洗")).to_be_visible()
        rate(page, "已解决", stars=4)
        expect(page.get_by_role("main")).to_contain_text("您的评价已收到")
    for page, filed in ((first, one), (second, two), (third, three)):
        page.goto(filed.link)
        expect(page.get_by_role("heading", level=1)).to_contain_text("已办结")
    mei.reload()
    stands(mei, "已办结")
    voices = mei.get_by_role("region", name="居民诉求")
    expect(voices.get_by_role("article")).to_have_count(3)
    for filed in (one, two, three):
        expect(voices).to_contain_text(filed.number)


def test_a_neighbour_unit_and_a_stranger_are_refused_without_a_hint(people: People) -> None:
    resident = people.somebody()
    words = "荷风雅居北门的垃圾桶被人推倒了，垃圾撒了一地没人扫"
    filed = file_appeal(resident, words)
    mei = people.staff("mei")
    number = open_case(mei, filed.number)

    # Another community's head: the address of the case, a move, a search, and the machine's door.
    dong = people.staff("dong")
    for address in (
        f"/desk/cases/{number}/",
        f"/desk/cases/{number}/moves/sign/",
    ):
        answer = dong.goto(address)
        assert answer is not None
        assert answer.status == 404, address
        expect(dong.get_by_text("荷风雅居")).to_have_count(0)
    dong.goto(f"/desk/search/?q={filed.number}")
    expect(dong.get_by_text("垃圾桶被人推倒")).to_have_count(0)
    assert dong.request.get(f"/api/v1/cases/{number}").status == 404

    # Somebody who guesses, and a resident who has another appeal's link.
    stranger = people.somebody()
    assert refused(stranger, f"/a/{filed.number}/") in {302, 404}
    assert refused(stranger, filed.link.replace(people.town.url, "")[:-6] + "AAAAA/") == 404
    own = file_appeal(stranger, "想问一下办居住证要带什么材料")
    token = own.link.rstrip("/").rsplit("/", 1)[1]
    assert refused(stranger, f"/a/{filed.number}/{token}/") == 404
    for address in ("/desk/", f"/desk/cases/{number}/", "/desk/office/"):
        stranger.goto(address)
        assert "/desk/sign-in/" in stranger.url


def refused(page: Page, address: str) -> int:
    """Return the status an address answers with, redirects not followed."""
    return page.request.get(address, max_redirects=0).status


def test_a_resident_takes_an_appeal_back(people: People, size: tuple[int, int]) -> None:
    resident = people.somebody(size)
    filed = file_appeal(resident, "竹溪苑南门的围墙上被人贴满了小广告，很难看")
    resident.goto(filed.link)
    resident.locator("summary", has_text="撤回诉求").click()
    resident.get_by_role("button", name="确定撤回").click()
    expect(resident.get_by_role("main")).to_contain_text("您已撤回诉求")
    expect(resident.get_by_role("heading", level=1)).to_contain_text("已撤诉")
