"""Without JavaScript, without a mouse, with large letters, in other languages: the same loop."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from PIL import Image
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
    receipt,
    stands,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.journeys.people import People

pytestmark = pytest.mark.journey
FOCUSED = """
() => {
  const e = document.activeElement;
  const style = getComputedStyle(e);
  const label = e.labels && e.labels[0] ? e.labels[0].innerText : '';
  return {
    tag: e.tagName, type: e.type || '', name: e.name || '',
    text: (e.getAttribute('aria-label') || label || e.innerText || e.value || '').trim(),
    ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none',
  };
}
"""
MOST_TABS = 80


def test_the_loop_closes_without_javascript(people: People) -> None:
    resident = people.somebody(PHONE, script=False)
    filed = file_appeal(resident, "听澜花园后门的垃圾房没人打扫，污水流到人行道上，臭气熏天")
    expect(resident.get_by_role("main")).to_contain_text("环卫所")
    lin = people.staff("lin", DESK, script=False)
    open_case(lin, filed.number)
    press(lin, "签收")
    stands(lin, "办理中")
    make(lin, "答复", {"答复居民": "垃圾房已清扫冲洗。"}, solved="已解决")
    stands(lin, "待审核")
    hao = people.staff("hao", PHONE, script=False)
    open_case(hao, filed.number)
    make(hao, "审核通过", {})
    stands(hao, "待回访")
    await_question(resident, filed.link)
    rate(resident, "已解决", stars=4)
    expect(resident.get_by_role("heading", level=1)).to_contain_text("已办结")


def test_without_javascript_a_wrong_form_keeps_what_was_written(people: People) -> None:
    resident = people.somebody(PHONE, script=False)
    resident.goto("/file/")
    resident.get_by_role("button", name="提交").click()
    expect(resident.get_by_role("main")).to_contain_text("请检查以下内容")
    resident.get_by_label("您要反映什么").fill("竹溪苑的电梯坏了三天，老人下不了楼")
    resident.get_by_text("方便给您回电话吗").click()
    resident.get_by_label("联系电话").fill("不告诉你")
    resident.get_by_role("button", name="提交").click()
    expect(resident.get_by_label("您要反映什么")).to_have_value("竹溪苑的电梯坏了三天，老人下不了楼")
    resident.get_by_label("联系电话").fill("13800138000")
    resident.get_by_role("button", name="提交").click()
    if resident.get_by_role("heading", name="是不是下面这件事？").is_visible():
        resident.get_by_role("button", name="提交").click()
    receipt(resident)


def tab_to(page: Page, found: Callable[[dict[str, str]], bool]) -> dict[str, str]:
    """Press Tab until something is reached; everything on the way must show that it is."""
    passed = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        here: dict[str, str] = page.evaluate(FOCUSED)
        passed.append(f"{here['tag']} {here['text'][:20]}")
        if here["tag"] != "BODY":
            assert here["ring"], f"no ring around {passed[-1]}"
        if found(here):
            return here
    raise AssertionError(f"not reached with the keyboard; passed {passed}")


def test_an_appeal_is_filed_and_signed_with_the_keyboard_alone(people: People, size: tuple[int, int]) -> None:
    resident = people.somebody(size)
    resident.goto("/")
    first = tab_to(resident, lambda here: here["tag"] == "A")
    assert first["text"] == "跳到正文"
    resident.keyboard.press("Enter")
    tab_to(resident, lambda here: "我要反映" in here["text"])
    resident.keyboard.press("Enter")
    resident.wait_for_url(re.compile("/file/"))
    tab_to(resident, lambda here: here["tag"] == "TEXTAREA")
    resident.keyboard.insert_text("竹溪苑大门口垃圾桶旁边堆了好多旧家具，没人清运，挡着路")
    tab_to(resident, lambda here: here["tag"] == "BUTTON" and "提交" in here["text"])
    resident.keyboard.press("Enter")
    expect(resident.get_by_role("heading", level=1)).to_have_text(re.compile("收到了|是不是下面这件事"))
    if resident.get_by_role("heading", name="是不是下面这件事？").is_visible():
        tab_to(resident, lambda here: here["tag"] == "BUTTON" and "提交" in here["text"])
        resident.keyboard.press("Enter")
    filed = receipt(resident)

    lin = people.staff("lin", size)
    lin.goto("/desk/")
    tab_to(lin, lambda here: here["type"] == "search")
    lin.keyboard.insert_text(filed.number)
    lin.keyboard.press("Enter")
    lin.wait_for_url(re.compile(r"/desk/(search|cases)/"))
    if "/desk/cases/" not in lin.url:
        tab_to(lin, lambda here: here["tag"] == "A" and "旧家具" in here["text"])
        lin.keyboard.press("Enter")
        lin.wait_for_url(re.compile("/desk/cases/"))
    tab_to(lin, lambda here: here["tag"] == "BUTTON" and here["text"] == "签收")
    lin.keyboard.press("Enter")
    stands(lin, "办理中")


def test_the_easy_view_is_larger_stays_and_offers_the_telephone(
    people: People, size: tuple[int, int]
) -> None:
    resident = people.somebody(size)
    resident.goto("/")
    usual = letters(resident)
    resident.get_by_role("button", name="长辈版").click()
    expect(resident.locator("html")).to_have_attribute("data-care", "")
    resident.goto("/file/")
    assert letters(resident) >= usual * 1.15
    expect(resident.get_by_role("main").get_by_role("link", name=re.compile("12345"))).to_be_visible()
    filed = file_appeal(resident, "荷风雅居楼道里的灯不亮，晚上摸黑上楼")
    resident.goto(filed.link)
    assert letters(resident) >= usual * 1.15
    assert width(resident) <= size[0]
    resident.get_by_role("button", name="标准版").click()
    expect(resident.locator("html")).not_to_have_attribute("data-care", "")
    resident.goto("/")
    assert letters(resident) == usual


def letters(page: Page) -> float:
    """Return the size of running text in pixels."""
    size: float = page.evaluate("parseFloat(getComputedStyle(document.querySelector('main')).fontSize)")
    return size


def width(page: Page) -> int:
    """Return how wide the page is."""
    found: int = page.evaluate("document.documentElement.scrollWidth")
    return found


@pytest.mark.parametrize(
    ("name", "lang", "word"), [("English", "en", "Speak up"), ("繁體中文", "zh-Hant-HK", "反映")]
)
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_language_is_switched_and_stays(
    people: People, name: str, lang: str, word: str, *, script: bool
) -> None:
    resident = people.somebody(PHONE, script=script)
    resident.goto("/")
    expect(resident.locator("html")).to_have_attribute("lang", "zh-Hans")
    resident.locator("summary", has_text="语言").click()
    resident.get_by_role("button", name=name).click()
    expect(resident.locator("html")).to_have_attribute("lang", lang)
    resident.get_by_role("main").get_by_role("link", name=re.compile(word)).click()
    expect(resident.locator("html")).to_have_attribute("lang", lang)
    expect(resident.get_by_role("heading", level=1)).to_contain_text(re.compile(word))


def test_staff_work_in_english_too(people: People) -> None:
    resident = people.somebody(PHONE)
    filed = file_appeal(resident, "塘边村的垃圾车每天早上五点作业，吵得睡不着")
    mei = people.staff("mei")
    open_case(mei, filed.number)
    mei.locator("summary", has_text="语言").click()
    mei.get_by_role("button", name="English").click()
    expect(mei.locator("html")).to_have_attribute("lang", "en")
    expect(mei.get_by_role("heading", name="What has happened")).to_be_visible()
    expect(mei.get_by_role("navigation", name="Main")).to_contain_text("Waiting for dispatch")
    answer = mei.goto("/desk/queue/")
    assert answer is not None
    assert answer.ok


def test_a_case_is_answered_with_large_letters_at_the_desk(people: People) -> None:
    resident = people.somebody(PHONE)
    filed = file_appeal(resident, "听澜花园垃圾分类亭的顶棚塌了，垃圾袋堆到路上没人清")
    answer_case(people, filed.number, "已清理并报修顶棚。")
    await_question(resident, filed.link)
    expect(resident.get_by_text("已清理并报修顶棚。")).to_be_visible()


def test_without_javascript_photos_are_sent_and_the_appeal_is_followed(
    people: People, tmp_path: Path
) -> None:
    paths = [tmp_path / f"{number}.jpg" for number in range(2)]
    for number, path in enumerate(paths):
        Image.effect_noise((300, 200), 40 + number).convert("RGB").save(path)
    resident = people.somebody(PHONE, script=False)
    resident.goto("/")
    resident.get_by_role("main").get_by_role("link", name="我要反映").click()
    for hidden in ("[data-voice]", "[data-outbox]", "[data-offline]", "[data-kept]", ".map"):
        expect(resident.locator(hidden).first).to_be_hidden()
    resident.get_by_label("您要反映什么").fill("听澜花园六栋门口的台阶碎了两级，老人容易摔")
    resident.get_by_label("照片").set_input_files([str(path) for path in paths])
    resident.get_by_role("button", name="提交").click()
    title = resident.get_by_role("heading", level=1)
    expect(title).to_have_text(re.compile("收到了|是不是下面这件事|在什么地方"))
    if title.inner_text() != "收到了":
        expect(resident.locator("main img[alt^=照片]")).to_have_count(2)
        resident.get_by_role("button", name="提交").click()
    filed = receipt(resident)
    resident.goto("/my/")
    resident.get_by_role("link", name=re.compile("台阶碎了两级")).click()
    expect(resident.get_by_role("main")).to_contain_text(filed.number)
    expect(resident.locator("main .photos img")).to_have_count(2)
    sources = resident.locator("main .photos img").evaluate_all("(all) => all.map((one) => one.naturalWidth)")
    assert all(width > 0 for width in sources)
