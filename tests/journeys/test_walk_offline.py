"""A walk in a dead spot: findings in two taps, and the end; each is sent once when there is a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import expect

from tests.journeys.people import PHONE
from tests.town import until

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.journeys.people import People
    from tests.town import Town

pytestmark = pytest.mark.journey
KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys()) if (name.startsWith("walk-"))
    for (const one of await (await caches.open(name)).keys()) found.push(new URL(one.url).pathname);
  return found;
}"""
PLANNED = """
import json
from django.utils import timezone
from huying.walks.tests.stories import planned
walk = planned(at=timezone.now())
print(json.dumps([str(walk.pk), walk.number]))
"""
STANDS = """
import json
from huying.walks.models import Walk
walk = Walk.objects.get(pk={walk!r})
print(json.dumps([
    walk.state, walk.summary,
    sorted(
        [one.appeal.channel_id, one.appeal.text, one.appeal.photos.count()] for one in walk.findings.all()
    ),
    [stop.seen for stop in walk.stops.all()],
]))
"""


@pytest.fixture
def photos(tmp_path: Path) -> list[str]:
    """Give two photos."""
    paths = [tmp_path / f"{number}.jpg" for number in range(2)]
    for number, path in enumerate(paths):
        Image.effect_noise((300, 200), 30 + number).convert("RGB").save(path)
    return [str(path) for path in paths]


def look(page: Page) -> None:
    """Expect axe to find nothing in the way, and nothing wider than the phone."""
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_what_a_walk_finds_without_a_network_becomes_appeals_once_there_is_one(
    people: People, town: Town, photos: list[str]
) -> None:
    key, number = town.asked(PLANNED)
    page = people.staff("ge", PHONE)
    page.goto("/desk/walks/go/")
    until(lambda: "/desk/walks/go/kept/" in page.evaluate(KEPT), "the walk was never kept")
    look(page)
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_text("现在没有网络")).to_be_visible()
    look(page)
    finding = page.locator(f"[data-act=finding][data-walk='{key}']")
    where = finding.locator("select[name=stop]")
    where.select_option(label="菜市场后巷")
    for photo in photos:  # one tap for the photo, one to send it; the place stays chosen
        finding.locator("input[name=before]").set_input_files(photo)
        expect(finding.locator(".photo")).to_have_count(1)
        finding.get_by_role("button", name="上报").click()
        expect(finding.get_by_text("已存好")).to_be_visible()
        expect(finding.locator(".photo")).to_have_count(0)
    end = page.locator(f"[data-act=end][data-walk='{key}']")
    end.get_by_label("听澜花园").check()
    end.get_by_label("简要情况").fill("后巷两处问题")
    end.get_by_role("button", name="结束行走").click()
    expect(page.locator("[data-grid-list] li")).to_have_count(3)
    look(page)
    assert town.asked(STANDS.format(walk=key))[0] == "planned"
    page.close()  # the phone was put away in between
    again = page.context.new_page()
    page.context.set_offline(False)
    again.goto("/desk/walks/go/")
    expect(again.locator("[data-grid-list]").get_by_text(number)).to_be_visible()
    again.evaluate("for (const once of [1, 2]) window.dispatchEvent(new Event('online'))")
    until(lambda: len(town.asked(STANDS.format(walk=key))[2]) == len(photos), "a finding never came")
    state, summary, findings, seen = town.asked(STANDS.format(walk=key))
    assert findings == [["walk", "行走发现：菜市场后巷", 1], ["walk", "行走发现：菜市场后巷", 1]]
    assert (state, summary, seen) == ("ended", "后巷两处问题", [True, True])
