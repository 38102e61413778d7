"""A grid worker's round in a dead spot: tasks and forms are there, each step goes once, nothing is lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import expect

from tests.journeys.people import PHONE, choose
from tests.town import until

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.journeys.people import People
    from tests.town import Town

pytestmark = pytest.mark.journey
KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys()) if (name.startsWith("round-"))
    for (const one of await (await caches.open(name)).keys()) found.push(new URL(one.url).pathname);
  return found;
}"""
# A case the community station is called in for, and one the cleaners have signed for.
CALLED = """
import json
from uuid import uuid4
from django.utils import timezone
from huying.cases.tests.stories import made
from huying.testing.cast import appeal_of, case_of
at, found = timezone.now(), []
for number in range(2):
    text = "听澜花园{words}" + "东西"[number] + "门口的垃圾没人清"
    case = case_of(appeal_of(text, held_for="filing_often", at=at, key=str(uuid4())))
    made(case, "dispatch", "mei", at=at, unit="cleaning", item="010101")
    found.append(made(case, "sign", "lin", at=at))
made(found[0], "call_in", "lin", at=at, unit="east", note="请到现场")
print(json.dumps([case.number for case in found]))
"""
STANDS = """
import json
from huying.cases.models import Case
from huying.ledger.queries import timeline
case = Case.objects.get(number={number!r})
facts = [fact.kind for fact in timeline("case:%s" % case.pk)]
print(json.dumps([case.status, facts, sum(reply.evidence.count() for reply in case.replies.all())]))
"""
MOVED = """
from django.utils import timezone
from huying.cases.actions import move_case
from huying.cases.models import Case
from huying.people.actions import give_post
from huying.people.models import Account, Unit
from huying.testing.cast import staff
from huying.testing.town import FOUNDED_ON
hao = Account.objects.get(username="hao")
give_post(hao, unit=Unit.objects.get(code="cleaning"), role="handler", valid_from=FOUNDED_ON)
case, at = Case.objects.get(number={number!r}), timezone.now()
move_case(case.pk, "hand_to", by=staff("hao"), at=at, handler=str(hao.pk), note="我熟悉这一片")
"""
FOUND = """
import json
from huying.cases.models import Case
found = Case.objects.filter(title__contains={text!r})
print(json.dumps([[case.number, case.status, case.replies.get().evidence.count(),
    sum(one.appeal.photos.count() for one in case.memberships.all())] for case in found]))
"""


@pytest.fixture
def photos(tmp_path: Path) -> list[str]:
    """Give two photos."""
    paths = [tmp_path / f"{number}.jpg" for number in range(2)]
    for number, path in enumerate(paths):
        Image.effect_noise((300, 200), 30 + number).convert("RGB").save(path)
    return [str(path) for path in paths]


def on_the_round(people: People, username: str) -> Page:
    """Give somebody who has seen the round once, with a network, so that it is kept."""
    page = people.staff(username, PHONE)
    page.goto("/desk/grid/")
    until(lambda: "/desk/grid/kept/found/" in page.evaluate(KEPT), "the round was never kept")
    return page


def look(page: Page) -> None:
    """Expect axe to find nothing in the way, and nothing wider than the phone."""
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_a_task_is_opened_attended_and_done_without_a_network_and_each_step_is_sent_once(
    people: People, town: Town
) -> None:
    number, _other = town.asked(CALLED.format(words="早上"))
    page = on_the_round(people, "dong")
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_text("现在没有网络")).to_be_visible()
    look(page)
    card = page.locator(f"[data-task-card='{number}']")
    card.get_by_role("link", name="报到").click()
    look(page)
    card.get_by_role("button", name="报到").click()
    expect(card.get_by_text("你在这里办的事存在本机")).to_be_visible()
    page.reload()  # closed and opened again, still without a network
    expect(page.locator("[data-grid-list]").get_by_text(number)).to_be_visible()
    assert town.asked(STANDS.format(number=number))[1].count("TaskAttended") == 0
    page.context.set_offline(False)
    page.evaluate("for (const once of [1, 2]) window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-grid-list]").get_by_text(f"已提交：{number}")).to_be_visible()
    assert town.asked(STANDS.format(number=number))[1].count("TaskAttended") == 1


def test_what_was_found_and_solved_goes_with_its_photos_also_after_the_phone_was_closed(
    people: People, town: Town, photos: list[str]
) -> None:
    page = on_the_round(people, "ge")
    page.context.set_offline(True)
    page.goto("/desk/grid/")
    page.get_by_role("link", name="自行处置").click()
    look(page)
    page.set_input_files("#id_before", photos[:1])
    page.set_input_files("#id_after", photos)
    page.get_by_label("发现了什么？").fill("竹溪苑南门的井盖翘起来绊人")
    page.get_by_label("做了什么处置？").fill("已当场复位。")
    page.get_by_label("事项").fill("010201")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("内容已存在本机")).to_be_visible()
    page.close()
    again = page.context.new_page()
    page.context.set_offline(False)
    again.goto("/desk/grid/")
    expect(again.locator("[data-grid-list]").get_by_text("已提交")).to_be_visible()
    found = town.asked(FOUND.format(text="井盖翘起来绊人"))
    assert [row[1:] for row in found] == [["replied", 2, 1]]


def test_a_conflict_and_a_session_that_ran_out_are_told_and_nothing_is_lost(
    people: People, town: Town
) -> None:
    _number, number = town.asked(CALLED.format(words="中午"))
    page = on_the_round(people, "lin")
    page.context.set_offline(True)
    page.reload()
    card = page.locator(f"[data-task-card='{number}']")
    card.get_by_role("link", name="答复").click()
    card.get_by_label("做了什么？").fill("已清运，垃圾桶也换了新的。")
    choose(card, "已解决")
    card.get_by_role("button", name="答复").click()
    kept = page.locator("[data-grid-list]")
    expect(kept.get_by_text("已清运，垃圾桶也换了新的。")).to_be_visible()
    town.python(MOVED.format(number=number))
    # While the phone was away its session ran out as well.
    session = [one for one in page.context.cookies() if one["name"] == "sessionid"]
    assert session
    page.context.clear_cookies(name="sessionid")
    page.context.set_offline(False)
    expect(page.get_by_text("你已退出登录")).to_be_visible()
    page.context.add_cookies(session)  # type: ignore[arg-type] # as they were given
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(kept.get_by_text(re.compile("郝正"))).to_be_visible()
    # Nothing is on its way any more: the page that was kept gives way to the one of now.
    expect(page.locator("[data-round-offline]")).to_be_hidden()
    expect(kept.get_by_text("已清运，垃圾桶也换了新的。")).to_be_visible()
    look(page)
    assert town.asked(STANDS.format(number=number))[0] == "in_progress"
    kept.get_by_role("button", name="修改").click()
    expect(card.get_by_label("做了什么？")).to_have_value("已清运，垃圾桶也换了新的。")
    card.get_by_role("button", name="先不办").click()
    kept.get_by_role("button", name="仍然提交").click()
    expect(kept.get_by_text(f"已提交：{number}")).to_be_visible()
    stands, facts, _photos = town.asked(STANDS.format(number=number))
    assert (stands, facts.count("CaseReplied")) == ("replied", 1)


def test_what_is_kept_is_one_persons_and_gone_when_they_sign_out_or_another_signs_in(people: People) -> None:
    page = on_the_round(people, "dong")
    allowed = re.compile(r"^/(static/|desk/grid/kept/|desk/(map/)?boundaries)")
    assert [path for path in page.evaluate(KEPT) if not allowed.match(path)] == []
    session = [one for one in page.context.cookies() if one["name"] == "sessionid"]
    other = people.staff("ge", PHONE)
    theirs = [one for one in other.context.cookies() if one["name"] == "sessionid"]
    page.context.add_cookies(theirs)  # type: ignore[arg-type] # as they were given
    page.goto("/desk/today/")  # any page of the desk
    until(lambda: page.evaluate(KEPT) == [], "another's round was not wiped")
    page.context.add_cookies(session)  # type: ignore[arg-type] # likewise
    page.goto("/desk/grid/")
    until(lambda: "/desk/grid/kept/found/" in page.evaluate(KEPT), "the round was never kept")
    page.locator("summary", has_text="我的账号").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_label("用户名")).to_be_visible()
    until(lambda: page.evaluate(KEPT) == [], "the round was not wiped")


def test_without_scripts_the_steps_are_pages_of_their_own(people: People, town: Town) -> None:
    number, _other = town.asked(CALLED.format(words="晚上"))
    page = people.staff("dong", PHONE, script=False)
    page.goto("/desk/grid/")
    page.locator(f"[data-task-card='{number}']").get_by_role("link", name="报到").click()
    page.get_by_role("button", name="报到").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("巡查|走访"))
    assert town.asked(STANDS.format(number=number))[1].count("TaskAttended") == 1
