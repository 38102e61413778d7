"""A dispatcher, a clerk and a grid worker at work: by keys, beside the list, without a network."""

from __future__ import annotations

import json
import urllib.request
from itertools import count
from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.people import PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.journeys.people import People
    from tests.town import Town

_keys = count(1)
# Three cases a person is to decide on, though the rules know a unit for them.
HELD = """
import json
from huying.testing.cast import appeal_of, case_of
texts = ["听澜花园旁边的公厕很脏很臭，没有人打扫，%s" % word for word in ("一", "二", "三")]
print(json.dumps([case_of(appeal_of(text, held_for="filing_often")).number for text in texts]))
"""


def send(town: Town, text: str) -> str:
    """File an appeal through the machines' door and return the number of its case."""
    request = urllib.request.Request(  # noqa: S310 - our own town
        f"{town.url}/api/v1/appeals",
        data=json.dumps({"text": text}).encode(),
        headers={
            "Authorization": f"Bearer {town.api_key}", "Content-Type": "application/json",
            "Idempotency-Key": f"desk-work-{next(_keys)}",
        },
    )  # fmt: skip
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - likewise
        return str(json.load(answer)["case"])


def clean(page: Page) -> None:
    """Let nothing on the page stand in the way of a screen reader."""
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def test_a_dispatcher_gives_away_one_case_after_another_with_two_keys_each(people: People) -> None:
    sent = people.town.asked(HELD)
    mei = people.staff("mei")
    mei.goto("/desk/console/")
    clean(mei)
    at_hand = mei.locator("[data-console-case]")
    seen: list[str] = []
    keys = 0
    for _ in sent:
        number = at_hand.get_attribute("data-console-case") or ""
        while number not in sent:  # what other stories left waiting in this town
            mei.keyboard.press("l")
            expect(mei.locator(f"[data-console-case='{number}']")).to_have_count(0)
            number = at_hand.get_attribute("data-console-case") or ""
        seen.append(number)
        for key in ("1", "Enter"):
            mei.keyboard.press(key)
            keys += 1
        expect(mei.locator(".console-case").get_by_text(number)).to_be_visible()
        expect(mei.locator(f"[data-console-case='{number}']")).to_have_count(0)
    assert keys == 2 * len(sent)
    assert len(set(seen)) == len(sent)
    assert mei.evaluate("performance.getEntriesByType('navigation').length") == 1
    # The list of keys is a dialog; a key typed into a field is only a letter.
    mei.keyboard.press("?")
    expect(mei.get_by_role("dialog", name="键盘快捷键")).to_be_visible()
    clean(mei)
    mei.keyboard.press("Escape")
    mei.get_by_label("搜索工单").press("?")
    expect(mei.get_by_role("dialog", name="键盘快捷键")).to_be_hidden()


def test_a_clerk_works_beside_the_list_by_keys_and_may_switch_them_off(people: People) -> None:
    text = "听澜花园旁边的公厕很脏很臭，没有人打扫"
    for more in ("请来", "快来"):
        send(people.town, f"{text}，{more}")
    lin = people.staff("lin")
    lin.goto("/desk/?tab=to_sign")
    expect(lin.locator("[data-case-row]").first).to_be_visible()
    for key in ("j", "o"):
        lin.keyboard.press(key)
    drawer = lin.locator("#drawer-body [data-case]")
    expect(drawer).to_be_visible()
    clean(lin)
    opened = drawer.get_attribute("data-case")
    lin.keyboard.press("j")
    expect(drawer).not_to_have_attribute("data-case", opened or "")
    now = drawer.get_attribute("data-case") or ""
    assert opened != now
    lin.keyboard.press("s")
    lin.keyboard.press("Enter")
    expect(drawer.get_by_text("办理中").first).to_be_visible()
    expect(lin.locator(f"[data-case-row='{now}']")).to_have_count(0)
    lin.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    lin.get_by_role("button", name="键盘快捷键").click()
    lin.get_by_label("启用单键快捷键").uncheck()
    lin.keyboard.press("Escape")
    lin.keyboard.press("j")
    lin.keyboard.press("o")
    expect(drawer).to_have_count(0)


def test_a_grid_worker_records_what_was_solved_without_a_network_and_somebody_else_reviews(
    people: People,
) -> None:
    ge = people.staff("ge", PHONE)
    ge.goto("/desk/grid/")
    clean(ge)
    ge.get_by_role("link", name="自行处置").click()
    clean(ge)
    ge.context.set_offline(True)
    ge.get_by_label("发现了什么？").fill("竹溪苑公厕门口有一袋垃圾")
    ge.get_by_label("做了什么处置？").fill("已当场清走。")
    ge.get_by_label("事项").fill("010201")
    ge.get_by_role("button", name="提交").click()
    expect(ge.get_by_text("内容已存在本机")).to_be_visible()
    ge.context.set_offline(False)
    sent = ge.locator("[data-grid-list]").get_by_text("已提交")
    expect(sent).to_be_visible()
    number = (sent.inner_text()).split()[-1].split("：")[-1]
    dong = people.staff("dong")
    dong.goto(f"/desk/cases/{number}/")
    expect(dong.get_by_role("button", name="审核通过").or_(dong.locator("#act-pass_review"))).to_be_visible()
