"""From a hot spot to what came of it: topic, meeting, decision, order, letter, end, and fewer appeals."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from huying.people.queries import SHANGHAI
from tests.journeys.people import choose
from tests.town import Town, running_town

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

    from tests.journeys.people import People

pytestmark = pytest.mark.journey
# Six neighbours tell of one pit in their own words, two days ago.
TOLD = """
import json
from datetime import timedelta
from django.utils import timezone
from huying.insight.live import take_in
from huying.insight.models import HotMark
from huying.insight.tests.hotstories import PIT
from huying.testing.cast import appeal_of
at = timezone.now() - timedelta(days=2)
keys = [appeal_of(text, phone=f"1380013{1000 + who}", at=at).appeal_id for who, text in enumerate(PIT)]
take_in(keys, at=timezone.now())
print(json.dumps(HotMark.objects.filter(pk__in=keys).exclude(spot=None)[0].spot.title))
"""
# Three months go by: one more neighbour tells of it, then nobody; each night what there is is counted.
THREE_MONTHS = """
import json
from datetime import timedelta
from django.utils import timezone
from huying.insight.live import take_in
from huying.insight.tests.hotstories import PIT
from huying.journeys.hotspot_to_topic import count_effects
from huying.supervision.models import Effect
from huying.testing.cast import appeal_of
now = timezone.now()
later = now + timedelta(days=10)
again = appeal_of(PIT[0], key="ten days later", phone="13800138777", at=later)
take_in([again.appeal_id], at=later)
for days in (11, 40, 93):
    while count_effects(at=now + timedelta(days=days)):
        pass
print(json.dumps(list(Effect.objects.values_list("before", "after", "found"))))
"""


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    """Give a town of its own, in which there is one hot spot."""
    with running_town(HUYING_TRUSTED_PROXIES="1") as town:
        yield town


def unfolded(page: Page, summary: str) -> Locator:
    """Open what folds under these words and return it."""
    fold = page.locator("details", has=page.locator("summary", has_text=re.compile(f"^{summary}$")))
    if fold.get_attribute("open") is None:
        fold.locator("summary").first.click()
    return fold


def said(page: Page, words: str) -> None:
    """Expect the page to say what was done, or how something stands."""
    expect(page.get_by_text(words, exact=True).first).to_be_visible()


def proposed_from_the_hot_spot(dong: Page, title: str) -> None:
    """Let the head of the community confirm the matter and bring it up."""
    dong.goto("/desk/hot/")
    dong.get_by_role("link", name=title).first.click()
    dong.get_by_role("button", name="确认", exact=True).click()
    said(dong, "已确认为热点。")
    dong.get_by_role("link", name="提出议题").click()
    expect(dong.get_by_label("标题")).to_have_value(title)
    dong.get_by_role("button", name="提出", exact=True).click()
    expect(dong.get_by_role("heading", level=1)).to_contain_text(title)
    dong.goto("/desk/hot/")
    dong.get_by_role("link", name=title).first.click()
    expect(dong.get_by_role("link", name="提出议题")).to_have_count(0)


def decided_by_a_meeting(du: Page, title: str) -> None:
    """Let the supervisor call a meeting that decides on it, and release its minutes."""
    now = datetime.now(tz=SHANGHAI)
    du.goto("/desk/supervision/meetings/")
    du.get_by_label("时间").fill(now.strftime("%Y-%m-%dT%H:%M"))
    du.get_by_label("会议地点").fill("三楼会议室")
    du.get_by_role("button", name="安排", exact=True).click()
    du.wait_for_url(re.compile(r"/meetings/[0-9a-f-]{36}/"))
    du.goto("/desk/supervision/topics/")
    du.get_by_role("link", name=title).first.click()
    du.get_by_role("button", name="列入议程").click()
    said(du, "已列入议程，会议材料已按当前情况固定。")
    item = du.get_by_role("listitem").filter(has=du.get_by_role("heading", name=title))
    item.get_by_label("讨论情况").fill("化粪池三年未清掏，管道老化。")
    item.get_by_role("button", name="记录").click()
    deciding = unfolded(du, "作出议定：立即形成督办事项")
    deciding.get_by_label("工作内容").fill("一周内清掏化粪池，改为每月一次。")
    deciding.get_by_label("责任单位").select_option(label="环卫所")
    deciding.get_by_label("办结期限").fill((now + timedelta(days=20)).date().isoformat())
    deciding.get_by_role("button", name="作出决定").click()
    said(du, "已议定，督办事项已交责任单位。")
    there = du.get_by_role("region", name="参会情况")
    there.get_by_label("出席").fill("党工委书记\n城管执法队")
    there.get_by_role("button", name="记录").click()
    said(du, "已记录。")
    du.get_by_role("button", name="印发纪要").click()
    expect(du.get_by_role("button", name="印发纪要")).to_have_count(0)


def order_of(page: Page, title: str) -> None:
    """Find the order on the supervision list and open it."""
    page.goto("/desk/supervision/orders/")
    page.get_by_role("main").get_by_role("table").get_by_role("link", name=title).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)


def test_from_a_hot_spot_to_an_effect_that_is_shown(people: People) -> None:
    title = people.town.asked(TOLD)
    dong, du, lin = (people.staff(name) for name in ("dong", "du", "lin"))
    proposed_from_the_hot_spot(dong, title)
    decided_by_a_meeting(du, title)
    order_of(lin, title)
    unfolded(lin, "领办").get_by_role("button", name="领办").click()
    said(lin, "正在办理")
    order_of(du, title)
    letter = unfolded(du, "发督办函")
    choose(letter, "黄色")
    letter.get_by_label("理由").fill("居民仍在反映，请加快办理。")
    letter.get_by_role("button", name="发督办函").click()
    said(du, "最近督办函")
    order_of(lin, title)
    expect(lin.get_by_text("居民仍在反映，请加快办理。").first).to_be_visible()
    report = unfolded(lin, "报结")
    report.get_by_label("进展情况和所做工作").fill("已清掏并疏通，改为每月一次。")
    report.get_by_role("button", name="报结").click()
    said(lin, "已报结，待批准")
    du.reload()
    unfolded(du, "批准销号").get_by_role("button", name="批准销号").click()
    said(du, "已销号")
    assert people.town.asked(THREE_MONTHS) == [[6, 1, "fell"]]
    for page in (du, lin):
        page.reload()
        effect = page.get_by_role("region", name="成效如何")
        expect(effect.get_by_text("诉求比以前减少")).to_be_visible()
        expect(effect).to_contain_text("来自1")
