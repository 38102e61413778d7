"""Residents' pages in every state they have, light, dark and in the care mode: nothing in anybody's way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import expect

from tests.journeys.people import PHONE, file_appeal, receipt
from tests.journeys.speech import HEARING, SPEAKING

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.journeys.people import People

pytestmark = pytest.mark.journey
ENOUGH_RULES = 25
LOOKS = ("light", "dark", "care")
TIGHT = """() => [...document.querySelectorAll("p, li, h1, h2, a, button, label, td, th")]
  .filter((part) => part.offsetParent && part.innerText.trim() && !part.closest(".map"))
  .map((part) => [part, getComputedStyle(part)])
  .filter(([part, style]) => parseFloat(style.lineHeight) < 1.3 * parseFloat(style.fontSize) - 0.01)
  .map(([part]) => part.outerHTML.slice(0, 120))"""
SMALL = """() => [...document.querySelectorAll("#main *")]
  .filter((part) => part.offsetParent && !part.closest(".map") && !part.closest(".ears")
    && [...part.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
  .filter((part) => parseFloat(getComputedStyle(part).fontSize) < 18)
  .map((part) => part.outerHTML.slice(0, 120))"""
GAPS = """() => [...document.querySelectorAll("#main p + p")]
  .filter((part) => part.offsetParent && part.previousElementSibling.offsetParent)
  .map((part) => [part.previousElementSibling, getComputedStyle(part)])
  .map(([before, style]) => [parseFloat(getComputedStyle(before).marginBottom) + parseFloat(style.lineHeight),
    1.3 * parseFloat(style.lineHeight), before.outerHTML.slice(0, 120)])
  .filter(([gap, wanted]) => gap < wanted)"""
BESIDE = """() => [...document.querySelectorAll("#main .card, .cells > li, .numbers-list > li, .way > li")]
  .filter((part) => part.offsetParent && part.previousElementSibling)
  .filter((part) => part.previousElementSibling.offsetParent)
  .filter((part) => Math.abs(part.offsetTop - part.previousElementSibling.offsetTop) < 4)
  .map((part) => part.outerHTML.slice(0, 120))"""


def browser_of(people: People, look: str) -> Page:
    """Give a resident whose device is light or dark, or who has chosen the care mode."""
    page = people.somebody(PHONE)
    if look == "dark":
        page.emulate_media(color_scheme="dark")
    if look == "care":
        page.context.add_cookies([{"name": "care", "value": "1", "url": people.town.url}])
    page.add_init_script(HEARING + SPEAKING)
    return page


def look_over(page: Page, state: str) -> None:
    """Expect axe to find nothing in the way, and nothing wider than the phone."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    found = Axe().run(page).response
    assert len(found["passes"]) > ENOUGH_RULES, state
    faults = [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found["violations"]]
    assert faults == [], state
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0], state


@pytest.mark.parametrize("look", LOOKS)
def test_every_state_of_residents_pages_is_in_nobodys_way(people: People, look: str, tmp_path: Path) -> None:
    photo = tmp_path / "lamp.jpg"
    Image.effect_noise((300, 200), 40).convert("RGB").save(photo)
    page = browser_of(people, look)
    page.goto("/")
    look_over(page, "front page of a stranger")
    page.goto("/my/")
    look_over(page, "no appeals yet")
    page.goto("/find/")
    look_over(page, "finding an appeal")
    page.goto("/file/")
    look_over(page, "empty form")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("请检查以下内容")).to_be_visible()
    look_over(page, "form with errors")
    page.get_by_label("您要反映什么").fill("路灯不亮")
    page.set_input_files("#id_photos", str(photo))
    expect(page.locator(".photo")).to_have_count(1)
    page.get_by_text("方便给您回电话吗").click()
    page.get_by_role("button", name="按一下说话").click()
    look_over(page, "filled form, question about speaking")
    page.get_by_role("button", name="我想打字").click()
    page.context.set_offline(True)
    look_over(page, "form without a network")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已保存在本机")
    look_over(page, "kept on the device")
    page.context.set_offline(False)
    # That hints fail without a network is written to the console, and told to nobody.
    people.faults[:] = [fault for fault in people.faults if "htmx:" not in fault]
    expect(page.get_by_role("link", name=re.compile(r"SQ\d+"))).to_be_visible()
    look_over(page, "sent by itself")
    file_appeal(page, f"荷风雅居门口垃圾成堆，臭气熏天，{look}")
    look_over(page, "number and link")
    page.get_by_role("link", name="查看办理进展").click()
    look_over(page, "an appeal")
    page.goto("/file/")
    page.get_by_label("您要反映什么").fill("荷风雅居门口垃圾堆成山，臭死了")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile("是不是下面这件事|收到了|在什么地方")
    )
    look_over(page, "one more look")
    page.goto("/")
    look_over(page, "front page with appeals")
    page.goto("/offline/away/zh-hans/standard/")
    look_over(page, "no network")


def test_the_care_mode_keeps_to_the_rules_for_old_age(people: People) -> None:
    """MIIT 2021: large type, lines and paragraphs far enough apart, one column, the telephone, no pop-up."""
    page = browser_of(people, "care")
    filed = file_appeal(page, "竹溪苑三栋楼梯扶手松了，老人下楼害怕")
    for way in ("/", "/file/", "/my/", "/find/", filed.link):
        page.goto(way)
        assert page.evaluate(SMALL) == [], way
        assert page.evaluate(TIGHT) == [], way
        assert page.evaluate(GAPS) == [], way
        page.set_viewport_size({"width": 1440, "height": 900})
        assert page.evaluate(BESIDE) == [], way
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        expect(page.get_by_role("link", name="拨打 12345").first).to_be_visible()
        assert page.get_by_role("dialog").count() == 0


def test_the_way_into_the_care_mode_stands_on_every_page(people: People) -> None:
    page = people.somebody(PHONE)
    for way in ("/", "/file/", "/my/", "/find/", "/sign-in/", "/a/SQ260101000019/x/", "/no/such/page/"):
        page.goto(way)
        expect(page.get_by_role("button", name="长辈版")).to_be_visible()


def test_the_page_is_read_aloud_paused_and_read_on(people: People) -> None:
    page = browser_of(people, "care")
    page.goto("/")
    page.get_by_role("button", name="朗读本页").click()
    expect(page.get_by_role("button", name="暂停朗读")).to_be_visible()
    page.evaluate("window.finish(); window.finish();")
    said = page.evaluate("window.said")
    assert said[0] == ["zh-CN", page.get_by_role("heading", level=1).inner_text()]
    assert len(said) == 3
    page.get_by_role("button", name="暂停朗读").click()
    page.evaluate("window.finish()")
    assert len(page.evaluate("window.said")) == 3
    page.get_by_role("button", name="接着读").click()
    assert page.evaluate("window.said")[3] == said[2]
    page.get_by_role("button", name="标准版").click()
    expect(page.get_by_role("button", name="暂停朗读")).to_be_hidden()


def test_speaking_fills_the_form_after_a_word_about_who_listens(people: People) -> None:
    page = browser_of(people, "light")
    page.goto("/file/")
    page.get_by_role("button", name="按一下说话").click()
    expect(page.get_by_text("浏览器厂商的服务可能会收到您的声音")).to_be_visible()
    assert page.evaluate("window.listeners.length") == 0
    page.get_by_role("button", name="知道了，开始说话").click()
    expect(page.get_by_role("status").filter(has_text="正在听")).to_be_visible()
    assert page.evaluate("window.listeners[0].lang") == "zh-CN"
    page.evaluate("window.hear('三栋路灯', false)")
    expect(page.get_by_role("status").filter(has_text="三栋路灯")).to_be_visible()
    expect(page.get_by_label("您要反映什么")).to_have_value("")
    page.evaluate("window.hear('三栋路灯不亮', true); window.listeners[0].onend();")
    expect(page.get_by_label("您要反映什么")).to_have_value("三栋路灯不亮")
    expect(page.get_by_role("status").filter(has_text="已写下")).to_be_visible()
    # The second time nobody is asked again; a refused microphone is told, and typing goes on.
    page.get_by_role("button", name="按一下说话").click()
    page.evaluate("window.listeners[1].onerror({ error: 'not-allowed' }); window.listeners[1].onend();")
    expect(page.get_by_text("没有使用麦克风的权限")).to_be_visible()
    expect(page.get_by_label("您要反映什么")).to_have_value("三栋路灯不亮")


def test_without_speech_in_the_browser_nothing_speaks_of_it(people: People) -> None:
    page = people.somebody(PHONE)
    page.add_init_script(
        "for (const name of ['SpeechRecognition', 'webkitSpeechRecognition', 'speechSynthesis'])"
        " delete window[name];"
    )
    page.context.add_cookies([{"name": "care", "value": "1", "url": people.town.url}])
    page.goto("/file/")
    expect(page.get_by_role("button", name="按一下说话")).to_be_hidden()
    page.get_by_label("您要反映什么").fill("塘边村路口的减速带断了一截")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile("收到了|是不是下面这件事|在什么地方")
    )
    if page.get_by_role("heading", level=1).inner_text() != "收到了":
        page.get_by_role("button", name="提交").click()
    receipt(page)
