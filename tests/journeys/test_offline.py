"""Without a network: what is written stays on the phone, goes out once, and leaves nothing behind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.journeys.people import PHONE, receipt
from tests.town import until

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.journeys.people import People
    from tests.town import Town

pytestmark = pytest.mark.journey
KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const one of await (await caches.open(name)).keys()) found.push(new URL(one.url).pathname);
  return found;
}"""
DRAFTS = "async () => (await huyingOutbox.drafts()).map((draft) => [draft.state, draft.photos.length])"
HAS = """
import json
from huying.intake.models import Appeal
print(json.dumps([[one.number, one.photos.count()] for one in Appeal.objects.filter(text={text!r})]))
"""


@pytest.fixture
def photos(tmp_path: Path) -> list[str]:
    """Give two photos."""
    paths = [tmp_path / f"{number}.jpg" for number in range(2)]
    for number, path in enumerate(paths):
        Image.effect_noise((300, 200), 30 + number).convert("RGB").save(path)
    return [str(path) for path in paths]


def resident_with_worker(people: People) -> Page:
    """Give a resident who has opened the form once, with a network, so that it is kept."""
    page = people.somebody(PHONE)
    page.goto("/file/")
    page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    until(lambda: "/offline/which" in page.evaluate(KEPT), "the shells were never kept")
    return page


def told_at(town: Town, text: str) -> list[list[object]]:
    """Return number and photos of each appeal with this text."""
    found: list[list[object]] = town.asked(HAS.format(text=text))
    return found


def test_an_appeal_written_without_a_network_is_sent_once_when_it_is_back(
    people: People, town: Town, photos: list[str]
) -> None:
    text = "听澜花园地库入口的灯坏了，晚上看不见路"
    page = resident_with_worker(people)
    page.get_by_label("您要反映什么").fill(text)
    page.set_input_files("#id_photos", photos)
    expect(page.locator(".photo")).to_have_count(2)
    page.context.set_offline(True)
    expect(page.get_by_text("现在没有网络。打电话不受影响")).to_be_visible()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已保存在本机")
    expect(page.get_by_text("保存在本机，联网后自动提交", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_text("保存在本机，联网后自动提交", exact=True)).to_be_visible()
    expect(page.get_by_text("照片 2 张")).to_be_visible()
    assert page.get_by_text(text).count() == 0, "the list shows nobody what was written"
    assert told_at(town, text) == []
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")  # as the browser does, twice for once
    number = page.get_by_role("link", name=re.compile(r"SQ\d+"))
    expect(number).to_be_visible()
    assert page.evaluate(DRAFTS) == []
    found = told_at(town, text)
    assert [count for _number, count in found] == [2]
    number.click()
    assert receipt(page).number == found[0][0]
    page.goto("/")
    expect(page.get_by_role("heading", name="本机草稿")).to_be_hidden()
    assert str(found[0][0]) in page.content() or text in page.content()


def test_the_form_is_there_without_a_network_and_so_are_the_telephones(people: People, town: Town) -> None:
    text = "荷风雅居3栋二楼消防门关不上，请来修"
    page = resident_with_worker(people)
    page.context.set_offline(True)
    page.goto("/my/")
    expect(page.get_by_role("heading", level=1)).to_have_text("现在没有网络")
    for number in ("110", "119", "120", "12345"):
        expect(page.get_by_role("link", name=re.compile(number))).to_have_attribute("href", f"tel:{number}")
    page.get_by_role("main").get_by_role("link", name="我要反映").click()
    page.get_by_label("您要反映什么").fill(text)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已保存在本机")
    page.context.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_have_text("已提交")
    assert len(told_at(town, text)) == 1


def test_a_network_that_fails_under_way_is_no_loss(people: People, town: Town) -> None:
    """The browser believes in a network that carries nothing: the worker sees it and keeps the draft."""
    text = "塘边村口的公交站牌倒了，挡住人行道"
    page = resident_with_worker(people)
    page.evaluate("Object.defineProperty(navigator, 'onLine', { get: () => true })")
    page.get_by_label("您要反映什么").fill(text)
    page.context.set_offline(True)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已保存在本机")
    page.context.set_offline(False)
    expect(page.get_by_role("link", name=re.compile(r"SQ\d+"))).to_be_visible()
    assert len(told_at(town, text)) == 1


def test_what_was_begun_is_offered_again_and_can_be_cleared(people: People, photos: list[str]) -> None:
    page = resident_with_worker(people)
    page.get_by_label("您要反映什么").fill("写了一半的话")
    page.set_input_files("#id_photos", photos)
    until(lambda: page.evaluate(DRAFTS) == [["writing", 2]], "the draft was never kept")
    page.goto("/")
    page.get_by_role("button", name="继续填写").click()
    expect(page.get_by_label("您要反映什么")).to_have_value("写了一半的话")
    expect(page.locator(".photo")).to_have_count(2)
    page.goto("/")
    page.get_by_role("button", name="清除本机草稿").click()
    expect(page.get_by_role("heading", name="本机草稿")).to_be_hidden()
    assert page.evaluate(DRAFTS) == []


def test_a_draft_is_gone_once_it_is_filed_and_after_seven_days(people: People) -> None:
    page = resident_with_worker(people)
    page.get_by_label("您要反映什么").fill("竹溪苑垃圾桶盖坏了，苍蝇很多")
    until(lambda: page.evaluate(DRAFTS) == [["writing", 0]], "the draft was never kept")
    page.get_by_role("button", name="提交").click()
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text(re.compile("收到了|是不是下面这件事？|在什么地方？"))
    if title.inner_text() != "收到了":
        page.get_by_role("button", name="提交").click()
    receipt(page)
    until(lambda: page.evaluate(DRAFTS) == [], "the draft was not wiped")
    page.evaluate(
        """() => huyingOutbox.put({ key: "old", state: "writing", photos: [], fields: {},
        savedAt: Date.now() - 8 * 24 * 3600 * 1000 })"""
    )
    page.goto("/")
    until(lambda: page.evaluate(DRAFTS) == [], "the old draft was not wiped")


def test_nothing_of_a_resident_is_ever_kept_by_the_worker(people: People) -> None:
    page = resident_with_worker(people)
    page.get_by_label("您要反映什么").fill("听澜花园门口的花坛没人浇水，花都枯了")
    page.get_by_role("button", name="提交").click()
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text(re.compile("收到了|是不是下面这件事？|在什么地方？"))
    if title.inner_text() != "收到了":
        page.get_by_role("button", name="提交").click()
    filed = receipt(page)
    for way in (filed.link, "/my/", "/"):
        page.goto(way)
    allowed = re.compile(r"^/(static/|offline/(file|away|which)|map/boundaries\.json)")
    assert [path for path in page.evaluate(KEPT) if not allowed.match(path)] == []
