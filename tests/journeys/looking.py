"""Looking at pages as people do: by day and night, on desks and phones, clear and not too wide.

Three files, each in a town of its own, look at every page of the address tables: those of residents, of the
desk and of the office. Test processes share them; alone one would keep the others waiting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from tests.journeys.crawl import Crawl, pages
from tests.journeys.people import DESK, PHONE
from tests.journeys.test_accessible import ENOUGH_RULES

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.journeys.people import People

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
    "desk:letter_file": _FILE, "desk:bulletin_file": _FILE,
    "desk:waiting_photo": _FILE, "desk:watermark": _FILE, "home:evidence": _FILE, "home:my_evidence": _FILE,
    "home:my_photo": _FILE, "home:own_fetch": _FILE, "home:photo": _FILE, "home:public_photo": _FILE,
    "home:waiting_photo": _FILE, "home:report_picture": _FILE, "desk:sealed_picture": _FILE,
    "desk:admission_paper": _FILE, "desk:office:place_list": "shown after a list was uploaded",
    "desk:boundaries": _DATA, "desk:counts": _DATA, "desk:grid_outbox": _DATA,
    "desk:grid_worker": _DATA, "desk:grid_kept": "looked at by test_round_offline",
    "desk:grid_kept_found": "likewise",
    "desk:walk_file": _FILE, "desk:walk_month_file": _FILE,
    "desk:walk_outbox": _DATA, "desk:walk_worker": _DATA,
    "desk:walk_kept": "looked at by test_walk_offline",
    "home:boundaries": _DATA, "home:near_matters": _DATA, "home:outbox": _DATA, "home:token": _DATA,
    "home:places": _DATA, "home:worker": _DATA, "desk:office:area_below": _PART,
    "desk:office:numbers": "leads to the numbers at the desk",
    "desk:board_live": _PART, "home:wall_live": _PART, "home:wall": "looked at by test_board",
    "desk:order_photo": _FILE, "desk:guide_file": _FILE, "desk:meeting_minutes": _FILE,
    "desk:incident_report_file": _FILE,
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


def of_residents(name: str) -> bool:
    """Tell whether a page is for everybody: residents' own, public ones, signing in."""
    return not name.startswith("desk:")


def of_the_office(name: str) -> bool:
    """Tell whether a page is where a town sets itself up."""
    return name.startswith("desk:office:")


def of_the_desk(name: str) -> bool:
    """Tell whether a page is where staff work."""
    return not of_residents(name) and not of_the_office(name)


class Share:
    """One share of all pages: a crawl that looks at these alone, and follows links through the others."""

    def __init__(self, people: People, mine: Callable[[str], bool]) -> None:
        self.people, self.mine = people, mine
        self.staged = people.town.asked(STAGE)
        self.looker = Looker(people.town.url)
        self.crawl = Crawl(self.looker.look, mine)

    def walk(self, name: str, *starts: str) -> None:
        """Let somebody walk from these addresses and from what was staged for them."""
        page = signed_in(self.people, self.staged["sessions"][name])
        self.crawl.walk(page, *starts, *self.staged["desk"].get(name, ()))

    def open_case(self, name: str, case: str) -> None:
        """Let somebody open a staged case, whatever was looked at before."""
        self.crawl.open(signed_in(self.people, self.staged["sessions"][name]), self.staged["cases"][case])

    def judge(self) -> None:
        """Hold the share to account: nothing wrong, nothing left out, nothing explained that is gone."""
        assert self.looker.wrong == [], "\n".join(self.looker.wrong)
        every, explained = set(filter(self.mine, pages())), set(filter(self.mine, NO_PAGES))
        left, gone = every - set(self.crawl.seen) - explained, explained - every
        assert not left, f"neither looked at nor explained: {sorted(left)}"
        assert not gone, f"explained, and gone: {sorted(gone)}"
