"""Every page of the address tables, opened by somebody who may: clear, and not too wide."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from tests.journeys.crawl import Crawl, pages
from tests.journeys.people import DESK, PHONE
from tests.journeys.test_accessible import ENOUGH_RULES
from tests.town import Town, running_town

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from tests.journeys.people import People

pytestmark = pytest.mark.journey
STAGE = "from tests.journeys.stage import main; main()"
UNFOLD = "document.querySelectorAll('details').forEach((fold) => { fold.open = true; })"
# Only what is wrong comes back from the browser, and how many rules were right.
AXE_RUN = """axe.run({resultTypes: ['violations']}).then(
    (found) => ({right: found.passes.length, wrong: found.violations}))"""
# Addresses that answer to GET and are no page to look at here, and why.
_FILE, _DATA, _PART = "a picture or file", "read by scripts", "a part of a page that is looked at"
NO_PAGES = {
    "alive": "for machines", "ready": "for machines", "metrics": "for machines",
    "set_language": "takes a choice",
    "desk:evidence": _FILE, "desk:found_photo": _FILE, "desk:kept_photo": _FILE, "desk:photo": _FILE,
    "desk:waiting_photo": _FILE, "desk:watermark": _FILE, "home:evidence": _FILE, "home:my_evidence": _FILE,
    "home:my_photo": _FILE, "home:own_fetch": _FILE, "home:photo": _FILE, "home:public_photo": _FILE,
    "home:waiting_photo": _FILE, "desk:boundaries": _DATA, "desk:counts": _DATA, "desk:grid_outbox": _DATA,
    "desk:grid_worker": _DATA, "desk:grid_kept": "looked at by test_round_offline",
    "desk:grid_kept_found": "likewise",
    "home:boundaries": _DATA, "home:near_matters": _DATA, "home:outbox": _DATA, "home:token": _DATA,
    "home:places": _DATA, "home:worker": _DATA, "desk:office:area_below": _PART,
    "desk:office:numbers": "leads to the numbers at the desk",
    "desk:view": "leads to the list it is a view of",
    "desk:admission_complete": "the form of a new application, filled in; open after it was returned",
    "desk:entered": "shown once, after an appeal was typed in",
    "desk:office:catalogue_publish": "open while a catalogue is a draft",
    "desk:office:retention_kind": "the page of retention with what is wrong with one of its forms",
    "home:report_sent": "shown once, after a report was sent",
    "home:shell": "looked at by test_accessible", "people:code": "looked at while signing in",
    "home:unsubscribe": "from a letter's own link",
    "home:reach_wechat": "leads to WeChat", "home:reach_wechat_back": "comes from WeChat",
}  # fmt: skip


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    """Give a town of its own: in that of all journeys a new case may be joined to somebody else's."""
    with running_town(HUYING_TRUSTED_PROXIES="1") as town:
        yield town


class Looker:
    """Looks at a page as people with a phone, at night or with old eyes do; keeps what is wrong."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.wrong: list[str] = []

    def look(self, page: Page, state: str) -> None:
        """Look at the page on a light desk and a dark phone; at residents' pages in the care mode too.

        Each look is at a page loaded anew: one whose colours change under it keeps some of the old.
        The page comes here as it was loaded on a light desk, and leaves so.
        """
        self._see(page, f"{state}, light desk", DESK)
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        page.reload()
        self._see(page, f"{state}, dark phone", PHONE)
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        if state.startswith("home:"):
            page.context.add_cookies([{"name": "care", "value": "1", "url": self.base}])
            page.reload()
            self._see(page, f"{state}, care mode", PHONE)
            page.context.clear_cookies(name="care")
        page.set_viewport_size({"width": DESK[0], "height": DESK[1]})

    def _see(self, page: Page, state: str, size: tuple[int, int]) -> None:
        page.evaluate(UNFOLD)
        # What opens may ask the server for its form, and is pale until it has come.
        expect(page.locator(".htmx-request")).to_have_count(0)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > size[0]:
            self.wrong.append(f"{state}: {wide} px wide")
        page.evaluate(AXE_SCRIPT)
        found = page.evaluate(AXE_RUN)
        assert found["right"] > ENOUGH_RULES, state
        self.wrong += [
            f"{state}: {fault['id']}: {node['html'][:160]}: {node['failureSummary']}"
            for fault in found["wrong"]
            for node in fault["nodes"]
        ]


def on_a_desk(people: People) -> Page:
    """Give the browser of somebody at a desk by day, in which nothing moves."""
    page = people.somebody(DESK)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return page


def signed_in(people: People, session: dict[str, str]) -> Page:
    """Give the browser of somebody who is signed in already."""
    page = on_a_desk(people)
    page.context.add_cookies([{"name": session["name"], "value": session["value"], "url": people.town.url}])
    return page


def test_every_page_of_the_address_tables_is_in_nobodys_way(people: People) -> None:
    staged = people.town.asked(STAGE)
    looker = Looker(people.town.url)
    crawl = Crawl(looker.look)
    stranger = on_a_desk(people)
    _strangers_pages(stranger, crawl, staged)
    own = signed_in(people, staged["sessions"]["r-every-page"])
    crawl.walk(own, "/", staged["mine"], f"{staged['mine']}reach/", f"{staged['mine']}for/")
    for name, starts in _WALKS.items():
        crawl.walk(signed_in(people, staged["sessions"][name]), *starts, *staged["desk"].get(name, ()))
    for name, case in _CASES:
        crawl.open(signed_in(people, staged["sessions"][name]), staged["cases"][case])
    assert looker.wrong == [], "\n".join(looker.wrong)
    assert pages() - set(crawl.seen) - set(NO_PAGES) == set(), "neither looked at nor explained"
    assert set(NO_PAGES) - pages() == set(), "explained, and gone"


# Who looks, and where each begins; then who looks at which case again.
_WALKS: dict[str, tuple[str, ...]] = {
    "guan": ("/desk/office/", "/desk/office/catalogue/1/publish/"),
    "an": ("/desk/",), "shen": ("/desk/",), "mei": ("/desk/", "/desk/search/?q=垃圾"), "lin": ("/desk/",),
    "hao": ("/desk/",), "dian": ("/desk/enter/",), "dong": ("/desk/",), "ge": ("/desk/grid/",),
    "du": ("/desk/",), "bo": ("/desk/admission/",), "ji": ("/desk/sealed/",),
}  # fmt: skip
_CASES = (
    ("lin", "signed"), ("hao", "replied"), ("du", "suspension_asked"), ("du", "suspended"),
    ("dong", "called_in"),
    ("mei", "two_voices"), ("mei", "need_info"), ("mei", "returned"), ("ling", "closed"),
)  # fmt: skip


def _strangers_pages(page: Page, crawl: Crawl, staged: dict[str, Any]) -> None:
    """Look at what everybody may see: residents' pages, an appeal by its link, a report by its code."""
    link = staged["link"]
    crawl.walk(page, "/", staged["public"], link, f"{link}done/", f"{link}reach/", f"{link}for/")
    page.goto("/report/follow/")
    page.locator("[name=number]").fill(staged["report"]["number"])
    page.locator("[name=code]").fill(staged["report"]["code"])
    page.locator("[name=code]").press("Enter")
    expect(page).to_have_url(re.compile("/report/mine/"))
    crawl.open(page, "/report/mine/")
