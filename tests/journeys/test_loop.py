"""The loop, from the first word to the resident's verdict, on a phone and at a desk."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.journeys.people import (
    DESK,
    PHONE,
    answer_case,
    await_question,
    file_appeal,
    make,
    open_case,
    press,
    rate,
    stands,
)

if TYPE_CHECKING:
    from tests.journeys.people import People

pytestmark = pytest.mark.journey
ESTATES = {PHONE: "听澜花园", DESK: "荷风雅居"}
OTHERS = {PHONE: "竹溪苑", DESK: "塘边村"}


def test_an_appeal_is_filed_dispatched_signed_replied_reviewed_rated_and_closed(
    people: People, size: tuple[int, int]
) -> None:
    resident = people.somebody(size)
    filed = file_appeal(resident, f"{ESTATES[size]}门口的垃圾堆了三天没人清，苍蝇到处飞，臭得要捂鼻子")
    expect(resident.get_by_role("main")).to_contain_text("环卫所")
    resident.get_by_role("link", name="查看办理进展").click()
    expect(resident).to_have_url(re.compile(re.escape(filed.number)))
    expect(resident.get_by_role("main")).to_contain_text("环卫所")

    lin = people.staff("lin", size)
    number = open_case(lin, filed.number)
    stands(lin, "待签收")
    press(lin, "签收")
    stands(lin, "办理中")
    make(lin, "登记首次联系", {"内容": "已电话联系，下午到场"})
    make(
        lin,
        "答复",
        {"答复居民": "垃圾已清走，地面已冲洗，今后每天两次清运。", "内部备注": "桶不够"},
        solved="已解决",
    )
    stands(lin, "待审核")
    # Nobody passes what they wrote themselves, and the resident reads nothing before it is passed.
    expect(lin.locator("summary", has_text="审核通过")).to_have_count(0)
    resident.reload()
    expect(resident.get_by_text("今后每天两次清运")).to_have_count(0)

    hao = people.staff("hao", size)
    assert open_case(hao, number) == number
    make(hao, "审核通过", {})
    stands(hao, "待回访")

    await_question(resident, filed.link)
    expect(resident.get_by_text("今后每天两次清运")).to_be_visible()
    expect(resident.get_by_text("桶不够")).to_have_count(0)
    rate(resident, "已解决", stars=5, comment="谢谢，很快")
    expect(resident.get_by_role("heading", level=1)).to_contain_text("已办结")
    lin.reload()
    stands(lin, "已办结")
    expect(lin.get_by_role("main")).to_contain_text("谢谢，很快")
    # The way is closed: no move but a note is left.
    expect(lin.get_by_role("button", name="签收", exact=True)).to_have_count(0)


def test_who_is_not_satisfied_sends_it_back_and_the_second_time_it_is_supervised(
    people: People, size: tuple[int, int]
) -> None:
    resident = people.somebody(size)
    filed = file_appeal(resident, f"{OTHERS[size]}楼下垃圾桶满了好几天没人收，味道很大，老人孩子都受不了")
    expect(resident.get_by_role("main")).to_contain_text("环卫所")
    answer_case(people, filed.number, "已清运一次。", size=size)
    await_question(resident, filed.link)
    rate(resident, "未解决", comment="第二天又堆满了")
    expect(resident.get_by_role("main")).to_contain_text("已退回办理单位重新办理")
    expect(resident.get_by_role("heading", level=1)).to_contain_text("正在办理")

    answer_case(people, filed.number, "改为每天两次清运。", size=size)
    await_question(resident, filed.link)
    # Both answers stand; solved but poorly rated is not satisfied either.
    expect(resident.get_by_text("已清运一次。")).to_be_visible()
    rate(resident, "已解决", stars=1)
    expect(resident.get_by_role("main")).to_contain_text("重新办理")
    du = people.staff("du", size)
    open_case(du, filed.number)
    expect(du.get_by_role("main").get_by_text("督办中", exact=True).first).to_be_visible()
    expect(du.get_by_role("main")).to_contain_text("第二天又堆满了")
