"""The duty board on a wall and on a phone: live within seconds, late out loud, clear, and of no person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from tests.journeys.looking import AXE_RUN
from tests.journeys.people import PHONE, file_appeal

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.journeys.people import People

pytestmark = pytest.mark.journey
WALL = (1920, 1080)
SIZE = "(name) => parseFloat(getComputedStyle(document.querySelector(name)).fontSize)"


def clear(page: Page, state: str) -> None:
    """Expect nothing wrong by the rules of accessibility, and nothing wider than the screen."""
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate(AXE_RUN)
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found["wrong"]] == [], state
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.viewport_size["width"], state  # type: ignore[index]


def test_a_wall_is_live_turns_its_pages_and_says_when_it_is_late(people: People) -> None:
    leader = people.staff("ling", WALL)
    leader.goto("/desk/board/screens/")
    leader.get_by_label("大屏位置").fill("一楼大厅")
    leader.get_by_label("辖区").fill("440399001")
    leader.get_by_role("button", name="生成链接").click()
    link = leader.locator("a[rel=noreferrer]").get_attribute("href")
    assert link is not None
    wall = people.somebody(WALL)
    wall.goto(link)
    expect(wall.get_by_text("今日受理诉求").first).to_be_visible()
    assert wall.evaluate(SIZE, ".tile-value") >= 70, "to be read from five metres"
    assert wall.evaluate(SIZE, ".tile-label") >= 22
    assert wall.evaluate("document.documentElement.scrollHeight") <= WALL[1]
    clear(wall, "wall, light or dark as the device")
    came_in = wall.locator(".tile-value").first
    before = int(came_in.inner_text())
    file_appeal(people.somebody(PHONE), "听澜花园旁边的公厕很脏很臭，没有人打扫")
    expect(came_in).to_have_text(str(before + 1), timeout=12_000)
    wall.keyboard.press("ArrowRight")
    expect(wall.get_by_role("button", name="预警", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(wall.locator("[data-panel=hot]")).to_be_hidden()
    expect(wall.locator("[data-board-pause]")).to_have_attribute("aria-pressed", "true")
    wall.context.set_offline(True)
    expect(wall.locator("[data-board-late]")).to_be_visible(timeout=30_000)
    expect(wall.locator("[data-board-state]")).to_have_text(re.compile("数据延迟，停在 [0-9:]{8}"))
    clear(wall, "wall, late")
    wall.context.set_offline(False)
    expect(wall.locator("[data-board-late]")).to_be_hidden(timeout=30_000)
    wall.get_by_role("button", name=re.compile("浅色|深色")).click()
    clear(wall, "wall, in its other look")


def test_a_phone_shows_everything_below_each_other(people: People) -> None:
    page = people.staff("dong", (360, 740))
    page.goto("/desk/board/")
    for panel in ("hot", "alerts", "rates", "areas"):
        expect(page.locator(f"[data-panel={panel}]")).to_be_visible()
    clear(page, "phone")
